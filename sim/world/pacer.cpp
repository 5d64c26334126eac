#include "sim/world/pacer.h"
#include "sim/world/traffic.h"

#include <algorithm>
#include <cmath>

namespace evenkeel {

// A message that takes its turns, piece by piece, so that those that share a link share it fairly.
struct Pacer::Flow final : Waiter {
  Flow(Pacer& its_pacer, Way& its_way, Message its_message)
      : pacer(its_pacer), way(its_way), message(std::move(its_message)) {}
  ~Flow() { pacer.world_.cancel_timer(timer); }
  void wake() override {
    timer = {};
    pacer.advance(*this);
  }

  Pacer& pacer;
  Way& way;
  Message message;
  double left = 0;   // bytes
  double piece = 0;  // bytes at a time
  Time through{};    // the last piece
  bool is_through = false;
  bool is_lost = false;
  EventId timer;
};

Pacer::Pacer(World& world, const Platform& platform, NodeId self, const PacerRules& rules,
             LinkClocks& clocks, Leave leave)
    : world_(world),
      platform_(platform),
      self_(self),
      rules_(rules),
      clocks_(clocks),
      leave_(std::move(leave)),
      link_bytes_(platform.links().size()),
      mpc_link_bytes_(platform.links().size()) {}

Pacer::~Pacer() = default;

Pacer::Way& Pacer::way(NodeId to) {
  const auto [found, fresh] = ways_.try_emplace(to);
  Way& way = found->second;
  if (fresh) {
    const PlatformRoute& route = platform_.route(self_, to);
    way.hops = platform_.hops(self_, to);
    way.latency = route.latency;
    way.ns_per_byte = 8e9 / route.bandwidth;
  }
  return way;
}

void Pacer::send(Message message) {
  constexpr double piece_ns = 1e6;  // on the narrowest link
  constexpr double least_piece = 1500;
  Way& way = this->way(message.to);
  const auto size = static_cast<double>(message.payload.size());
  for (const Hop& hop : way.hops) {
    link_bytes_[hop.link] += size;
    if (is_of_mpc(message.port)) mpc_link_bytes_[hop.link] += size;
  }
  Flow& flow = *way.flows.emplace_back(std::make_unique<Flow>(*this, way, std::move(message)));
  flow.through = world_.now();
  if (rules_.rates_elsewhere) {
    flow.is_through = true;
  } else if (!rules_.links_are_shared || size <= rules_.small_message || way.hops.empty()) {
    flow.through += Duration{std::llround(size * way.ns_per_byte)};
    flow.is_through = true;
  } else {
    flow.left = size;
    flow.piece = std::max(least_piece, piece_ns / way.ns_per_byte);
    return advance(flow);
  }
  leave_from(way);
}

void Pacer::advance(Flow& flow) {
  while (flow.left > 0 && flow.through <= world_.now()) {
    const double some = std::min(flow.piece, flow.left);
    flow.left -= some;
    flow.through = clocks_.take(flow.way.hops, some, flow.through);
  }
  if (flow.left > 0) {
    flow.timer = world_.set_timer(flow.through, flow);
  } else {
    flow.is_through = true;
    leave_from(flow.way);
  }
}

// The rest of the time on the way passes where the message arrives.
void Pacer::leave_from(Way& way) {
  while (!way.flows.empty() && way.flows.front()->is_through) {
    const std::unique_ptr<Flow> flow = std::move(way.flows.front());
    way.flows.pop_front();
    if (flow->is_lost) continue;
    if (!rules_.rates_elsewhere)
      way.last_arrival = std::max(way.last_arrival, flow->through + way.latency);
    leave_(flow->message.to, {.deliver_at = way.last_arrival,
                              .port = flow->message.port,
                              .payload = std::move(flow->message.payload)});
  }
}

std::size_t Pacer::lose(PlatformLinkId link) {
  std::size_t lost = 0;
  for (auto& [to, way] : ways_) {
    if (std::ranges::find(way.hops, link, &Hop::link) == way.hops.end()) continue;
    for (const auto& flow : way.flows) {
      if (flow->is_lost || flow->is_through) continue;
      world_.cancel_timer(std::exchange(flow->timer, {}));
      flow->is_lost = flow->is_through = true;
      ++lost;
    }
    leave_from(way);
  }
  return lost;
}

void Pacer::clear() {
  for (auto& [to, way] : ways_) way.flows.clear();
}

}  // namespace evenkeel
