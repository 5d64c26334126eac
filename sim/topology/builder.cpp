// Merging, naming and counting; what could not be known is stated once, with its number.
#include "sim/topology/builder.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <boost/pending/disjoint_sets.hpp>

#include "models/runtime/check.h"
#include "models/runtime/user_error.h"
#include "sim/topology/text.h"

namespace evenkeel {

void GraphBuilder::refuse(const std::string& message) const {
  if (file_.empty()) throw UserError(message);
  throw UserError({file_}, message);
}

VertexId GraphBuilder::add(Location place) {
  if (places_.size() >= Graph::max_places)
    refuse(fmt::format("more than {} places; a topology must stay within that", Graph::max_places));
  std::string name = printable(place.name);
  cleaned_ += name != place.name;
  if (name.empty()) name = fmt::format("place {}", places_.size() + 1);
  const auto id = static_cast<VertexId>(places_.size());
  std::string wanted = name;
  for (bool taken = !names_.emplace(name, id).second; taken;
       taken = !names_.emplace(name, id).second)
    name = fmt::format("{} ({})", wanted, ++namesakes_.try_emplace(wanted, 1u).first->second);
  renamed_ += name != wanted;
  place.name = std::move(name);
  places_.push_back(std::move(place));
  return id;
}

void GraphBuilder::link(RawLink link) {
  EVENKEEL_CHECK(link.from < places_.size() && link.to < places_.size(), "a link without its ends");
  if (links_.size() >= Graph::max_links)
    refuse(fmt::format("more than {} links; a topology must stay within that", Graph::max_links));
  const auto ends = [&] {
    return fmt::format("{} - {}", places_[link.from].name, places_[link.to].name);
  };
  if (link.latency && (*link.latency < Duration::zero() || *link.latency > Graph::max_latency))
    refuse(fmt::format("the link {} has a latency out of 0 .. 1 h", ends()));
  if (link.bandwidth && !(*link.bandwidth > 0 && *link.bandwidth <= Graph::max_bandwidth))
    refuse(fmt::format("the link {} has a bandwidth out of 0 .. {}", ends(),
                       spelled_bandwidth(Graph::max_bandwidth)));
  links_.push_back(std::move(link));
}

void GraphBuilder::equal_link(VertexId from, VertexId to, const EqualLinks& links) {
  RawLink link{.from = from, .to = to};
  link.latency = links.latency > Duration::zero() ? links.latency : defaults_.latency;
  link.bandwidth = links.bandwidth > 0 ? links.bandwidth : defaults_.bandwidth;
  this->link(std::move(link));
}

std::vector<std::uint32_t> GraphBuilder::part_of_each() const {
  std::vector<std::uint32_t> rank(places_.size()), parent(places_.size());
  boost::disjoint_sets sets(rank.data(), parent.data());
  for (VertexId vertex = 0; vertex < places_.size(); ++vertex) sets.make_set(vertex);
  for (const RawLink& link : links_) sets.union_set(link.from, link.to);
  std::vector<std::uint32_t> part(places_.size());
  for (VertexId vertex = 0; vertex < places_.size(); ++vertex) part[vertex] = sets.find_set(vertex);
  return part;
}

// Prim's algorithm on the complete graph in which a step within a part costs nothing.
void GraphBuilder::join_parts(bool repairs) {
  if (places_.empty()) return;
  EVENKEEL_CHECK(places_.size() <= max_joined, "too many places to join");
  const std::vector<std::uint32_t> part = part_of_each();
  std::vector<UnitVector> point;
  for (const Location& place : places_) point.push_back(unit_vector(place.coordinates.value()));

  std::vector<double> cost(places_.size(), std::numeric_limits<double>::infinity());
  std::vector<VertexId> nearest(places_.size(), 0);
  std::vector<VertexId> outside;
  for (VertexId vertex = 1; vertex < places_.size(); ++vertex) outside.push_back(vertex);
  std::size_t joined = 0;
  for (VertexId added = 0; !outside.empty();) {
    std::size_t best = 0;
    for (std::size_t i = 0; i < outside.size(); ++i) {
      const VertexId vertex = outside[i];
      const double its_cost =
          part[vertex] == part[added] ? -1 : squared_chord(point[vertex], point[added]);
      if (its_cost < cost[vertex]) {
        cost[vertex] = its_cost;
        nearest[vertex] = added;
      }
      if (cost[vertex] < cost[outside[best]]) best = i;
    }
    added = outside[best];
    if (part[added] != part[nearest[added]]) {
      link({.from = nearest[added], .to = added});
      ++joined;
    }
    outside[best] = outside.back();
    outside.pop_back();
  }
  if (repairs && joined > 0)
    doubt(fmt::format("the graph was in {} parts; {} added to join them", joined + 1,
                      counted(joined, "link was", "links were")));
}

// The links of one pair of places. Of a directed source, `onward` and `back` are kept apart.
struct GraphBuilder::Merged {
  std::size_t order;  // of the first in the source
  VertexId from, to;
  std::string name;
  Duration latency;
  double onward = 0;
  double back = 0;
};

Duration GraphBuilder::latency_of(const RawLink& link) {
  if (link.latency) return *link.latency;
  const Location& from = places_[link.from];
  const Location& to = places_[link.to];
  if (from.coordinates && to.coordinates)
    return std::min(defaults_.latency_over(distance_m(*from.coordinates, *to.coordinates)),
                    Graph::max_latency);
  ++without_distance_;
  return defaults_.latency;
}

std::vector<GraphBuilder::Merged> GraphBuilder::merged_links() {
  std::vector<Merged> merged;
  std::unordered_map<std::uint64_t, std::size_t> by_pair;
  for (std::size_t order = 0; order < links_.size(); ++order) {
    RawLink& link = links_[order];
    if (link.from == link.to) {
      ++self_loops_;
      continue;
    }
    const Duration latency = latency_of(link);
    const double bandwidth = link.bandwidth.value_or(defaults_.bandwidth);
    without_bandwidth_ += !link.bandwidth;
    const auto [low, high] = std::minmax(link.from, link.to);
    const auto [pair, fresh] = by_pair.emplace(std::uint64_t{low} << 32 | high, merged.size());
    if (fresh) merged.push_back({order, link.from, link.to, std::move(link.name), latency});
    Merged& all = merged[pair->second];
    all.latency = std::min(all.latency, latency);
    const bool onward = link.from == all.from;
    if (!fresh) ++(link.directed && (onward ? all.onward : all.back) == 0 ? reversed_ : parallel_);
    if (!link.directed || onward) all.onward += bandwidth;
    if (!link.directed || !onward) all.back += bandwidth;
  }
  return merged;
}

std::string GraphBuilder::unique_link_name(const Graph& graph, const Merged& link) const {
  std::string name = printable(link.name);
  if (name.empty()) name = places_[link.from].name + "--" + places_[link.to].name;
  if (graph.link_names_.contains(name))
    name += fmt::format(" ({}--{})", places_[link.from].name, places_[link.to].name);
  const std::string wanted = name;
  for (int suffix = 2; graph.link_names_.contains(name); ++suffix)
    name = fmt::format("{} ({})", wanted, suffix);
  return name;
}

void GraphBuilder::finish_links(Graph& graph, std::vector<Merged> merged) {
  for (Merged& link : merged) {
    const auto id = static_cast<LinkId>(graph.links_.size());
    const bool one_way = link.onward == 0 || link.back == 0;
    one_way_ += one_way;
    const double bandwidth =
        one_way ? std::max(link.onward, link.back) : std::min(link.onward, link.back);
    std::string name = unique_link_name(graph, link);
    graph.link_names_.emplace(name, id);
    graph.links_.push_back({std::move(name), link.from, link.to, link.latency,
                            std::min(bandwidth, Graph::max_bandwidth)});
    boost::add_edge(link.from, link.to, Graph::Network::edge_property_type{id}, graph.network_);
  }
}

void GraphBuilder::state_doubts() {
  const auto state = [&](std::size_t count, std::string_view one, std::string_view many,
                         std::string_view rest) {
    if (count > 0) doubt(counted(count, one, many) + std::string{rest});
  };
  state(cleaned_, "name", "names", " held unprintable or too many characters and changed");
  state(renamed_, "name", "names", " occurred before and got a suffix, as in 'name (2)'");
  state(self_loops_, "link", "links", " from a place to itself dropped");
  state(parallel_, "parallel link", "parallel links",
        " merged: bandwidths added, the lowest latency kept");
  state(reversed_, "pair of opposite links", "pairs of opposite links",
        " read as one link: the lower bandwidth and latency of the two kept");
  state(one_way_, "link", "links", " of one direction only; read as going both ways");
  state(without_distance_, "link has", "links have",
        " no latency and no distance (an end without coordinates): default latency of " +
            spelled(defaults_.latency) + " used");
  state(without_bandwidth_, "link states", "links state",
        " no bandwidth: default of " + spelled_bandwidth(defaults_.bandwidth) + " used");
  const std::vector<std::uint32_t> part = part_of_each();
  std::size_t parts = 0;
  for (VertexId vertex = 0; vertex < part.size(); ++vertex) parts += part[vertex] == vertex;
  if (parts > 1)
    doubt(fmt::format("the graph is in {} parts; there is no route between them", parts));
}

Graph GraphBuilder::build() && {
  Graph graph;
  graph.network_ = Graph::Network(places_.size());
  finish_links(graph, merged_links());
  state_doubts();
  graph.places_ = std::move(places_);
  graph.doubts_ = std::move(doubts_);
  graph.place_names_ = std::move(names_);
  graph.route_by_ = route_by_;
  return graph;
}

}  // namespace evenkeel
