// How nodes meet for a computation: one of them invites the parties, the owners of what is computed
// on, and whoever gets the answer; each takes its seat.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <variant>

#include "models/mpc/computation.h"

namespace evenkeel {

/// Who computes for whom, and with what: the same at all nodes of a run, which it outlives.
struct CouncilRules {
  ProtocolKind kind;
  std::vector<NodeId> parties;
  std::map<std::string, std::shared_ptr<const Function>, std::less<>> functions;
  /// Who may invite to a function; one without an entry is any node's to ask for, and its owners
  /// see for themselves whether they enter anything.
  std::map<std::string, std::vector<NodeId>, std::less<>> conveners = {};
  /// Owners that lie, in an experiment, and in what.
  std::set<std::pair<std::string, NodeId>> liars = {};
  Duration round_trip{};    // between the parties, and
  double bandwidth = 1e12;  // bit/s
  Duration patience = seconds(1);
};

/// One computation to be held. Parties may be owners and receivers too.
struct Meeting {
  std::string function = {};
  std::vector<NodeId> owners = {};
  std::vector<NodeId> receivers = {};
  std::uint64_t size = 1;  // numbers an owner
  std::int32_t bits = 16;
  std::int32_t fraction = 0;
  std::uint64_t about = 0;  // what is asked for, where owners must know that
};

class Council final : private Receiver {
 public:
  static constexpr std::size_t most_seats = 10'000;
  static constexpr std::uint64_t most_numbers = 1 << 20;

  /// What this node enters into a computation, nothing if it wants no part in it; a node that owns
  /// nothing needs none.
  using Own = std::function<std::vector<double>(const Meeting& meeting)>;

  /// The node's council, as long as the node runs.
  Council(Node& node, const CouncilRules& rules, Own own = {});

  /// Invites all and takes part; the answer if this node is a receiver, else nothing. What went
  /// wrong at the other seats is not told here.
  Task<Result<std::vector<double>>> convene(Meeting meeting);
  /// Told of every answer that this node gets without having convened.
  void on_answer(std::function<void(const Meeting&, const std::vector<double>&)> told) {
    told_ = std::move(told);
  }

  /// Told of every computation that this node, a party, was in to its end.
  void on_service(std::function<void(const Meeting&)> told) { served_ = std::move(told); }

  /// Of this node; what else has seats there opens its own in them.
  Sessions& sessions() { return sessions_; }

  struct Held {
    Spent spent = {};
    /// Whose silence or nonsense ended it: as a party saw it, if this node convened.
    std::optional<NodeId> blamed = {};
  };
  /// Of the last computation in which this node took part; after `convene`, of that one.
  const Held& last_held() const { return held_; }

 private:
  struct Invitation;
  struct Told;
  struct Blame;
  using Notice = std::variant<Invitation, Told, Blame>;
  struct Hearing {
    explicit Hearing(World& world) : came(world) {}
    Signal came;
    std::optional<std::vector<double>> answer;
  };

  void arrived(Message message) override;
  void send(NodeId to, const Notice& notice);
  void invited(NodeId from, Invitation invitation);
  bool is_entitled(NodeId from, const Invitation& invitation) const;
  Task<> accept(Invitation invitation);
  Task<Result<std::vector<double>>> take_seat(Invitation invitation);
  void note_end(std::optional<ErrorCode> failed, Time since);
  void note_learned(const Session& session, const Meeting& meeting,
                    const Result<std::vector<double>>& answer);
  void note_cost(const Spent& spent, bool has_answer, bool is_first);
  void tell(const Invitation& invitation, const std::vector<double>& answer);
  Task<Result<std::vector<double>>> hear(std::uint64_t id);

  Node& node_;
  const CouncilRules& rules_;
  Own own_;
  std::function<void(const Meeting&, const std::vector<double>&)> told_;
  std::function<void(const Meeting&)> served_;
  Sessions sessions_;
  std::uint32_t convened_ = 0;
  Held held_;
  std::map<std::uint64_t, std::optional<NodeId>> convening_;  // and whom a party blames
  std::map<std::uint64_t, Hearing*> waiting_;  // for an answer of seat 0; in the frames of `hear`
};

}  // namespace evenkeel
