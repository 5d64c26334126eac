// Parts, cut nodes and bridges. Boost.Graph's biconnected components give the depth-first tree with
// its low points; what hangs below a place or link follows from them.
#include <algorithm>

#include <boost/graph/biconnected_components.hpp>
#include <boost/graph/connected_components.hpp>

#include "sim/topology/analysis.h"

namespace evenkeel {
namespace {

constexpr VertexId none = ~VertexId{0};

/// A depth-first forest in visiting order: the places below one follow it directly.
class DepthFirstTree {
 public:
  explicit DepthFirstTree(const Graph& graph)
      : size_(graph.places().size()), found_(size_), low_(size_), parent_(size_, none) {
    const auto index = boost::get(boost::vertex_index, graph.network());
    std::vector<VertexId> cut;
    boost::biconnected_components(
        graph.network(), boost::dummy_property_map(), std::back_inserter(cut),
        boost::vertex_index_map(index)
            .discover_time_map(boost::make_iterator_property_map(found_.begin(), index))
            .lowpoint_map(boost::make_iterator_property_map(low_.begin(), index))
            .predecessor_map(boost::make_iterator_property_map(parent_.begin(), index)));
    order_in_time();
    below_.assign(size_, 1);
    root_.assign(size_, 0);
    for (auto vertex = order_.rbegin(); vertex != order_.rend(); ++vertex)
      if (!is_root(*vertex)) below_[parent_[*vertex]] += below_[*vertex];
    for (const VertexId vertex : order_)
      root_[vertex] = is_root(vertex) ? vertex : root_[parent_[vertex]];
  }

  const std::vector<VertexId>& order() const { return order_; }
  bool is_root(VertexId vertex) const {
    return parent_[vertex] == none || parent_[vertex] == vertex;
  }
  VertexId parent(VertexId vertex) const { return parent_[vertex]; }
  /// The places of the subtree, itself included.
  std::span<const VertexId> subtree(VertexId vertex) const {
    return {order_.data() + position_[vertex], below_[vertex]};
  }
  std::span<const VertexId> whole(VertexId vertex) const { return subtree(root_[vertex]); }
  /// No link leads from the subtree to above its parent ...
  bool hangs_on_parent(VertexId vertex) const { return low_[vertex] >= found_[parent_[vertex]]; }
  /// ... or even to its parent, but for the one link of the tree.
  bool hangs_on_link(VertexId vertex) const { return low_[vertex] > found_[parent_[vertex]]; }

 private:
  void order_in_time() {
    order_.resize(size_);
    for (VertexId vertex = 0; vertex < size_; ++vertex) order_[vertex] = vertex;
    std::ranges::sort(order_, {}, [this](VertexId vertex) { return found_[vertex]; });
    position_.resize(size_);
    for (std::uint32_t i = 0; i < size_; ++i) position_[order_[i]] = i;
  }

  std::size_t size_;
  std::vector<std::size_t> found_;
  std::vector<std::size_t> low_;
  std::vector<VertexId> parent_;
  std::vector<VertexId> order_;
  std::vector<std::uint32_t> position_;
  std::vector<std::uint32_t> below_;
  std::vector<VertexId> root_;
};

/// The lowest places, in order.
std::vector<VertexId> first_listed(std::vector<VertexId> places) {
  const std::size_t count = std::min(places.size(), max_listed);
  std::ranges::partial_sort(places, places.begin() + static_cast<std::ptrdiff_t>(count));
  places.resize(count);
  return places;
}

/// The whole without a subtree of it, which lies side by side.
std::vector<VertexId> remainder(std::span<const VertexId> whole,
                                std::span<const VertexId> subtree) {
  std::vector<VertexId> places(whole.data(), subtree.data());
  places.insert(places.end(), subtree.data() + subtree.size(), whole.data() + whole.size());
  return places;
}

/// Finds how much each loss cuts off, then what, for the worst.
class CutFinder {
 public:
  explicit CutFinder(const Graph& graph)
      : graph_(graph), tree_(graph), hanging_(graph.places().size()) {}

  Cuts find() {
    for (const VertexId vertex : tree_.order()) {
      if (tree_.is_root(vertex)) continue;
      if (tree_.hangs_on_parent(vertex)) hanging_[tree_.parent(vertex)].push_back(vertex);
      if (tree_.hangs_on_link(vertex)) add_bridge(vertex);
    }
    for (VertexId vertex = 0; vertex < hanging_.size(); ++vertex)
      if (hanging_[vertex].size() > (tree_.is_root(vertex) ? 1u : 0u)) add_node(vertex);
    std::ranges::sort(cuts_.nodes, [](const CutNode& a, const CutNode& b) {
      return std::pair{b.cut_off_count, a.vertex} < std::pair{a.cut_off_count, b.vertex};
    });
    std::ranges::sort(cuts_.bridges, [](const Bridge& a, const Bridge& b) {
      return std::pair{b.cut_off_count, a.link} < std::pair{a.cut_off_count, b.link};
    });
    for (std::size_t i = 0; i < std::min(cuts_.nodes.size(), max_listed); ++i)
      list_cut_off(cuts_.nodes[i]);
    for (std::size_t i = 0; i < std::min(cuts_.bridges.size(), max_listed); ++i)
      list_cut_off(cuts_.bridges[i]);
    return std::move(cuts_);
  }

