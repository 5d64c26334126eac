// Where the candidates stand, as seen from one balancer: at home, at other edges, in the cloud.
#pragma once

#include <algorithm>
#include <vector>

#include "models/balancing/policy.h"

namespace evenkeel {

struct Places {
  std::vector<ServerIndex> home;   // edge servers of the balancer's zone; if none, the nearest ones
  std::vector<ServerIndex> peers;  // the other edge servers
  std::vector<ServerIndex> cloud;

  /// All lists ascend. `home` is never empty: with no edge server at all, it is the nearest in the
  /// cloud.
  explicit Places(const PolicyContext& context) {
    const std::span<const Candidate> candidates = context.candidates;
    std::vector<ServerIndex> edge;
    for (ServerIndex i = 0; i < candidates.size(); ++i)
      (candidates[i].cloud ? cloud : edge).push_back(i);
    for (const ServerIndex i : edge)
      if (candidates[i].zone == context.zone) home.push_back(i);
    if (home.empty()) home = nearest(context.round_trips, edge.empty() ? cloud : edge);
    std::ranges::set_difference(edge, home, std::back_inserter(peers));
  }

 private:
  static std::vector<ServerIndex> nearest(std::span<const Duration> round_trips,
                                          const std::vector<ServerIndex>& servers) {
    const auto round_trip = [&](ServerIndex i) { return round_trips[i]; };
    const Duration shortest = round_trip(*std::ranges::min_element(servers, {}, round_trip));
    std::vector<ServerIndex> result;
    for (const ServerIndex i : servers)
      if (round_trip(i) == shortest) result.push_back(i);
    return result;
  }
};

}  // namespace evenkeel
