// How nodes meet for private queries: who asks invites those that have what is asked about. One a
// node, as long as the node runs.
//
//   intersections   asker -> first party: hold it; first -> second: take your seat; the answer
//                   stays with the parties, the asker is told that there is one
//   retrievals      asker -> both servers: take your seat
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "models/mpc/queries/private_query.h"
#include "models/runtime/service.h"

namespace evenkeel {

/// What may be asked, and of whom: the same at all nodes of a run, which it outlives.
struct PrivateQueryRules {
  struct Asked {
    PrivateQuery query = {};
    std::array<NodeId, 2> holders = {};   // the parties, or the servers
    std::vector<std::string> names = {};  // theirs, for messages to people
  };
  std::map<std::string, Asked, std::less<>> queries = {};
  Duration patience = seconds(1);  // for one message
};

class PrivateQueries {
 public:
  /// Seats that a node takes at one time, at most.
  static constexpr std::size_t most_open = 1000;

  /// What this node has, of the query of that name; null if nothing.
  using Own = std::function<const PrivateHolding*(const std::string& name)>;

  /// The sessions outlive it.
  PrivateQueries(Node& node, Sessions& sessions, const PrivateQueryRules& rules, Own own = {});

  /// Has the parties of an intersection hold it. ErrorCode::not_found for an unknown name.
  Task<Result<Done>> intersect(std::string name);
  /// A row. Not at one of its servers: ErrorCode::invalid.
  Task<Result<SecretBytes>> retrieve(std::string name, std::uint64_t place);

  /// Told of every answer that this node learned as this seat; `place` is a retrieval's.
  using Told = std::function<void(const std::string& name, Seat seat, std::uint64_t place,
                                  const PrivateAnswer& answer)>;
  void on_answer(Told told) { told_ = std::move(told); }

  /// Of the last query in which this node had a seat.
  const Spent& last_spent() const { return last_spent_; }

 private:
  struct Hold;
  struct Join;
  struct Refusals;

  const PrivateQueryRules::Asked* find(const std::string& name) const;
  std::uint64_t next_id();
  Task<Result<Done>> hold(NodeId from, Hold question);
  Task<Result<Done>> join(NodeId from, Join invitation);
  Task<Result<PrivateAnswer>> convene(std::string name, std::uint64_t place);
  Task<Result<PrivateAnswer>> take_seat(std::string name, std::uint64_t id, NodeId asker,
                                        std::uint64_t place);
  static Task<> invite(Node& node, NodeId guest, Join invitation, Duration limit,
                       std::shared_ptr<Refusals> refusals);

  Node& node_;
  Sessions& sessions_;
  const PrivateQueryRules& rules_;
  Own own_;
  Told told_;
  Service service_;
  std::uint64_t convened_ = 0;
  std::size_t open_ = 0;
  Spent last_spent_;
};

}  // namespace evenkeel
