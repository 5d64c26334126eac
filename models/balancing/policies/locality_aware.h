// How requests are split over zones, apart from the policy so that published examples can be
// checked. Zones are 0 .. n-1 here; `local` is the one where the requests start.
#pragma once

#include <algorithm>
#include <numeric>
#include <span>
#include <vector>

namespace evenkeel {

/// Makes the shares sum to 1; even if they have no positive sum.
inline void normalise(std::vector<double>& shares) {
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares)
    share = sum > 0 ? share / sum : 1.0 / static_cast<double>(shares.size());
}

/// Envoy's zone-aware split. `demand`: share of all requests that start in each zone; `capacity`:
/// share of all servers that stand there. What exceeds the local capacity goes to zones that have
/// capacity to spare, in proportion to it.
inline std::vector<double> zone_aware_split(std::size_t local, std::span<const double> demand,
                                            std::span<const double> capacity) {
  std::vector<double> shares(capacity.size(), 0.0);
  const bool local_suffices = capacity[local] > 0 && capacity[local] >= demand[local];
  const double stays = local_suffices ? 1.0 : capacity[local] / std::max(demand[local], 1e-12);
  if (!local_suffices)
    for (std::size_t zone = 0; zone < shares.size(); ++zone)
      if (zone != local) shares[zone] = std::max(0.0, capacity[zone] - demand[zone]);
  const double spare = std::accumulate(shares.begin(), shares.end(), 0.0);
  if (!local_suffices && !(spare > 0)) return {capacity.begin(), capacity.end()};
  for (double& share : shares) share *= spare > 0 ? (1 - stays) / spare : 0.0;
  shares[local] = stays;
  return shares;
}

struct LoadAwareTerms {
  double headroom = 0.1;       // the local zone may be so much busier than the others
  double remote_share = 0.03;  // leaves even then, so that the others stay known
};

/// The load-aware split that Envoy is getting. `servers`: how many, or how much capacity, in each
/// zone; `utilisation` of each zone in 0 .. 1. While the local zone is not much busier than the
/// others on average, nearly all stay; else all zones share by their idle capacity.
inline std::vector<double> load_aware_split(std::size_t local, std::span<const double> servers,
                                            std::span<const double> utilisation,
                                            const LoadAwareTerms& terms) {
  std::vector<double> idle(servers.size());
  double remote_servers = 0;
  double remote_busy = 0;
  for (std::size_t zone = 0; zone < servers.size(); ++zone) {
    idle[zone] = servers[zone] * (1 - utilisation[zone]);
    if (zone == local) continue;
    remote_servers += servers[zone];
    remote_busy += servers[zone] * utilisation[zone];
  }
  const bool any_idle = std::ranges::any_of(idle, [](double share) { return share > 0; });
  if (!any_idle) idle.assign(servers.begin(), servers.end());
  const bool stay = servers[local] > 0 && remote_servers > 0 &&
                    utilisation[local] <= remote_busy / remote_servers + terms.headroom;
  if (stay) idle[local] = 0;
  normalise(idle);
  if (!stay) return idle;
  for (double& share : idle) share *= terms.remote_share;
  idle[local] = 1 - terms.remote_share;
  return idle;
}

/// Envoy's priority levels, the first preferred. `healthy` of `total` servers are eligible in each;
/// a level is whole while at least 1 / overprovision of its servers are, and what it lacks goes to
/// the next ones.
inline std::vector<double> priority_split(std::span<const double> healthy,
                                          std::span<const double> total,
                                          double overprovision = 1.4) {
  std::vector<double> health;
  for (std::size_t level = 0; level < total.size(); ++level)
    health.push_back(total[level] > 0 ? std::min(1.0, overprovision * healthy[level] / total[level])
                                      : 0.0);
  const double all = std::min(1.0, std::accumulate(health.begin(), health.end(), 0.0));
  double left = 1;
  for (double& share : health) {
    share = all > 0 ? std::min(left, share / all) : 0.0;
    left -= share;
  }
  return health;
}

}  // namespace evenkeel
