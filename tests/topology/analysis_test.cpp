// Cut nodes, bridges and betweenness against brute force and against graphs whose values are known.
#include "sim/topology/analysis.h"

#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "sim/topology/routes.h"
#include "tests/topology/support.h"

namespace evenkeel {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

/// Links of 1 ms between numbered places.
Graph of_links(std::size_t places, const std::vector<std::pair<VertexId, VertexId>>& links) {
  GraphBuilder builder{LinkDefaults{}};
  for (std::size_t i = 0; i < places; ++i) builder.add({.name = "p" + std::to_string(i)});
  for (const auto& [from, to] : links)
    builder.link({.from = from, .to = to, .latency = milliseconds{1}});
  return std::move(builder).build();
}

TEST(Cuts, AreWhatTakingAwayFindsOnRandomGraphs) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Graph graph = random_graph(25, 15 + seed % 30, seed);
    const std::size_t parts = flooded_parts(graph, nothing, nothing);
    ASSERT_EQ(parts_of(graph).sizes.size(), parts);
    const Cuts cuts = cuts_of(graph);
    std::vector<std::uint32_t> pieces(25, 1);
    for (const CutNode& cut : cuts.nodes) pieces[cut.vertex] = cut.pieces;
    for (VertexId place = 0; place < 25; ++place) {
      const bool alone = boost::out_degree(place, graph.network()) == 0;
      ASSERT_EQ(flooded_parts(graph, place, nothing), parts - 1 + (alone ? 0 : pieces[place]))
          << "seed " << seed << " place " << place;
    }
    std::vector<char> is_bridge(graph.links().size(), 0);
    for (const Bridge& cut : cuts.bridges) is_bridge[cut.link] = 1;
    for (LinkId link = 0; link < graph.links().size(); ++link)
      ASSERT_EQ(flooded_parts(graph, nothing, link) > parts, is_bridge[link] != 0)
          << "seed " << seed << " link " << link;
  }
}

/// Without the failed place or link, does no link lead from these places to others?
bool is_cut_off(const Graph& graph, const std::vector<VertexId>& places, VertexId failed_place,
                LinkId failed_link) {
  std::vector<char> among(graph.places().size(), 0);
  for (const VertexId place : places) among[place] = 1;
  for (LinkId id = 0; id < graph.links().size(); ++id) {
    const Link& link = graph.link(id);
    if (id == failed_link || link.from == failed_place || link.to == failed_place) continue;
    if (among[link.from] != among[link.to]) return false;
  }
  return true;
}

TEST(Cuts, NameWhatTheyCutOff) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Graph graph = random_graph(25, 15 + seed % 30, seed);
    const Cuts cuts = cuts_of(graph);
    for (const CutNode& cut : cuts.nodes) {
      const std::vector<VertexId> failed{cut.vertex};
      ASSERT_EQ(cut_off_by(graph, failed, {}).size(), cut.cut_off_count) << "seed " << seed;
      ASSERT_EQ(cut.cut_off.size(), cut.cut_off_count);
      ASSERT_TRUE(is_cut_off(graph, cut.cut_off, cut.vertex, nothing)) << "seed " << seed;
    }
    for (const Bridge& cut : cuts.bridges) {
      const std::vector<LinkId> failed{cut.link};
      ASSERT_EQ(cut_off_by(graph, {}, failed).size(), cut.cut_off_count) << "seed " << seed;
      ASSERT_TRUE(is_cut_off(graph, cut.cut_off, nothing, cut.link)) << "seed " << seed;
    }
  }
}

TEST(Cuts, OfAChainOfThreeAreItsMiddleAndItsLinks) {
  const Graph graph = of_links(3, {{0, 1}, {1, 2}});
  const Cuts cuts = cuts_of(graph);
  ASSERT_EQ(cuts.nodes.size(), 1u);
  EXPECT_EQ(cuts.nodes[0].vertex, 1u);
  EXPECT_EQ(cuts.nodes[0].pieces, 2u);
  EXPECT_EQ(cuts.nodes[0].cut_off_count, 1u);
  EXPECT_EQ(cuts.bridges.size(), 2u);
}

