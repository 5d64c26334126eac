#include "models/access/replica_chooser.h"

#include <algorithm>

namespace evenkeel {
namespace {

constexpr double weight_of_new = 0.2;
constexpr double failure_s = 2;  // a failed request counts as so slow, at least

}  // namespace

double NearerOfTwo::expected(NodeId replica) const {
  const auto found = latency_s_.find(replica);
  return found == latency_s_.end() ? 0 : found->second;  // who is not known is worth a try
}

NodeId NearerOfTwo::choose(const std::vector<NodeId>& candidates, Time) {
  if (std::ranges::find(candidates, node_.id()) != candidates.end()) return node_.id();
  if (candidates.size() == 1) return candidates.front();
  const std::size_t first = node_.random().below(candidates.size());
  std::size_t second = node_.random().below(candidates.size() - 1);
  if (second >= first) ++second;
  const bool nearer = expected(candidates[second]) < expected(candidates[first]);
  return candidates[nearer ? second : first];
}

void NearerOfTwo::finished(NodeId replica, bool ok, Duration latency, Time) {
  const double took = ok ? to_seconds(latency) : std::max(to_seconds(latency), failure_s);
  const auto [found, is_new] = latency_s_.try_emplace(replica, took);
  if (!is_new) found->second += weight_of_new * (took - found->second);
}

// A policy has a fixed list of servers: a new one begins anew.
void PolicyChooser::know(const std::vector<NodeId>& nodes) {
  bool grown = policy_ == nullptr;
  for (const NodeId one : nodes)
    if (std::ranges::find(servers_, one) == servers_.end()) {
      servers_.push_back(one);
      grown = true;
    }
  if (!grown) return;
  in_flight_.assign(servers_.size(), 0);
  round_trips_.assign(servers_.size(), Duration{});
  candidates_.clear();
  for (const NodeId server : servers_)
    candidates_.push_back({.name = "node " + std::to_string(index(server))});
  policy_ = make_({.candidates = candidates_,
                   .round_trips = round_trips_,
                   .zone = 0,
                   .zone_demand = zone_demand_,
                   .balancers = 1,
                   .random = node_.random()});
}

NodeId PolicyChooser::choose(const std::vector<NodeId>& candidates, Time now) {
  know(candidates);
  std::vector<ServerIndex> eligible;
  for (const NodeId one : candidates)
    eligible.push_back(
        static_cast<ServerIndex>(std::ranges::find(servers_, one) - servers_.begin()));
  std::ranges::sort(eligible);
  const OwnLoad beliefs{in_flight_};
  const Job job{.key = node_.random()(), .request_class = 0};
  View view{.now = now,
            .eligible = eligible,
            .in_flight = in_flight_,
            .considered = {},
            .beliefs = beliefs};
  std::vector<ServerIndex> considered;
  policy_->consider(job, view, considered);
  view.considered = considered;
  const ServerIndex picked = policy_->pick(job, view);
  return view.is_eligible(picked) ? servers_[picked] : candidates.front();
}

void PolicyChooser::sent(NodeId replica, Time now) {
  const auto found = std::ranges::find(servers_, replica);
  if (found == servers_.end()) return;
  const auto server = static_cast<ServerIndex>(found - servers_.begin());
  ++in_flight_[server];
  policy_->sent(server, now);
}

void PolicyChooser::finished(NodeId replica, bool ok, Duration latency, Time now) {
  const auto found = std::ranges::find(servers_, replica);
  if (found == servers_.end()) return;
  const auto server = static_cast<ServerIndex>(found - servers_.begin());
  if (in_flight_[server] == 0) return;
  --in_flight_[server];
  policy_->finished(server, {.ok = ok, .latency = latency}, now);
}

}  // namespace evenkeel
