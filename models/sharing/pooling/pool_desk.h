// Asks questions about pools: shows each owner its grant, has the answer computed by those who let
// it, and makes of what is told the rows that SQL asked for. Owners that cannot be reached or
// refuse are left out, as long as enough of them are in it.
#pragma once

#include "models/sharing/grant_desk.h"
#include "models/sharing/pooling/pool_owner.h"

namespace evenkeel {

struct PoolDeskSettings {
  Duration timeout = seconds(3);  // for an owner to read its rows
};

class PoolDesk {
 public:
  /// All outlive the node's tasks. The node is one of the council's.
  PoolDesk(Node& node, GrantDesk& grants, AuditTrail& audit, PublicKey self, Access& access,
           Council& council, const std::vector<Pool>& pools, const PoolDeskSettings& settings = {});
  PoolDesk(const PoolDesk&) = delete;

  /// A SELECT from the pool's name. Its cost counts this node's own messages, and owners as nodes.
  /// ErrorCode::not_found: no such pool; ErrorCode::denied: too few owners let it, with the reason
  /// of one, or every group is too small; errors as of PooledQuestion and Council.
  Task<Result<QueryResult>> query(std::string pool, std::string purpose, std::string sql,
                                  std::vector<Value> parameters);

 private:
  struct Asking;
  Task<> ask_owner(std::shared_ptr<Asking> asking, PoolMember member);
  Task<Result<Done>> enter(const Asking& asking, const PoolMember& member);
  Task<Result<std::vector<double>>> compute(const Pool& pool, const Asking& asking,
                                            std::size_t numbers);

  Node& node_;
  GrantDesk& grants_;
  AuditTrail& audit_;
  PublicKey self_;
  Access& access_;
  Council& council_;
  const std::vector<Pool>& pools_;
  PoolDeskSettings settings_;
};

}  // namespace evenkeel
