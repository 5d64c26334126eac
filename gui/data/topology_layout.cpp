// Where places come to lie in a drawing.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "gui/data/scenario_info.h"

namespace evenkeel::gui {
namespace {

constexpr std::size_t mostMeasured = 1500;  // places; beyond, the tier alone says who is central

using Drawn = std::vector<std::pair<double, double>>;

/// Into the unit square, with equal scales along both axes.
void fit(Drawn& drawn) {
  double left = HUGE_VAL, right = -HUGE_VAL, top = HUGE_VAL, bottom = -HUGE_VAL;
  for (const auto& [x, y] : drawn) {
    left = std::min(left, x);
    right = std::max(right, x);
    top = std::min(top, y);
    bottom = std::max(bottom, y);
  }
  const double size = std::max({right - left, bottom - top, 1e-9});
  for (auto& [x, y] : drawn) {
    x = 0.5 + (x - (left + right) / 2) / size;
    y = 0.5 + (y - (top + bottom) / 2) / size;
  }
}

Drawn onMap(const Topology& topology) {
  double latitude = 0;
  for (const TopologyPlace& place : topology.places) latitude += place.latitude;
  latitude /= static_cast<double>(topology.places.size());
  const double narrowing = std::cos(latitude * std::numbers::pi / 180);
  Drawn drawn;
  for (const TopologyPlace& place : topology.places)
    drawn.emplace_back(place.longitude * narrowing, -place.latitude);
  return drawn;
}

int rankOf(const std::string& tier) {
  return tier == "cloud" ? 0 : tier == "region" ? 1 : tier == "site" ? 2 : 3;
}

/// A tree of shortest paths from the middle, drawn in rings; each gets a sector as wide as it has
/// leaves.
class Rings {
 public:
  explicit Rings(const Topology& topology)
      : topology_(topology),
        neighbours_(topology.places.size()),
        children_(topology.places.size()),
        leaves_(topology.places.size()),
        seen_(topology.places.size()),
        drawn_(topology.places.size()) {
    for (const TopologyLink& link : topology.links) {
      neighbours_[link.from].push_back(link.to);
      neighbours_[link.to].push_back(link.from);
    }
  }

  Drawn draw() {
    std::vector<std::size_t> order(topology_.places.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::vector<std::size_t> away(order.size());
    if (order.size() <= mostMeasured)
      for (const std::size_t place : order) away[place] = distancesFrom(place);
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
      if (away[a] != away[b]) return away[a] < away[b];
      return rankOf(topology_.places[a].tier) < rankOf(topology_.places[b].tier);
    });
    std::vector<std::size_t> roots;
    for (const std::size_t place : order)
      if (!seen_[place]) {
        roots.push_back(place);
        grow(place);
      }
    double all = 0;
    for (const std::size_t root : roots) all += leaves_[root];
    double from = 0;
    const double first = roots.size() > 1 ? 1 : 0;  // several parts: all on a ring
    for (const std::size_t root : roots) {
      const double width = leaves_[root] / all * 2 * std::numbers::pi;
      place(root, first, from, from + width);
      from += width;
    }
    return drawn_;
  }

 private:
  /// The sum over all places of how many links they are away; a place out of reach counts as far.
  std::size_t distancesFrom(std::size_t root) const {
    std::vector<std::size_t> away(neighbours_.size(), neighbours_.size());
    std::vector<std::size_t> queue{root};
    away[root] = 0;
    for (std::size_t i = 0; i < queue.size(); ++i)
      for (const std::size_t next : neighbours_[queue[i]])
        if (away[next] == neighbours_.size()) {
          away[next] = away[queue[i]] + 1;
          queue.push_back(next);
        }
    return std::accumulate(away.begin(), away.end(), std::size_t{0});
  }

  /// Breadth first, so that everything is as near to the middle as it can be.
  void grow(std::size_t root) {
    std::vector<std::size_t> queue{root};
    seen_[root] = true;
    for (std::size_t i = 0; i < queue.size(); ++i)
      for (const std::size_t next : neighbours_[queue[i]]) {
        if (seen_[next]) continue;
        seen_[next] = true;
        children_[queue[i]].push_back(next);
        queue.push_back(next);
      }
    for (std::size_t i = queue.size(); i-- > 0;) {
      double sum = 0;
      for (const std::size_t child : children_[queue[i]]) sum += leaves_[child];
      leaves_[queue[i]] = std::max(1.0, sum);
    }
  }

  void place(std::size_t root, double ring, double from, double to) {
    struct Sector {
      std::size_t place;
      double ring, from, to;
    };
    std::vector<Sector> open{{root, ring, from, to}};
    while (!open.empty()) {
      const Sector sector = open.back();
      open.pop_back();
      const double middle = (sector.from + sector.to) / 2;
      drawn_[sector.place] = {sector.ring * std::sin(middle), -sector.ring * std::cos(middle)};
      double at = sector.from;
      for (const std::size_t child : children_[sector.place]) {
        const double width = (sector.to - sector.from) * leaves_[child] / leaves_[sector.place];
        open.push_back({child, sector.ring + 1, at, at + width});
        at += width;
      }
    }
  }

  const Topology& topology_;
  std::vector<std::vector<std::size_t>> neighbours_;
  std::vector<std::vector<std::size_t>> children_;
  std::vector<double> leaves_;
  std::vector<bool> seen_;
  Drawn drawn_;
};

}  // namespace

Drawn placesDrawn(const Topology& topology) {
  if (topology.places.empty()) return {};
  Drawn drawn = std::ranges::all_of(topology.places, &TopologyPlace::hasCoordinates)
                    ? onMap(topology)
                    : Rings(topology).draw();
  fit(drawn);
  return drawn;
}

}  // namespace evenkeel::gui
