#include "sim/world/simgrid_world.h"

#include "models/runtime/user_error.h"
#include "sim/world/corruption.h"
#include "sim/world/simgrid_engine.h"
#include "sim/world/traffic.h"

namespace evenkeel {

SimgridWorld::SimgridWorld(const Platform& platform, const WorldSettings& settings, Probe& probe)
    : platform_(platform),
      settings_(settings),
      probe_(probe),
      faults_(platform),
      luck_(Random::stream(settings.seed, "disturbed messages")) {
  const std::size_t n = platform.size();
  engine_ = std::make_unique<SimgridEngine>(*this, platform, settings);
  off_.resize(n);
  tears_.resize(n);
  for (std::uint32_t i = 0; i < n; ++i) {
    const PlatformNode& spec = platform.nodes()[i];
    const Cpu::Shape shape{.node = NodeId{i},
                           .cores = spec.cores,
                           .speed = spec.speed,
                           .processor_sharing = spec.discipline == Discipline::processor_sharing};
    // What nothing else can slow down needs no SimGrid, unless SimGrid is to measure its energy.
    const bool in_simgrid = settings.network == WorldSettings::Network::fluid &&
                            (shape.processor_sharing || spec.power.has_value());
    cpus_.push_back(in_simgrid ? engine_->make_cpu(*this, shape) : make_timer_cpu(*this, shape));
    disks_.emplace_back(static_cast<std::uint64_t>(spec.disk.capacity));
    disk_times_.emplace_back(spec.disk);
    nodes_.push_back(std::make_unique<Node>(*this, NodeId{i}, spec.name, settings.seed));
  }
}

SimgridWorld::~SimgridWorld() {
  for (const auto& node : nodes_) node->stop();
}

void SimgridWorld::run(Time end, const std::function<void()>& at_end) {
  end_ = end;
  // First all, so that what one sends as it boots finds the others.
  for (const auto& node : nodes_) node->switch_on();
  for (const auto& node : nodes_) node->boot();
  engine_->run(end);
  now_ = end;
  if (at_end) at_end();
  for (const auto& node : nodes_) node->stop();
}

void SimgridWorld::run_events(Time until) {
  while (events_.next() <= until) {
    now_ = std::max(now_, events_.next());  // SimGrid rounds its clock otherwise
    events_.pop().wake();
  }
}

SimgridWorld::Path& SimgridWorld::path(NodeId from, NodeId to) {
  const auto [path, fresh] = paths_.get(from, to);
  if (fresh) {
    path.route = &platform_.route(from, to);
    path.ns_per_byte = 8e9 / path.route->bandwidth;
  }
  return path;
}

void SimgridWorld::send(Message message) {
  if (Trace* const trace = Trace::here()) message.cause = trace->sent(message, now_);
  Path& between = path(message.from, message.to);
  const PlatformRoute& route = *between.route;
  if (faults_.blocks(message.from, message.to, route) || !nodes_[index(message.from)]->is_up())
    return count_lost(message);
  if (faults_.disturbs_any()) return carry_disturbed(between, std::move(message));
  carry(between, std::move(message), true, {});
}

void SimgridWorld::carry_disturbed(Path& between, Message message) {
  const Disturbance disturbance = faults_.disturbance(message.from, message.to);
  if (disturbance.loses(luck_)) return count_lost(message);
  const bool in_order = !disturbance.reorder || disturbance.delay == Duration{};
  if (disturbance.duplicates(luck_)) {
    probe_.count("messages duplicated on the way", message.from, 1);
    carry(between, message, in_order, disturbance.draw_delay(luck_));
  }
  carry(between, std::move(message), in_order, disturbance.draw_delay(luck_));
}

void SimgridWorld::carry(Path& between, Message message, bool in_order, Duration delay) {
  const PlatformRoute& route = *between.route;
  const auto size = static_cast<double>(message.payload.size());
  between.bytes += size;
  if (is_of_mpc(message.port)) between.mpc_bytes += size;
  const bool timed = settings_.network == WorldSettings::Network::latency ||
                     size <= settings_.small_message || route.links.empty();
  Transfer& transfer = new_transfer(std::move(message));
  if (settings_.network == WorldSettings::Network::fluid && in_order) line_up(transfer, between);
  if (timed) {
    const Time arrival =
        now_ + route.latency + Duration{std::llround(size * between.ns_per_byte)} + delay;
    if (!in_order) return void(events_.add(arrival, transfer));
    between.last_arrival = std::max(between.last_arrival, arrival);
    events_.add(between.last_arrival, transfer);
  } else {
    transfer.delay = delay;
    if (!engine_->start_transfer(transfer, transfer.message.from, transfer.message.to, size))
      lose(transfer);
  }
}

SimgridWorld::Transfer& SimgridWorld::new_transfer(Message message) {
  if (free_transfers_.empty()) {
    transfers_.emplace_back().world = this;
    free_transfers_.push_back(&transfers_.back());
  }
  Transfer& transfer = *free_transfers_.back();
  free_transfers_.pop_back();
  transfer.incarnation = nodes_[index(message.to)]->incarnation();
  transfer.message = std::move(message);
  return transfer;
}

void SimgridWorld::line_up(Transfer& transfer, Path& between) {
  if (between.order == nullptr) between.order = &orders_.emplace_back();
  Order& order = *between.order;
  (order.first == nullptr ? order.first : order.last->next) = &transfer;
  order.last = &transfer;
  transfer.order = &order;
}

void SimgridWorld::arrive(Transfer& transfer) {
  if (transfer.delay > Duration{}) {
    events_.add(now_ + std::exchange(transfer.delay, {}), transfer);
    return;
  }
  if (transfer.order == nullptr) {
    deliver(transfer);
  } else {
    transfer.is_there = true;
    deliver_from(*transfer.order);
  }
}

void SimgridWorld::deliver_from(Order& order) {
  while (order.first != nullptr && order.first->is_there) {
    Transfer& transfer = *std::exchange(order.first, order.first->next);
    transfer.next = nullptr;
    transfer.order = nullptr;
    transfer.is_there = false;
    deliver(transfer);
  }
}

void SimgridWorld::deliver(Transfer& transfer) {
  Message message = std::move(transfer.message);
  free_transfers_.push_back(&transfer);
  Node& receiver = *nodes_[index(message.to)];
  if (receiver.incarnation() == transfer.incarnation) receiver.deliver(std::move(message));
}

void SimgridWorld::lose(Transfer& transfer) {
  count_lost(transfer.message);
  transfer.incarnation = 0;  // nobody's
  transfer.delay = {};
  arrive(transfer);
}

void SimgridWorld::crash(NodeId id) {
  Node& node = *nodes_[index(id)];
  if (!node.is_up()) return;
  node.stop();
  disks_[index(id)].lose_power(tears_[index(id)], luck_);
  disks_[index(id)].take_use();
  disk_times_[index(id)].forget();
  off_[index(id)].begin(now_);
  engine_->turn_off(id);
}

void SimgridWorld::restart(NodeId id) {
  Node& node = *nodes_[index(id)];
  if (node.is_up()) return;
  engine_->turn_on(id);
  off_[index(id)].end(now_);
  node.start();
}

void SimgridWorld::cut(PlatformLinkId link) {
  if (faults_.cut(link)) engine_->cut(link);
}

void SimgridWorld::mend(PlatformLinkId link) {
  if (faults_.mend(link)) engine_->mend(link);
}

void SimgridWorld::corrupt_disk(NodeId id, double share_of_blocks, Random random) {
  corrupt(disks_[index(id)], share_of_blocks, random);
}

double SimgridWorld::energy_j(NodeId id) const {
  const PlatformNode& spec = platform_.node(id);
  if (spec.power && settings_.network == WorldSettings::Network::fluid)
    return engine_->energy_j(id);
  return linear_energy_j(spec, off_[index(id)], now_, cpus_[index(id)]->busy_core_seconds());
}

std::vector<double> SimgridWorld::summed_by_link(double Path::*bytes) const {
  std::vector<double> sums(platform_.links().size());
  paths_.each([&](const Path& path) {
    for (const PlatformLinkId link : path.route->links) sums[link] += path.*bytes;
  });
  return sums;
}

std::vector<double> SimgridWorld::link_bytes() const { return summed_by_link(&Path::bytes); }
std::vector<double> SimgridWorld::mpc_link_bytes() const {
  return summed_by_link(&Path::mpc_bytes);
}

}  // namespace evenkeel
