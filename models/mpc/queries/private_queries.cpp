#include "models/mpc/queries/private_queries.h"

#include <fmt/format.h>

#include <algorithm>

namespace evenkeel {
namespace {

// Messages that one seat may wait for, each as long as the rules' patience.
constexpr int most_waits = 5;

// Councils' sessions (council.h) have ids without it.
constexpr std::uint64_t id_mark = std::uint64_t{1} << 63;

}  // namespace

struct PrivateQueries::Hold {
  static constexpr std::uint16_t tag = 1;
  using Answer = Done;
  std::string name = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(name);
  }
};

struct PrivateQueries::Join {
  static constexpr std::uint16_t tag = 2;
  using Answer = Done;
  std::string name = {};
  std::uint64_t id = 0;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(name, id);
  }
};

// Why guests would not take their seats, or gave them up.
struct PrivateQueries::Refusals {
  std::map<NodeId, Error> by_guest;
};

PrivateQueries::PrivateQueries(Node& node, Sessions& sessions, const PrivateQueryRules& rules,
                               Own own)
    : node_(node),
      sessions_(sessions),
      rules_(rules),
      own_(std::move(own)),
      service_(node, Port::asking) {
  service_.on(&PrivateQueries::hold, *this);
  service_.on(&PrivateQueries::join, *this);
}

const PrivateQueryRules::Asked* PrivateQueries::find(const std::string& name) const {
  const auto found = rules_.queries.find(name);
  return found == rules_.queries.end() ? nullptr : &found->second;
}

