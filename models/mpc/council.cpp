#include "models/mpc/council.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "models/runtime/message.h"

namespace evenkeel {

namespace {

NodeId convener_of(std::uint64_t id) { return NodeId{static_cast<std::uint32_t>(id >> 40)}; }

}  // namespace

struct Council::Invitation {
  std::uint64_t id = 0;
  Meeting meeting = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(id, meeting.function, meeting.owners, meeting.receivers, meeting.size, meeting.bits,
          meeting.fraction, meeting.about);
  }
};

// The answer of a computation in which only seat 0 learns it, for the receivers.
struct Council::Told {
  std::uint64_t id = 0;
  std::vector<double> answer = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(id, answer);
  }
};

// Whom a party blames for the end of a computation, for who convened it.
struct Council::Blame {
  std::uint64_t id = 0;
  NodeId whom{};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(id, whom);
  }
};

Council::Council(Node& node, const CouncilRules& rules, Own own)
    : node_(node), rules_(rules), own_(std::move(own)), sessions_(node) {
  node.listen(Port::councils, *this);
}

Task<Result<std::vector<double>>> Council::convene(Meeting meeting) {
  // Unique: the convener, which of its lives, and how often it has convened in this one.
  const std::uint64_t id = std::uint64_t{index(node_.id())} << 40 |
                           std::uint64_t{node_.incarnation() & 0xfff} << 28 |
                           (convened_++ & 0xfffffff);
  Invitation invitation{id, std::move(meeting)};
  std::vector<NodeId> guests = rules_.parties;
  guests.insert(guests.end(), invitation.meeting.owners.begin(), invitation.meeting.owners.end());
  guests.insert(guests.end(), invitation.meeting.receivers.begin(),
                invitation.meeting.receivers.end());
  std::ranges::sort(guests);
  const auto repeated = std::ranges::unique(guests);
  guests.erase(repeated.begin(), repeated.end());
  for (const NodeId guest : guests) {
    if (guest == node_.id()) continue;
    send(guest, invitation);
  }
  if (!std::ranges::binary_search(guests, node_.id())) co_return std::vector<double>{};
  convening_[id] = std::nullopt;
  const Time since = node_.now();
  Task<Result<std::vector<double>>> sitting = take_seat(std::move(invitation));
  Result<std::vector<double>> answer = co_await std::move(sitting);
  Held held = held_;  // before other computations end
  note_end(answer ? std::nullopt : std::optional{answer.error().code}, since);
  // The parties began to wait a little later than this node.
  if (!answer && !convening_.at(id)) co_await node_.sleep(rules_.patience / 2);
  const std::optional<NodeId> blamed = convening_.extract(id).mapped();
  if (blamed) held.blamed = blamed;
  held_ = held;
  co_return answer;
}

void Council::send(NodeId to, const Notice& notice) {
  Payload payload;
  append(payload.bytes, notice);
  node_.send(to, Port::councils, std::move(payload));
}

void Council::arrived(Message message) {
  auto read = decoded<Notice>({message.payload.bytes.data(), message.payload.bytes.size()});
  if (!read) {
    node_.probe().count("malformed messages", node_.id(), 1);
  } else if (Told* const told = std::get_if<Told>(&*read)) {
    const auto waiting = waiting_.find(told->id);
    if (waiting == waiting_.end() || message.from != rules_.parties.front()) return;
    waiting->second->answer = std::move(told->answer);
    waiting->second->came.raise();
  } else if (const Blame* const blame = std::get_if<Blame>(&*read)) {
    const auto convening = convening_.find(blame->id);
    const bool is_party = std::ranges::find(rules_.parties, message.from) != rules_.parties.end();
    if (convening != convening_.end() && is_party) convening->second = blame->whom;
  } else {
    invited(message.from, std::get<Invitation>(std::move(*read)));
  }
}

// The name of a computation says who convened it; nobody invites in another's name.
bool Council::is_entitled(NodeId from, const Invitation& invitation) const {
  if (from != convener_of(invitation.id)) return false;
  const auto entitled = rules_.conveners.find(invitation.meeting.function);
  return entitled == rules_.conveners.end() ||
         std::ranges::find(entitled->second, from) != entitled->second.end();
}

