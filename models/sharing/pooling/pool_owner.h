// An owner's side of its pools: who may ask what is decided here, under the grant that is shown;
// the owner's numbers are made of its own rows, and given to one computation only, whose function
// and shape are the pool's. What is told, and to whom, is in the audit trail before that.
#pragma once

#include <map>

#include "models/mpc/council.h"
#include "models/sharing/grants.h"
#include "models/sharing/pooling/pooled_question.h"

namespace evenkeel {

/// Asks an owner to take part in the answer to a question about a pool. Tag 50 of Port::sharing.
struct EnterPool {
  static constexpr std::uint16_t tag = 50;
  using Answer = Done;
  std::uint64_t about = 0;  // Meeting::about of the computation that follows
  std::string pool = {};
  std::string sql = {};
  std::vector<Value> parameters = {};
  Blob shown = {};  // an encoded Presentation
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(about, pool, sql, parameters, shown);
  }
};

class PoolOwner {
 public:
  static constexpr std::size_t most_entered = 1000;
  static constexpr Duration kept_for = std::chrono::seconds{30};

  /// All outlive the node's tasks; `service` is that of Port::sharing, `access` the owner's own.
  PoolOwner(Node& node, Service& service, GrantGuard& guard, PublicKey owner, Access& access,
            const std::vector<Pool>& pools);
  PoolOwner(const PoolOwner&) = delete;

  /// For Council::Own: the numbers for this computation, once; none if nothing was granted for it
  /// or it is not what was asked about.
  std::vector<double> numbers_for(const Meeting& meeting);

 private:
  struct Entered {
    const Pool* pool = nullptr;
    std::vector<double> numbers = {};
    Time until{};
  };

  Task<Result<Done>> enter(NodeId from, EnterPool question);
  Result<Done> fits(const Pool& pool, const AdmittedGrant& grant) const;
  bool is_what_was_granted(const Meeting& meeting, const Entered& entered) const;
  void forget_old();

  Node& node_;
  GrantGuard& guard_;
  PublicKey owner_;
  Access& access_;
  const std::vector<Pool>& pools_;
  std::map<std::pair<NodeId, std::uint64_t>, Entered> entered_;  // by asker and computation
};

}  // namespace evenkeel
