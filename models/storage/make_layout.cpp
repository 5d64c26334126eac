// Assigns partitions to members by flows of minimum cost: source -> partition -> zone -> member ->
// sink, where giving a partition to who has it already gains one. The cost is minimised by the
// primal-dual method (Ford & Fulkerson 1962): a maximum flow along the shortest paths, by rising
// length.
#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/bellman_ford_shortest_paths.hpp>
#include <boost/graph/boykov_kolmogorov_max_flow.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

#include "models/storage/fair_loads.h"

namespace evenkeel {
namespace {

using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::bidirectionalS>;
struct Arc {
  int open = 0;  // how much more may flow
  int cost = 0;
  // In the present round:
  int length = 0;  // the cost if it is open
  int usable = 0;  // how much may flow
  int unused = 0;  // how much of that did not
  Traits::edge_descriptor reverse = {};
};
using Graph =
    boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS, boost::no_property, Arc>;
using Vertex = Traits::vertex_descriptor;
using Edge = Traits::edge_descriptor;

constexpr double rounding = 1e-6;         // of fair loads
constexpr int above_all_moves = 1 << 20;  // what it gains to give a member its least
constexpr int unreached = std::numeric_limits<int>::max();

/// The order in which a partition likes members: spreads each member's partitions over many others.
std::uint64_t liking(std::size_t partition, NodeId node) {
  return mix(mix(partition + 1) + 0x9e3779b97f4a7c15ULL * (index(node) + 1));
}

class Assignment {
 public:
  /// Of the partitions of one region.
  Assignment(const Layout& layout, std::size_t region, const Layout* previous)
      : members_(layout.members_of(region)), previous_(previous) {
    std::vector<std::size_t> its;
    for (std::size_t p = region; p < partitions; p += layout.regions()) its.push_back(p);
    wanted_ = spread(members_, layout.copies, its.size());
    for (std::size_t i = 0; i < members_.size(); ++i) zones_[members_[i].zone].push_back(i);
    source_ = boost::add_vertex(graph_);
    for (const std::size_t p : its) add_partition(p);
    add_members();
  }

  void solve(std::vector<std::vector<NodeId>>& replicas) {
    const auto all = static_cast<int>(wanted_.copies * wanted_.partitions);
    for (int flow = 0; flow < all;) {
      const int more = follow_shortest_paths();
      EVENKEEL_CHECK(more > 0, "fair loads always allow an assignment");
      flow += more;
    }
    for (const Choice& choice : choices_)
      if (graph_[choice.edge].open == 0) replicas[choice.partition].push_back(node(choice.member));
  }

 private:
  struct Choice {
    std::size_t partition;
    std::size_t member;
    Vertex from;
    Edge edge = {};
  };

  Edge connect(Vertex from, Vertex to, int capacity, int cost = 0) {
    const Edge there = boost::add_edge(from, to, graph_).first;
    const Edge back = boost::add_edge(to, from, graph_).first;
    graph_[there] = {.open = capacity, .cost = cost, .reverse = back};
    graph_[back] = {.cost = -cost, .reverse = there};
    return there;
  }

  /// `wanted_.zones` copies go to zones of their own; the others to any.
  void add_partition(std::size_t p) {
    const auto more = static_cast<int>(wanted_.copies - wanted_.zones);
    const Vertex apart = boost::add_vertex(graph_);
    const Vertex anywhere = more > 0 ? boost::add_vertex(graph_) : apart;
    connect(source_, apart, static_cast<int>(wanted_.zones));
    if (more > 0) connect(source_, anywhere, more);
    std::vector<std::pair<std::uint64_t, const std::vector<std::size_t>*>> zones;
    for (const auto& [zone, members] : zones_)
      zones.emplace_back(liking(p, NodeId{zone}), &members);
    std::ranges::sort(zones);
    for (const auto& [order, members] : zones) {
      Vertex in_zone = apart;
      if (members->size() > 1 || more > 0) {
        in_zone = boost::add_vertex(graph_);
        connect(apart, in_zone, 1);
        if (more > 0) connect(anywhere, in_zone, more);
      }
      for (const std::size_t member : *members) choices_.push_back({p, member, in_zone});
    }
  }

