#include "sim/workload/next_hops.h"

#include <algorithm>
#include <numeric>

#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <boost/graph/strong_components.hpp>

#include "models/runtime/check.h"

namespace evenkeel {
namespace {

constexpr std::size_t tree_budget_bytes = 32 << 20;

}  // namespace

NextHops::NextHops(const Map& map) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
  std::vector<double> lengths;
  for (std::uint32_t from = 0; from < map.ways.size(); ++from) {
    for (const Map::Way& way : map.ways[from]) {
      EVENKEEL_CHECK(way.to < map.ways.size(), "a way leads to a place of the map");
      edges.emplace_back(way.to, from);
      lengths.push_back(std::max(way.length_m, Map::min_length_m));
    }
  }
  const auto places = static_cast<std::uint32_t>(map.ways.size());
  reversed_ = Graph(boost::edges_are_unsorted_multi_pass, edges.begin(), edges.end(),
                    lengths.begin(), places);
  trees_.resize(places);
  const std::size_t tree_bytes = places * (sizeof(std::uint32_t) + sizeof(float));
  max_kept_ = std::max<std::size_t>(4, tree_budget_bytes / std::max<std::size_t>(1, tree_bytes));
  find_destinations(map);
}

void NextHops::find_destinations(const Map& map) {
  component_.resize(map.ways.size());
  if (component_.empty()) return;
  const auto index = boost::get(boost::vertex_index, reversed_);
  const std::uint32_t count = boost::strong_components(
      reversed_, boost::make_iterator_property_map(component_.begin(), index));
  destinations_.resize(count);
  std::vector<std::uint32_t> wanted = map.destinations;
  if (wanted.empty()) {
    wanted.resize(map.ways.size());
    std::iota(wanted.begin(), wanted.end(), 0U);
  }
  std::ranges::sort(wanted);
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  for (const std::uint32_t place : wanted) destinations_[component_[place]].push_back(place);
}

const NextHops::Tree& NextHops::towards(std::uint32_t destination) {
  std::unique_ptr<Tree>& tree = trees_[destination];
  if (!tree) {
    if (kept_.size() >= max_kept_) {
      trees_[kept_.front()].reset();
      kept_.pop_front();
    }
    tree = search(destination);
    kept_.push_back(destination);
  }
  return *tree;
}

std::unique_ptr<NextHops::Tree> NextHops::search(std::uint32_t destination) const {
  const std::size_t places = trees_.size();
  auto tree = std::make_unique<Tree>();
  tree->next.resize(places);
  tree->hop_m.resize(places);
  std::vector<double> distances(places);
  const auto index = boost::get(boost::vertex_index, reversed_);
  boost::dijkstra_shortest_paths(
      reversed_, destination,
      boost::weight_map(boost::get(boost::edge_bundle, reversed_))
          .predecessor_map(boost::make_iterator_property_map(tree->next.begin(), index))
          .distance_map(boost::make_iterator_property_map(distances.begin(), index)));
  for (std::size_t place = 0; place < places; ++place)
    tree->hop_m[place] = static_cast<float>(distances[place] - distances[tree->next[place]]);
  return tree;
}

}  // namespace evenkeel