// Unique: the convener, which of its lives, and how often it has convened in this one.
std::uint64_t PrivateQueries::next_id() {
  return id_mark | (std::uint64_t{index(node_.id())} & 0x7f'ffff) << 40 |
         (std::uint64_t{node_.incarnation()} & 0xfff) << 28 | (convened_++ & 0xfff'ffff);
}

Task<Result<Done>> PrivateQueries::intersect(std::string name) {
  const PrivateQueryRules::Asked* const asked = find(name);
  if (asked == nullptr || asked->query.kind == PrivateQueryKind::retrieval)
    co_return Error{ErrorCode::not_found, fmt::format("there is no intersection '{}'", name)};
  const Hold question{name};
  Task<Result<Done>> holding = asked->holders[0] == node_.id()
                                   ? hold(node_.id(), question)
                                   : ask(node_, asked->holders[0], Port::asking, question,
                                         (most_waits + 1) * rules_.patience);
  Result<Done> held = co_await std::move(holding);
  if (!held && held.error().code == ErrorCode::timeout && held.error().detail.empty())
    co_return Error{ErrorCode::timeout, fmt::format("{} does not answer", asked->names[0])};
  co_return held;
}

Task<Result<SecretBytes>> PrivateQueries::retrieve(std::string name, std::uint64_t place) {
  const PrivateQueryRules::Asked* const asked = find(name);
  if (asked == nullptr || asked->query.kind != PrivateQueryKind::retrieval)
    co_return Error{ErrorCode::not_found, fmt::format("there is no retrieval '{}'", name)};
  if (std::ranges::find(asked->holders, node_.id()) != asked->holders.end())
    co_return Error{ErrorCode::invalid, "a server has the table: it need not ask"};
  Task<Result<PrivateAnswer>> convening = convene(std::move(name), place);
  Result<PrivateAnswer> answer = co_await std::move(convening);
  if (!answer) co_return answer.error();
  co_return std::move(answer->row);
}

Task<Result<Done>> PrivateQueries::hold(NodeId, Hold question) {
  const PrivateQueryRules::Asked* const asked = find(question.name);
  if (asked == nullptr || asked->query.kind == PrivateQueryKind::retrieval ||
      asked->holders[0] != node_.id())
    co_return Error{ErrorCode::not_found,
                    fmt::format("{} holds no intersection '{}'", node_.name(), question.name)};
  Task<Result<PrivateAnswer>> convening = convene(std::move(question.name), 0);
  const Result<PrivateAnswer> answer = co_await std::move(convening);
  if (!answer) co_return answer.error();
  co_return Done{};
}

// Only the first party invites to an intersection; to a retrieval, whoever asks.
Task<Result<Done>> PrivateQueries::join(NodeId from, Join invitation) {
  const PrivateQueryRules::Asked* const asked = find(invitation.name);
  const bool is_held_here =
      asked != nullptr && std::ranges::find(asked->holders, node_.id()) != asked->holders.end();
  const NodeId convener{static_cast<std::uint32_t>(invitation.id >> 40 & 0x7f'ffff)};
  if (!is_held_here || (invitation.id & id_mark) == 0 || convener != from || from == node_.id())
    co_return Error{ErrorCode::denied,
                    fmt::format("{} takes no seat in '{}'", node_.name(), invitation.name)};
  const bool is_holder = std::ranges::find(asked->holders, from) != asked->holders.end();
  if (asked->query.kind == PrivateQueryKind::retrieval ? is_holder : asked->holders[0] != from)
    co_return Error{ErrorCode::denied, fmt::format("'{}' is not for node {} to convene",
                                                   invitation.name, index(from))};
  if (sessions_.knows(invitation.id))
    co_return Error{ErrorCode::conflict, "that seat is taken already"};
  if (open_ >= most_open)
    co_return Error{ErrorCode::overloaded,
                    fmt::format("{} answers {} queries already", node_.name(), open_)};
  Task<Result<PrivateAnswer>> sitting =
      take_seat(std::move(invitation.name), invitation.id, from, 0);
  const Result<PrivateAnswer> answer = co_await std::move(sitting);
  if (!answer) co_return answer.error();
  co_return Done{};
}

Task<> PrivateQueries::invite(Node& node, NodeId guest, Join invitation, Duration limit,
                              std::shared_ptr<Refusals> refusals) {
  Task<Result<Done>> asking = ask(node, guest, Port::asking, invitation, limit);
  const Result<Done> joined = co_await std::move(asking);
  if (!joined) refusals->by_guest.emplace(guest, joined.error());
}

Task<Result<PrivateAnswer>> PrivateQueries::convene(std::string name, std::uint64_t place) {
  const PrivateQueryRules::Asked& asked = *find(name);
  const std::uint64_t id = next_id();
  const auto refusals = std::make_shared<Refusals>();
  for (const NodeId guest : asked.holders) {
    if (guest == node_.id()) continue;
    // Left to itself: a question that is given up would end the guest's part.
    Task<> inviting = invite(node_, guest, Join{name, id}, most_waits * rules_.patience, refusals);
    node_.spawn(std::move(inviting));
  }
  Task<Result<PrivateAnswer>> sitting = take_seat(name, id, node_.id(), place);
  Result<PrivateAnswer> answer = co_await std::move(sitting);
  Probe& probe = node_.probe();
  probe.count(answer ? "private queries" : "mpc failures", node_.id(), 1);
  if (answer) probe.count("mpc rounds", node_.id(), last_spent_.rounds);
  if (!answer && answer.error().code == ErrorCode::timeout)
    for (auto& [guest, refusal] : refusals->by_guest)
      if (refusal.code != ErrorCode::timeout) co_return std::move(refusal);
  co_return answer;
}

namespace {

std::string what_was_learned(const PrivateAnswer& answer) {
  if (!answer.row.empty()) return fmt::format("a row of {} bytes", answer.row.size());
  constexpr std::size_t most = 8;
  const std::span shown = std::span{answer.numbers}.first(std::min(most, answer.numbers.size()));
  return fmt::format("{}{}", fmt::join(shown, ", "), answer.numbers.size() > most ? ", ..." : "");
}

}  // namespace

Task<Result<PrivateAnswer>> PrivateQueries::take_seat(std::string name, std::uint64_t id,
                                                      NodeId asker, std::uint64_t place) {
  // Given back however this ends.
  struct Open {
    explicit Open(std::size_t& its_count) : count(its_count) { ++count; }
    ~Open() { --count; }
    std::size_t& count;
  };
  const Open open{open_};
  const PrivateQueryRules::Asked& asked = *find(name);
  SessionPlan plan{.id = id,
                   .seats = {asked.holders.begin(), asked.holders.end()},
                   .parties = 2,
                   .patience = rules_.patience,
                   .names = asked.names};
  if (asked.query.kind == PrivateQueryKind::retrieval) {
    plan.seats.push_back(asker);
    plan.names.emplace_back("who asks");
  }
  plan.self = static_cast<Seat>(std::ranges::find(plan.seats, node_.id()) - plan.seats.begin());
  const Seat self = plan.self;
  const PrivateHolding* const own = own_ && self < 2 ? own_(name) : nullptr;
  Session session{sessions_, std::move(plan)};
  Task<Result<PrivateAnswer>> asking = take_part(session, asked.query, own, place);
  Result<PrivateAnswer> answer = co_await std::move(asking);
  last_spent_ = session.spent();
  Probe& probe = node_.probe();
  probe.count("mpc bytes", node_.id(), static_cast<double>(session.spent().sent_bytes));
  const bool learns = asked.query.kind != PrivateQueryKind::retrieval || self == 2;
  if (Trace* const trace = Trace::here())
    trace->note({.node = node_.id(),
                 .begin = node_.now(),
                 .what = self < 2 ? "holds" : "asks",
                 .detail = !answer  ? answer.error().detail
                           : learns ? what_was_learned(*answer)
                                    : "nothing: not even which row was asked for",
                 .session = id});
  if (answer && learns && told_) told_(name, self, place, *answer);
  if (!answer) probe.event(node_.now(), node_.id(), "private query failed", answer.error().detail);
  co_return answer;
}

}  // namespace evenkeel