 private:
  /// The largest of the subtrees that hang on a place, and how much is left above.
  std::pair<std::span<const VertexId>, std::size_t> pieces(VertexId vertex) const {
    std::size_t above = tree_.whole(vertex).size() - 1;
    std::span<const VertexId> largest;
    for (const VertexId child : hanging_[vertex]) {
      const auto below = tree_.subtree(child);
      above -= below.size();
      if (below.size() > largest.size()) largest = below;
    }
    return {largest, above};
  }

  void add_node(VertexId vertex) {
    const auto [largest, above] = pieces(vertex);
    const std::size_t stays = std::max(largest.size(), above);
    cuts_.nodes.push_back(
        {.vertex = vertex,
         .pieces = static_cast<std::uint32_t>(hanging_[vertex].size() + (above > 0 ? 1 : 0)),
         .cut_off_count = tree_.whole(vertex).size() - 1 - stays});
  }

  void list_cut_off(CutNode& cut) const {
    const auto [largest, above] = pieces(cut.vertex);
    std::vector<VertexId> places;
    if (largest.size() > above) {
      places = remainder(tree_.whole(cut.vertex), largest);
      std::erase(places, cut.vertex);
    } else {
      for (const VertexId child : hanging_[cut.vertex]) {
        const auto below = tree_.subtree(child);
        places.insert(places.end(), below.begin(), below.end());
      }
    }
    cut.cut_off = first_listed(std::move(places));
  }

  void add_bridge(VertexId below) {
    const std::size_t hanging = tree_.subtree(below).size();
    const LinkId link = graph_.link_between(below, tree_.parent(below)).value();
    cuts_.bridges.push_back(
        {.link = link, .cut_off_count = std::min(hanging, tree_.whole(below).size() - hanging)});
  }

  void list_cut_off(Bridge& cut) const {
    const Link& link = graph_.link(cut.link);
    const VertexId below = tree_.parent(link.from) == link.to ? link.from : link.to;
    const auto hanging = tree_.subtree(below);
    const auto whole = tree_.whole(below);
    cut.cut_off = first_listed(2 * hanging.size() <= whole.size()
                                   ? std::vector<VertexId>(hanging.begin(), hanging.end())
                                   : remainder(whole, hanging));
  }

  const Graph& graph_;
  DepthFirstTree tree_;
  std::vector<std::vector<VertexId>> hanging_;  // the subtrees that only a place holds on
  Cuts cuts_;
};

/// A piece of what failures leave of a graph.
void visit(const Graph& graph, VertexId start, const std::vector<char>& link_failed,
           std::vector<char>& seen, std::vector<VertexId>& piece) {
  piece.assign(1, start);
  seen[start] = 1;
  for (std::size_t i = 0; i < piece.size(); ++i) {
    const auto [first, last] = boost::out_edges(piece[i], graph.network());
    for (auto edge = first; edge != last; ++edge) {
      const auto next = static_cast<VertexId>(boost::target(*edge, graph.network()));
      if (seen[next] || link_failed[boost::get(boost::edge_index, graph.network(), *edge)])
        continue;
      seen[next] = 1;
      piece.push_back(next);
    }
  }
}

}  // namespace

Parts parts_of(const Graph& graph) {
  Parts parts;
  parts.of_place.resize(graph.places().size());
  const auto index = boost::get(boost::vertex_index, graph.network());
  const auto count = boost::connected_components(
      graph.network(), boost::make_iterator_property_map(parts.of_place.begin(), index));
  parts.sizes.assign(static_cast<std::size_t>(count), 0);
  for (const std::uint32_t part : parts.of_place) ++parts.sizes[part];
  return parts;
}

Cuts cuts_of(const Graph& graph) {
  return graph.places().empty() ? Cuts{} : CutFinder(graph).find();
}

std::vector<VertexId> cut_off_by(const Graph& graph, std::span<const VertexId> failed_places,
                                 std::span<const LinkId> failed_links) {
  const Parts parts = parts_of(graph);
  std::vector<char> link_failed(graph.links().size(), 0);
  for (const LinkId link : failed_links) link_failed[link] = 1;
  std::vector<char> seen(graph.places().size(), 0);
  for (const VertexId place : failed_places) seen[place] = 1;
  std::vector<std::vector<VertexId>> largest(parts.sizes.size());
  std::vector<VertexId> cut_off;
  std::vector<VertexId> piece;
  for (VertexId start = 0; start < seen.size(); ++start) {
    if (seen[start]) continue;
    visit(graph, start, link_failed, seen, piece);
    std::vector<VertexId>& best = largest[parts.of_place[start]];
    if (piece.size() > best.size()) std::swap(piece, best);
    cut_off.insert(cut_off.end(), piece.begin(), piece.end());
  }
  std::ranges::sort(cut_off);
  return cut_off;
}

}  // namespace evenkeel
