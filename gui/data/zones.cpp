#include "gui/data/zones.h"

#include <algorithm>
#include <queue>

namespace evenkeel::gui {

std::map<std::string, std::string> zonesOf(const Topology& topology) {
  const auto isOf = [&](const char* tier) {
    return std::ranges::any_of(topology.places,
                               [&](const TopologyPlace& place) { return place.tier == tier; });
  };
  const std::string heads = isOf("region") ? "region" : isOf("site") ? "site" : "";
  std::vector<std::vector<std::size_t>> neighbours(topology.places.size());
  for (const TopologyLink& link : topology.links) {
    neighbours[link.from].push_back(link.to);
    neighbours[link.to].push_back(link.from);
  }
  // From all heads at once; the cloud is nobody's, and nobody is reached through it.
  std::vector<std::string> zone(topology.places.size());
  std::queue<std::size_t> next;
  for (std::size_t i = 0; i < topology.places.size(); ++i)
    if (topology.places[i].tier == heads || topology.places[i].tier == "cloud") {
      zone[i] = topology.places[i].name;
      if (topology.places[i].tier != "cloud") next.push(i);
    }
  for (; !next.empty(); next.pop())
    for (const std::size_t other : neighbours[next.front()])
      if (zone[other].empty()) {
        zone[other] = zone[next.front()];
        next.push(other);
      }
  std::map<std::string, std::string> result;
  for (std::size_t i = 0; i < topology.places.size(); ++i)
    for (const std::string& node : topology.places[i].nodes)
      result[node] = zone[i].empty() ? topology.places[i].name : zone[i];
  return result;
}

}  // namespace evenkeel::gui
