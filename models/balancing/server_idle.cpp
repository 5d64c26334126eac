// What a server does when it falls idle: tells a balancer, or takes work from another server.
#include "models/balancing/server.h"
#include "models/balancing/server_turn.h"
#include "models/runtime/wire.h"

namespace evenkeel {

void Server::fell_idle() {
  using IdleReport = ServerRules::IdleReport;
  const ServerRules& rules = group_.rules;
  if (rules.idle_report == IdleReport::random && !group_.balancers.empty())
    enlist(group_.balancers[node_.random().below(group_.balancers.size())]);
  if (rules.idle_report == IdleReport::shortest && !group_.balancers.empty())
    node_.spawn(enlist_at_shortest());
  if (rules.steal && settings_.queues && !stealing_ && group_.servers.size() > 1) {
    stealing_ = true;
    node_.spawn(steal());
  }
}

void Server::got_work(NodeId from) {
  if (!enlisted_) return;
  // The balancer it enlisted with knows; for another one's request it must withdraw.
  if (enlisted_->node != from) {
    node_.send(enlisted_->node, Port::notices,
               encode(Notice{.kind = Notice::Kind::busy, .seat = enlisted_->seat}));
    node_.probe().count("idle reports withdrawn", node_.id(), 1);
  }
  enlisted_.reset();
}

void Server::enlist(BalancerAddress balancer) {
  enlisted_ = balancer;
  node_.send(balancer.node, Port::notices,
             encode(Notice{.kind = Notice::Kind::idle, .seat = balancer.seat}));
  node_.probe().count("idle reports", node_.id(), 1);
}

Task<> Server::enlist_at_shortest() {
  std::vector<std::uint32_t> places(group_.balancers.size());
  for (std::uint32_t i = 0; i < places.size(); ++i) places[i] = i;
  std::vector<std::uint32_t> asked;
  sample_distinct(places, group_.rules.idle_choices, node_.random(), asked);
  std::optional<BalancerAddress> best;
  std::uint64_t fewest = 0;
  for (const std::uint32_t place : asked) {
    const BalancerAddress balancer = group_.balancers[place];
    Payload question;
    Writer{question.bytes}.put(balancer.seat);
    Call call =
        node_.rpc().call(balancer.node, Port::enlisting, std::move(question), group_.call_timeout);
    const Result<Payload> answer = co_await call;
    if (!answer) continue;
    Reader reader{answer->bytes};
    const auto count = reader.get<std::uint64_t>();
    if (reader.done() && (!best || count < fewest)) {
      best = balancer;
      fewest = count;
    }
  }
  if (best && load_ == 0 && !enlisted_) enlist(*best);
}

Task<> Server::steal() {
  const ServerRules& rules = group_.rules;
  while (load_ == 0) {
    for (std::uint32_t asked = 0; asked < rules.victims && load_ == 0; ++asked) {
      NodeId victim = node_.id();
      while (victim == node_.id())
        victim = group_.servers[node_.random().below(group_.servers.size())];
      Call call = node_.rpc().call(victim, Port::stealing, {}, group_.call_timeout);
      const Result<Payload> loot = co_await call;
      if (loot && take_in(*loot)) break;
    }
    if (load_ > 0 || rules.steal_retry <= Duration{}) break;
    co_await node_.sleep(rules.steal_retry);
  }
  stealing_ = false;
}

Task<std::optional<Payload>> Server::give_away() {
  Payload loot;
  Writer writer{loot.bytes};
  if (load_ < group_.rules.steal_threshold || waiting_.empty()) co_return loot;
  std::size_t count = group_.rules.steal_half ? std::max<std::size_t>(1, queued_ / 2) : 1;
  while (count-- > 0) {
    Turn& oldest = waiting_.front();
    const CallId id = oldest.id();
    const Time arrived = oldest.arrived();
    const Payload request = oldest.give_away();
    writer.put(id.caller).put(id.number).put(arrived.count()).put(request.padding);
    writer.put(std::string_view{reinterpret_cast<const char*>(request.bytes.data()),
                                request.bytes.size()});
    loot.padding += request.padding;
  }
  co_return loot;
}

bool Server::take_in(const Payload& loot) {
  Reader reader{loot.bytes};
  bool any = false;
  while (reader.ok() && reader.left() > 0) {
    CallId id;
    id.caller = reader.get<NodeId>();
    id.number = reader.get<std::uint64_t>();
    const Time arrived{reader.get<std::int64_t>()};
    Payload request;
    request.padding = reader.get<std::uint64_t>();
    const std::string bytes = reader.text();
    if (!reader.ok()) break;
    const auto* data = reinterpret_cast<const std::byte*>(bytes.data());
    request.bytes.assign(data, data + bytes.size());
    node_.probe().count("steals", node_.id(), 1);
    node_.spawn(finish_stolen(id, std::move(request), arrived));
    any = true;
  }
  return any;
}

Task<> Server::finish_stolen(CallId id, Payload payload, Time arrived) {
  Task<std::optional<Payload>> work = process(id, std::move(payload), arrived);
  std::optional<Payload> answer = co_await std::move(work);
  if (answer) node_.rpc().answer(id, std::move(*answer));
}

}  // namespace evenkeel