  /// Members come last, so that vertices are in the order in which paths visit them.
  void add_members() {
    std::ranges::sort(choices_, {}, [&](const Choice& choice) {
      return std::tuple{liking(choice.partition, node(choice.member)), choice.partition,
                        choice.member};
    });
    const std::vector<double> loads = fair_loads(members_, wanted_);
    std::vector<Vertex> members;
    for (std::size_t i = 0; i < loads.size(); ++i) members.push_back(boost::add_vertex(graph_));
    sink_ = boost::add_vertex(graph_);
    for (Choice& choice : choices_)
      choice.edge = connect(choice.from, members[choice.member], 1, has(choice) ? -1 : 0);
    for (std::size_t i = 0; i < loads.size(); ++i) {
      const int least = static_cast<int>(std::floor(loads[i] + rounding));
      const int most = static_cast<int>(std::ceil(loads[i] - rounding));
      connect(members[i], sink_, least, -above_all_moves);
      if (most > least) connect(members[i], sink_, 1);
    }
  }

  NodeId node(std::size_t member) const { return members_[member].node; }
  bool has(const Choice& choice) const {
    if (previous_ == nullptr || previous_->replicas.size() != partitions) return false;
    const std::vector<NodeId>& row = previous_->replicas[choice.partition];
    return std::ranges::find(row, node(choice.member)) != row.end();
  }

  /// How much flows along paths of the least cost that there are.
  int follow_shortest_paths() {
    for (const Edge& edge : boost::make_iterator_range(boost::edges(graph_)))
      graph_[edge].length = graph_[edge].open > 0 ? graph_[edge].cost : unreached;
    std::vector<int> distance(boost::num_vertices(graph_), unreached);
    boost::bellman_ford_shortest_paths(
        graph_, boost::num_vertices(graph_),
        boost::weight_map(boost::get(&Arc::length, graph_))
            .distance_map(boost::make_iterator_property_map(
                distance.begin(), boost::get(boost::vertex_index, graph_)))
            .root_vertex(source_));
    for (const Edge& edge : boost::make_iterator_range(boost::edges(graph_))) {
      const int from = distance[boost::source(edge, graph_)];
      const int to = distance[boost::target(edge, graph_)];
      const bool is_on_path = from != unreached && to == from + graph_[edge].cost;
      graph_[edge].usable = is_on_path ? graph_[edge].open : 0;
    }
    const int flow = boost::boykov_kolmogorov_max_flow(
        graph_, boost::get(&Arc::usable, graph_), boost::get(&Arc::unused, graph_),
        boost::get(&Arc::reverse, graph_), boost::get(boost::vertex_index, graph_), source_, sink_);
    for (const Edge& edge : boost::make_iterator_range(boost::edges(graph_)))
      graph_[edge].open += graph_[edge].unused - graph_[edge].usable;
    return flow;
  }

  std::vector<Member> members_;
  const Layout* previous_;
  Spread wanted_;
  std::map<std::uint32_t, std::vector<std::size_t>> zones_;
  Graph graph_;
  Vertex source_ = {};
  Vertex sink_ = {};
  std::vector<Choice> choices_;
};

}  // namespace

Result<Layout> make_layout(std::vector<Member> members, std::uint32_t copies,
                           const Layout* previous, std::vector<std::vector<NodeId>> homes) {
  if (members.empty() || members.size() > most_members)
    return Error{ErrorCode::invalid, "a layout has 1 to " + std::to_string(most_members) +
                                         " members, not " + std::to_string(members.size())};
  if (copies == 0 || copies > most_copies)
    return Error{ErrorCode::invalid, "a layout keeps 1 to " + std::to_string(most_copies) +
                                         " copies, not " + std::to_string(copies)};
  std::ranges::sort(members, {}, &Member::node);
  for (std::size_t i = 0; i < members.size(); ++i) {
    const std::string name = "node " + std::to_string(index(members[i].node));
    if (i > 0 && members[i].node == members[i - 1].node)
      return Error{ErrorCode::invalid, name + " is a member twice: list it once"};
    if (!std::isfinite(members[i].capacity) || members[i].capacity <= 0)
      return Error{ErrorCode::invalid, name + " needs a capacity above 0"};
  }
  Layout layout{.version = previous == nullptr ? 1 : previous->version + 1,
                .copies = copies,
                .members = std::move(members),
                .homes = previous == nullptr ? std::move(homes) : previous->homes};
  for (std::vector<NodeId>& home : layout.homes) {
    std::ranges::sort(home);
    std::erase_if(home, [&](NodeId node) {
      return !std::ranges::binary_search(layout.members, node, {}, &Member::node);
    });
    if (home.empty())
      return Error{ErrorCode::invalid,
                   "the last node that may keep some table would be no member any more"};
  }
  layout.replicas.resize(partitions);
  for (std::size_t region = 0; region < layout.regions(); ++region)
    Assignment{layout, region, previous}.solve(layout.replicas);
  return layout;
}

}  // namespace evenkeel
