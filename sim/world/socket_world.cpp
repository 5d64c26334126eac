#include "sim/world/socket_world.h"

#include <fmt/format.h>

#include <asio/post.hpp>

#include "models/runtime/user_error.h"
#include "sim/world/burning_cpu.h"
#include "sim/world/corruption.h"

namespace evenkeel {

using asio::ip::tcp;

// A message that is here and waits for its time.
struct SocketWorld::Arrival final : Waiter {
  void wake() override { world->deliver(*this); }
  SocketWorld* world = nullptr;
  Message message;
  std::uint32_t incarnation = 0;
};

// A message that a disturbance holds back before it leaves.
struct SocketWorld::Delayed final : Waiter {
  void wake() override { world->release(*this); }
  SocketWorld* world = nullptr;
  Message message;
  EventId timer;
  std::list<Delayed>::iterator self;
};

SocketWorld::SocketWorld(const Platform& platform, NodeId self, const SocketSettings& settings,
                         LinkClocks& clocks, Probe& probe)
    : platform_(platform),
      self_(self),
      settings_(settings),
      probe_(probe),
      channels_(settings.credentials),
      outgoing_(platform.size()),
      faults_(platform),
      luck_(Random::stream(settings.seed, "disturbed messages", index(self))),
      disk_(settings.directory),
      pacer_(*this, platform, self, settings.network, clocks,
             [this](NodeId to, Frame frame) { leave(to, std::move(frame)); }) {
  const PlatformNode& spec = platform.node(self);
  const Cpu::Shape shape{.node = self,
                         .cores = spec.cores,
                         .speed = spec.speed,
                         .processor_sharing = spec.discipline == Discipline::processor_sharing};

  const Post post = [this](std::function<void()> what) { asio::post(loop_, std::move(what)); };
  cpu_ = settings.burn ? make_burning_cpu(*this, shape, post) : make_timer_cpu(*this, shape);
  node_ = std::make_unique<Node>(*this, self, spec.name, settings.seed);
}

SocketWorld::~SocketWorld() {
  node_->stop();
  forget_delayed();
  pacer_.clear();
  close_connections();
}

std::uint16_t SocketWorld::listen(const std::string& host, std::uint16_t port) {
  std::error_code wrong;
  const asio::ip::address address = asio::ip::make_address(host, wrong);
  if (wrong) throw UserError("'" + host + "' is no numeric address");
  endpoint_ = {address, port};
  try {
    open();
  } catch (const std::system_error& error) {
    throw UserError(fmt::format("cannot listen on {} port {}: {}", host, port, error.what()));
  }
  endpoint_ = acceptor_.local_endpoint();
  return endpoint_.port();
}

void SocketWorld::open() {
  acceptor_.open(endpoint_.protocol());
  acceptor_.set_option(tcp::acceptor::reuse_address{true});
  acceptor_.bind(endpoint_);
  acceptor_.listen();
  accept();
}

void SocketWorld::meet(std::vector<Address> addresses) { addresses_ = std::move(addresses); }

void SocketWorld::accept() {
  acceptor_.async_accept([this](const std::error_code& error, tcp::socket socket) {
    if (error == asio::error::operation_aborted || !acceptor_.is_open()) return;
    std::erase_if(incoming_, [](const auto& one) { return one->is_closed(); });
    constexpr std::size_t most = 10'000;
    if (!error && incoming_.size() < most) {
      incoming_.push_back(std::make_shared<Incoming>(
          loop_, channels_.make(std::move(socket)), channels_.are_named(), settings_.run,
          [this](NodeId id) { return name_of(id); }, *this));
      incoming_.back()->start();
    }
    if (!error) return accept();
    count("connections not accepted", 1);  // no more descriptors, say
    accept_later_.expires_after(std::chrono::milliseconds{100});
    accept_later_.async_wait([this](const std::error_code& cancelled) {
      if (!cancelled && acceptor_.is_open()) accept();
    });
  });
}

std::optional<std::string> SocketWorld::name_of(NodeId id) const {
  if (index(id) >= platform_.size()) return std::nullopt;
  return platform_.node(id).name;
}

void SocketWorld::run(Clock::time_point start, Duration length) {
  // After the end, peers that are a little late still find somebody who listens.
  constexpr Duration linger = std::chrono::milliseconds{200};
  start_ = start;
  end_ = length;
  node_->switch_on();
  asio::steady_timer begin{loop_, start};
  begin.async_wait([this](const std::error_code& error) {
    if (!error) node_->boot();
    begun_ = true;
    arm();
  });
  asio::steady_timer finish{loop_, start + length};
  finish.async_wait([this](const std::error_code&) {
    over_ = true;
    node_->stop();
  });
  asio::steady_timer leave{loop_, start + length + linger};
  leave.async_wait([this](const std::error_code&) { loop_.stop(); });
  loop_.run();
  over_ = true;
  node_->stop();
  forget_delayed();
  pacer_.clear();
  close_connections();
}

void SocketWorld::interrupt() {
  asio::post(loop_, [this] { loop_.stop(); });
}

// Once the node has stopped, the world stands still.
Time SocketWorld::now() const {
  if (start_ == Clock::time_point::max()) return Time{};
  const Time real = std::chrono::duration_cast<Duration>(Clock::now() - start_);
  return over_ ? std::min(std::max(real, Time{}), end_) : std::max(real, Time{});
}

EventId SocketWorld::set_timer(Time at, Waiter& waiter) {
  const EventId id = events_.add(at, waiter);
  arm();
  return id;
}

// Before the start nothing is due: a message of a peer whose clock is ahead finds the node booted.
void SocketWorld::arm() {
  const Time next = events_.next();
  if (next >= armed_for_ || !begun_) return;
  armed_for_ = next;
  const Clock::time_point due = start_ + next;
  if (due <= Clock::now()) return asio::post(loop_, [this] { run_due(); });
  alarm_.expires_at(due);
  alarm_.async_wait([this](const std::error_code& error) {
    if (!error) run_due();
  });
}

void SocketWorld::run_due() {
  armed_for_ = never;
  const Time until = now();  // what is set from now on waits for its turn
  while (!over_ && events_.next() <= until) events_.pop().wake();
  arm();
}

void SocketWorld::send(Message message) {
  const PlatformRoute& route = platform_.route(self_, message.to);
  if (faults_.blocks(self_, message.to, route) || !node_->is_up())
    return count("messages lost on the way", 1);
  if (faults_.disturbs_any()) return send_disturbed(std::move(message));
  pacer_.send(std::move(message));
}

void SocketWorld::send_disturbed(Message message) {
  const Disturbance disturbance = faults_.disturbance(self_, message.to);
  if (disturbance.loses(luck_)) return count("messages lost on the way", 1);
  const bool in_order = !disturbance.reorder || disturbance.delay == Duration{};
  if (disturbance.duplicates(luck_)) {
    count("messages duplicated on the way", 1);
    send_after(message, in_order, disturbance.draw_delay(luck_));
  }
  send_after(std::move(message), in_order, disturbance.draw_delay(luck_));
}

void SocketWorld::send_after(Message message, bool in_order, Duration delay) {
  Time at = now() + delay;
  if (in_order) {
    Time& last = last_leave_[message.to];
    last = at = std::max(last, at);
  }
  if (at <= now()) return pacer_.send(std::move(message));
  if (delayed_.size() >= most_held) return count("messages lost on the way", 1);
  Delayed& one = delayed_.emplace_back();
  one.world = this;
  one.message = std::move(message);
  one.self = std::prev(delayed_.end());
  one.timer = set_timer(at, one);
}

void SocketWorld::release(Delayed& delayed) {
  pacer_.send(std::move(delayed.message));
  delayed_.erase(delayed.self);
}

void SocketWorld::forget_delayed() {
  for (const Delayed& one : delayed_) events_.cancel(one.timer);
  delayed_.clear();
  last_leave_.clear();
}

void SocketWorld::leave(NodeId to, Frame frame) {
  if (to == self_) return hold(self_, std::move(frame));
  std::shared_ptr<Outgoing>& peer = outgoing_[index(to)];
  if (!peer)
    peer = std::make_shared<Outgoing>(loop_, channels_, addresses_.at(index(to)),
                                      Greeting{self_, settings_.run},
                                      channels_.are_named() ? platform_.node(to).name : "", *this);
  peer->push(std::move(frame));
}

void SocketWorld::received(NodeId from, Frame frame) {
  if (settings_.network.rates_elsewhere && !settings_.network.delays_elsewhere)
    frame.deliver_at = now() + platform_.route(from, self_).latency;
  hold(from, std::move(frame));
}

void SocketWorld::hold(NodeId from, Frame frame) {
  if (free_arrivals_.empty()) {
    arrivals_.push_back(std::make_unique<Arrival>());
    arrivals_.back()->world = this;
    free_arrivals_.push_back(arrivals_.back().get());
  }
  Arrival& arrival = *free_arrivals_.back();
  free_arrivals_.pop_back();
  arrival.message = {
      .from = from, .to = self_, .port = frame.port, .payload = std::move(frame.payload)};
  arrival.incarnation = node_->incarnation();
  ++held_;
  set_timer(frame.deliver_at, arrival);
}

void SocketWorld::deliver(Arrival& arrival) {
  Message message = std::move(arrival.message);
  free_arrivals_.push_back(&arrival);
  const bool was_congested = is_congested();
  --held_;
  if (arrival.incarnation == node_->incarnation()) node_->deliver(std::move(message));
  if (was_congested)
    for (const auto& peer : incoming_) peer->resume();
}

EventId SocketWorld::start_compute(NodeId, Work work, Waiter& waiter) {
  return cpu_->start(work, waiter);
}

void SocketWorld::cancel_compute(NodeId, EventId id) { cpu_->cancel(id); }

void SocketWorld::count(std::string_view name, std::size_t amount) {
  if (!over_) probe_.count(name, self_, static_cast<double>(amount));
}

void SocketWorld::close_connections() {
  std::error_code ignored;
  acceptor_.close(ignored);
  accept_later_.cancel();
  for (auto& peer : outgoing_)
    if (peer) std::exchange(peer, nullptr)->close();
  for (const auto& peer : incoming_) peer->close();
  incoming_.clear();
}

void SocketWorld::crash(NodeId id) {
  if (id != self_ || !node_->is_up()) return;
  node_->stop();
  forget_delayed();
  pacer_.clear();
  disk_.lose_power();
  close_connections();
  off_.begin(now());
}

void SocketWorld::restart(NodeId id) {
  if (id != self_ || node_->is_up()) return;
  off_.end(now());
  open();
  node_->start();
}

void SocketWorld::slow_down(NodeId id, double factor) {
  if (id == self_) cpu_->slow_down(factor);
}

void SocketWorld::cut(PlatformLinkId link) {
  if (!faults_.cut(link)) return;
  if (const std::size_t lost = pacer_.lose(link); lost > 0) count("messages lost on the way", lost);
}

void SocketWorld::skew_clock(NodeId id, const ClockSkew& skew) {
  if (id == self_) clocks_.set(id, skew, now());
}

void SocketWorld::lose_disk(NodeId id) {
  if (id == self_) disk_.lose_all();
}

void SocketWorld::corrupt_disk(NodeId id, double share_of_blocks, Random random) {
  if (id == self_) corrupt(disk_, share_of_blocks, random);
}

double SocketWorld::energy_j() const {
  return linear_energy_j(platform_.node(self_), off_, now(), cpu_->busy_core_seconds());
}

}  // namespace evenkeel