void Council::invited(NodeId from, Invitation invitation) {
  const Meeting& meeting = invitation.meeting;
  if (!rules_.functions.contains(meeting.function) || meeting.owners.empty() ||
      meeting.owners.size() + meeting.receivers.size() > most_seats || meeting.size == 0 ||
      meeting.size > most_numbers || meeting.bits <= 0 || meeting.bits > 62 ||
      meeting.fraction < 0 || meeting.fraction > 61) {
    node_.probe().count("malformed messages", node_.id(), 1);
    return;
  }
  if (!is_entitled(from, invitation)) {
    node_.probe().count("invitations refused", node_.id(), 1);
    return;
  }
  if (sessions_.knows(invitation.id) || waiting_.contains(invitation.id)) return;  // a copy
  Task<> accepting = accept(std::move(invitation));
  node_.spawn(std::move(accepting));
}

Task<> Council::accept(Invitation invitation) {
  const Meeting meeting = invitation.meeting;
  Task<Result<std::vector<double>>> sitting = take_seat(std::move(invitation));
  const Result<std::vector<double>> answer = co_await std::move(sitting);
  if (answer && !answer->empty() && told_) told_(meeting, *answer);
}

// Seats: the parties, then every other node once, owners before receivers.
Task<Result<std::vector<double>>> Council::take_seat(Invitation invitation) {
  const Meeting& meeting = invitation.meeting;
  SessionPlan plan{.id = invitation.id,
                   .seats = rules_.parties,
                   .parties = static_cast<std::uint32_t>(rules_.parties.size()),
                   .patience = rules_.patience};
  const auto seat_of = [&plan](NodeId node) {
    const auto found = std::ranges::find(plan.seats, node);
    if (found != plan.seats.end()) return static_cast<Seat>(found - plan.seats.begin());
    plan.seats.push_back(node);
    return static_cast<Seat>(plan.seats.size() - 1);
  };
  Computation computation{.kind = rules_.kind,
                          .function = rules_.functions.at(meeting.function),
                          .problem = {.owners = static_cast<std::uint32_t>(meeting.owners.size()),
                                      .size = meeting.size,
                                      .bits = meeting.bits,
                                      .fraction = meeting.fraction,
                                      .round_trip = rules_.round_trip,
                                      .bandwidth = rules_.bandwidth}};
  for (const NodeId owner : meeting.owners) computation.owners.push_back(seat_of(owner));
  const bool only_adds = !rules_.kind.make;  // then seat 0 alone learns the sum
  for (const NodeId receiver : meeting.receivers)
    if (!only_adds) computation.receivers.push_back(seat_of(receiver));
  const auto own_seat = std::ranges::find(plan.seats, node_.id());
  if (own_seat == plan.seats.end() && only_adds) {
    held_ = {};
    Task<Result<std::vector<double>>> hearing = hear(invitation.id);
    Result<std::vector<double>> heard = co_await std::move(hearing);
    co_return heard;
  }
  if (own_seat == plan.seats.end())
    co_return Error{ErrorCode::invalid, "invited to a computation without a seat in it"};
  plan.self = static_cast<Seat>(own_seat - plan.seats.begin());
  std::vector<double> own;
  if (own_ && std::ranges::find(meeting.owners, node_.id()) != meeting.owners.end())
    own = own_(meeting);
  if (rules_.liars.contains({meeting.function, node_.id()})) plan.claim = Claim::lying;
  const Seat speaks = computation.receivers.empty() ? 0 : computation.receivers.front();
  Session session{sessions_, plan};
  Task<Result<std::vector<double>>> computing =
      compute(session, std::move(computation), std::move(own));
  Result<std::vector<double>> answer = co_await std::move(computing);
  held_ = {session.spent(), {}};
  if (session.blamed()) held_.blamed = plan.seats[*session.blamed()];
  note_cost(session.spent(), answer && plan.self == speaks, answer && plan.self == 0);
  note_learned(session, meeting, answer);
  const NodeId convener = convener_of(invitation.id);
  if (held_.blamed && session.is_party() && convener != node_.id())
    send(convener, Blame{invitation.id, *held_.blamed});
  if (answer && session.is_party() && served_) served_(meeting);
  if (answer && only_adds && plan.self == 0) tell(invitation, *answer);
  if (!answer)
    node_.probe().event(node_.now(), node_.id(), "computation failed", answer.error().detail);
  co_return answer;
}

