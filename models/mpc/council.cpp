#include "models/mpc/council.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/runtime/message.h"

namespace evenkeel {

struct Council::Invitation {
  std::uint64_t id = 0;
  Meeting meeting = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(id, meeting.function, meeting.owners, meeting.receivers, meeting.size, meeting.bits,
          meeting.fraction);
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
    Payload payload;
    append(payload.bytes, invitation);
    node_.send(guest, Port::councils, std::move(payload));
  }
  if (!std::ranges::binary_search(guests, node_.id())) co_return std::vector<double>{};
  Task<Result<std::vector<double>>> sitting = take_seat(std::move(invitation));
  Result<std::vector<double>> answer = co_await std::move(sitting);
  co_return answer;
}

void Council::arrived(Message message) {
  std::optional<Invitation> invitation =
      decoded<Invitation>({message.payload.bytes.data(), message.payload.bytes.size()});
  const auto makes_sense = [this](const Meeting& meeting) {
    return rules_.functions.contains(meeting.function) && !meeting.owners.empty() &&
           meeting.owners.size() + meeting.receivers.size() <= most_seats && meeting.size > 0 &&
           meeting.size <= most_numbers && meeting.bits > 0 && meeting.bits <= 62 &&
           meeting.fraction >= 0 && meeting.fraction <= 61;
  };
  if (!invitation || !makes_sense(invitation->meeting)) {
    node_.probe().count("malformed messages", node_.id(), 1);
    return;
  }
  if (sessions_.knows(invitation->id)) return;  // a copy
  Task<> accepting = accept(std::move(*invitation));
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
  for (const NodeId receiver : meeting.receivers)
    computation.receivers.push_back(seat_of(receiver));
  const auto own_seat = std::ranges::find(plan.seats, node_.id());
  if (own_seat == plan.seats.end())
    co_return Error{ErrorCode::invalid, "invited to a computation without a seat in it"};
  plan.self = static_cast<Seat>(own_seat - plan.seats.begin());
  std::vector<double> own;
  if (own_ && std::ranges::find(meeting.owners, node_.id()) != meeting.owners.end())
    own = own_(meeting.function);
  const std::vector<Seat> receivers = computation.receivers;
  Session session{sessions_, plan};
  Task<Result<std::vector<double>>> computing =
      compute(session, std::move(computation), std::move(own));
  Result<std::vector<double>> answer = co_await std::move(computing);
  held_ = {session.spent(), {}};
  if (session.blamed()) held_.blamed = plan.seats[*session.blamed()];
  Probe& probe = node_.probe();
  probe.count("mpc bytes", node_.id(), static_cast<double>(session.spent().sent_bytes));
  const Seat speaks = receivers.empty() ? 0 : receivers.front();
  if (plan.self == speaks) {
    probe.count(answer ? "mpc computations" : "mpc failures", node_.id(), 1);
    if (answer) probe.count("mpc rounds", node_.id(), session.spent().rounds);
  }
  if (!answer) probe.event(node_.now(), node_.id(), "computation failed", answer.error().detail);
  co_return answer;
}

}  // namespace evenkeel