TEST(Cuts, OfALongChainTakeLinearTime) {
  const Graph graph = make_graph("grid", {{"rows", 1}, {"columns", 100'000}});
  const Cuts cuts = cuts_of(graph);
  EXPECT_EQ(cuts.nodes.size(), 99'998u);
  EXPECT_EQ(cuts.nodes[0].cut_off_count, 49'999u);
  EXPECT_EQ(cuts.nodes[0].cut_off.size(), max_listed);
}

TEST(Failures, OfPlacesAndLinksTogetherCutOffTheSmallerPieces) {
  // 0 - 1 - 2 - 3 - 4 - 5 and 6 apart.
  const Graph graph = of_links(7, {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}});
  const std::vector<VertexId> places{1};
  const std::vector<LinkId> links{4};
  EXPECT_THAT(cut_off_by(graph, places, links), ElementsAre(0, 5));
  EXPECT_TRUE(cut_off_by(graph, {}, {}).empty());
}

/// Freeman's definition over all pairs, from counts of shortest paths.
std::vector<double> betweenness_by_definition(const Graph& graph) {
  const std::size_t n = graph.places().size();
  using Cost = std::pair<std::int64_t, std::int64_t>;
  constexpr Cost far{std::int64_t{1} << 50, 0};
  std::vector<std::vector<Cost>> cost(n, std::vector<Cost>(n, far));
  for (std::size_t v = 0; v < n; ++v) cost[v][v] = {0, 0};
  for (const Link& link : graph.links())
    cost[link.from][link.to] = cost[link.to][link.from] = {link.latency.count(), 1};
  const auto plus = [](Cost a, Cost b) { return Cost{a.first + b.first, a.second + b.second}; };
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        cost[i][j] = std::min(cost[i][j], plus(cost[i][k], cost[k][j]));
  // Paths of h links are one link and a path of h - 1.
  std::vector<std::vector<double>> paths(n, std::vector<double>(n, 0));
  for (std::size_t s = 0; s < n; ++s) {
    paths[s][s] = 1;
    for (std::int64_t hops = 1; hops < static_cast<std::int64_t>(n); ++hops)
      for (const Link& link : graph.links())
        for (const auto& [from, to] : {std::pair{link.from, link.to}, {link.to, link.from}})
          if (cost[s][to].second == hops && cost[s][to] < far &&
              plus(cost[s][from], {link.latency.count(), 1}) == cost[s][to])
            paths[s][to] += paths[s][from];
  }
  std::vector<double> between(n, 0);
  for (std::size_t v = 0; v < n; ++v)
    for (std::size_t s = 0; s < n; ++s)
      for (std::size_t t = 0; t < n; ++t)
        if (s != v && t != v && s != t && cost[s][t] < far &&
            plus(cost[s][v], cost[v][t]) == cost[s][t])
          between[v] += paths[s][v] * paths[v][t] / paths[s][t];
  for (double& value : between) value /= static_cast<double>((n - 1) * (n - 2));
  return between;
}

TEST(Betweenness, IsFreemansDefinitionOnRandomGraphs) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const Graph graph = random_graph(20, 15 + seed, seed);
    const std::vector<double> expected = betweenness_by_definition(graph);
    const Reach reach = reach_of(graph);
    for (VertexId v = 0; v < 20; ++v)
      ASSERT_NEAR(reach.betweenness[v], expected[v], 1e-12) << "seed " << seed << " place " << v;
  }
}

TEST(Betweenness, OfTheMiddleOfAStarIsOne) {
  const Reach reach = reach_of(make_graph("star", {{"n", 50}}));
  EXPECT_NEAR(reach.betweenness[0], 1, 1e-12);
  EXPECT_NEAR(reach.betweenness[7], 0, 1e-12);
}

TEST(Betweenness, StaysANumberWhereThePathsAreBeyondCounting) {
  // A chain of 1,500 diamonds has 2^1500 shortest paths from end to end, beyond any double.
  std::vector<std::pair<VertexId, VertexId>> links;
  for (VertexId i = 0; i < 1500; ++i)
    for (const VertexId side : {1u, 2u}) {
      links.emplace_back(3 * i, 3 * i + side);
      links.emplace_back(3 * i + side, 3 * i + 3);
    }
  const Reach reach = reach_of(of_links(4501, links));
  for (const double value : reach.betweenness) {
    ASSERT_TRUE(std::isfinite(value));
    ASSERT_LE(value, 1);
  }
}

TEST(Betweenness, OfASampleIsNearTheExactValue) {
  // The middle of a star of 2,500: exactly 1 whatever the sample.
  const Reach reach = reach_of(make_graph("star", {{"n", 2500}}));
  EXPECT_FALSE(reach.exact);
  EXPECT_EQ(reach.sources, 2000u * 2000 / 2501);
  EXPECT_NEAR(reach.betweenness[0], 1, 0.01);
}

TEST(Diameter, OfAGridIsItsTwoSides) {
  const Reach reach =
      reach_of(make_graph("grid", {{"rows", 5}, {"columns", 7}, {"latency", 0.002}}));
  EXPECT_EQ(reach.diameter, milliseconds{2 * (4 + 6)});
  EXPECT_EQ(reach.diameter_links, 10u);
}

TEST(Diameter, OfARingIsHalfOfIt) {
  const Reach reach =
      reach_of(make_graph("grid", {{"rows", 1}, {"columns", 9}, {"wrap", 1}, {"latency", 0.001}}));
  EXPECT_EQ(reach.diameter, milliseconds{4});
}

TEST(Description, SaysWhatAUserAsksFor) {
  const Graph graph = of_links(4, {{0, 1}, {1, 2}});
  const std::string text = describe_topology(graph);
  EXPECT_THAT(text, HasSubstr("places      4"));
  EXPECT_THAT(text, HasSubstr("parts       2"));
  EXPECT_THAT(text, HasSubstr("diameter    2 ms one way (p0 - p2); 2 links"));
  EXPECT_THAT(text, HasSubstr("Cut nodes: 1"));
  EXPECT_THAT(text, HasSubstr("  p1     1  p"));
  EXPECT_THAT(text, HasSubstr("the graph is in 2 parts"));
}

TEST(Description, CapsItsLists) {
  EXPECT_THAT(describe_topology(make_graph("star", {{"n", 50}})), HasSubstr("... and 40 more"));
}

TEST(Description, IsAlsoJson) {
  const nlohmann::json json = topology_json(of_links(3, {{0, 1}, {1, 2}}));
  EXPECT_EQ(json["places"].size(), 3u);
  EXPECT_EQ(json["links"][0]["latency_s"], 0.001);
  EXPECT_EQ(json["cut_nodes"][0]["place"], "p1");
  EXPECT_NO_THROW(json.dump());
}

TEST(Description, OfOnePlaceIsFine) {
  const Graph graph = of_links(1, {});
  EXPECT_THAT(describe_topology(graph), HasSubstr("places      1"));
  EXPECT_EQ(topology_json(graph)["parts"].size(), 1u);
}

}  // namespace
}  // namespace evenkeel