// For a trace: what this seat knows after the computation that it did not know before.
void Council::note_learned(const Session& session, const Meeting& meeting,
                           const Result<std::vector<double>>& answer) {
  Trace* const trace = Trace::here();
  if (trace == nullptr) return;
  const auto tell = [&](const char* role, std::string learned) {
    trace->note({.node = node_.id(),
                 .begin = node_.now(),
                 .what = role,
                 .detail = std::move(learned),
                 .session = session.id()});
  };
  const Guarantees& promises = rules_.kind.promises;
  if (session.is_party())
    tell("computes",
         promises.trusted == "nobody"
             ? fmt::format("nothing of others, while at most {} collude", promises.corruptions)
             : fmt::format("nothing of others, while at most {} collude; trusted: {}",
                           promises.corruptions, promises.trusted));
  if (std::ranges::find(meeting.owners, node_.id()) != meeting.owners.end())
    tell("owns",
         "nothing; it entered " + (meeting.size == 1 ? std::string{"one number"}
                                                     : fmt::format("{} numbers", meeting.size)));
  if (!answer) {
    tell("failed", answer.error().detail);
  } else if (!answer->empty()) {
    constexpr std::size_t most = 8;
    const std::span shown = std::span{*answer}.first(std::min(most, answer->size()));
    tell("gets the answer",
         fmt::format("{:g}{}", fmt::join(shown, ", "), answer->size() > most ? ", ..." : ""));
  }
}

// As who convened it sees it.
void Council::note_end(std::optional<ErrorCode> failed, Time since) {
  Probe& probe = node_.probe();
  if (failed) {
    probe.count("mpc failures", node_.id(), 1);
    probe.count(fmt::format("mpc failures: {}", to_string(*failed)), node_.id(), 1);
  } else {
    probe.count("mpc computations", node_.id(), 1);
    probe.count("mpc seconds", node_.id(), to_seconds(node_.now() - since));
  }
}

// The first party computes under every protocol, and waits for what others prepare.
void Council::note_cost(const Spent& spent, bool has_answer, bool is_first) {
  Probe& probe = node_.probe();
  probe.count("mpc bytes", node_.id(), static_cast<double>(spent.sent_bytes));
  probe.count("mpc bytes offline", node_.id(), static_cast<double>(spent.offline_bytes));
  probe.count("mpc header bytes", node_.id(), static_cast<double>(spent.header_bytes));
  if (has_answer) {
    probe.count("mpc rounds", node_.id(), spent.rounds);
    probe.count("mpc rounds offline", node_.id(), spent.offline_rounds);
    probe.count("mpc rounds online", node_.id(), spent.online_rounds);
  }
  if (is_first) probe.count("mpc seconds offline", node_.id(), to_seconds(spent.offline_time));
}

void Council::tell(const Invitation& invitation, const std::vector<double>& answer) {
  for (const NodeId receiver : invitation.meeting.receivers)
    if (receiver != node_.id()) send(receiver, Told{invitation.id, answer});
}

// Seat 0 may wait for each of its messages before it gives up.
Task<Result<std::vector<double>>> Council::hear(std::uint64_t id) {
  constexpr int messages = 10;
  Hearing hearing{node_.world()};
  waiting_[id] = &hearing;
  const Signal::Wait wait =
      hearing.came.wait_until(time_after(node_.now(), messages * rules_.patience));
  co_await wait;
  waiting_.erase(id);
  if (!hearing.answer)
    co_return Error{ErrorCode::timeout, "no answer came from the party that adds up"};
  co_return std::move(*hearing.answer);
}

}  // namespace evenkeel
