// Looking things up in a graph.
#include "sim/topology/graph.h"

namespace evenkeel {
namespace {

template <class Id>
std::optional<Id> looked_up(const std::unordered_map<std::string, Id>& names,
                            std::string_view name) {
  const auto found = names.find(std::string{name});
  return found == names.end() ? std::nullopt : std::optional{found->second};
}

}  // namespace

std::optional<VertexId> Graph::find(std::string_view name) const {
  return looked_up(place_names_, name);
}

std::optional<LinkId> Graph::find_link(std::string_view name) const {
  return looked_up(link_names_, name);
}

std::optional<LinkId> Graph::link_between(VertexId a, VertexId b) const {
  if (boost::out_degree(a, network_) > boost::out_degree(b, network_)) std::swap(a, b);
  const auto [first, last] = boost::out_edges(a, network_);
  for (auto edge = first; edge != last; ++edge)
    if (boost::target(*edge, network_) == b) return boost::get(boost::edge_index, network_, *edge);
  return std::nullopt;
}

}  // namespace evenkeel
