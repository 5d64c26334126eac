// Routes against Floyd and Warshall's algorithm, written down here, on random graphs.
#include "sim/topology/routes.h"

#include <gtest/gtest.h>

#include "tests/topology/support.h"

namespace evenkeel {
namespace {

using std::chrono::milliseconds;

/// (latency in ns, links) by pair, compared by `rule`.
using Lengths = std::vector<std::vector<std::pair<std::int64_t, std::int64_t>>>;

Lengths floyd_warshall(const Graph& graph, RouteBy rule) {
  constexpr std::int64_t far = 1'000'000'000'000'000;
  const std::size_t n = graph.places().size();
  Lengths length(n, std::vector(n, std::pair{far, far}));
  const auto set = [&](VertexId a, VertexId b, std::int64_t latency, std::int64_t links) {
    length[a][b] = rule == RouteBy::latency ? std::pair{latency, links} : std::pair{links, latency};
  };
  for (VertexId v = 0; v < n; ++v) set(v, v, 0, 0);
  for (const Link& link : graph.links()) {
    set(link.from, link.to, link.latency.count(), 1);
    set(link.to, link.from, link.latency.count(), 1);
  }
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        length[i][j] = std::min(length[i][j], {length[i][k].first + length[k][j].first,
                                               length[i][k].second + length[k][j].second});
  return length;
}

void expect_chain(const Graph& graph, const Route& route, VertexId from, VertexId to) {
  Duration latency{};
  double narrowest = std::numeric_limits<double>::infinity();
  for (const LinkId id : route.links) {
    const Link& link = graph.link(id);
    ASSERT_TRUE(link.from == from || link.to == from);
    from = link.other_end(from);
    latency += link.latency;
    narrowest = std::min(narrowest, link.bandwidth);
  }
  EXPECT_EQ(from, to);
  EXPECT_EQ(route.latency, latency);
  EXPECT_EQ(route.bandwidth, narrowest);
}

class RandomGraphs : public testing::TestWithParam<RouteBy> {};

TEST_P(RandomGraphs, HaveTheRoutesOfFloydAndWarshall) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Graph graph = random_graph(30, 20 + seed * 2, seed, GetParam());
    const Lengths lengths = floyd_warshall(graph, GetParam());
    const Routes routes(graph);
    for (VertexId from = 0; from < 30; ++from)
      for (VertexId to = 0; to < 30; ++to) {
        const auto route = routes.route(from, to);
        auto [latency, links] = lengths[from][to];
        if (GetParam() == RouteBy::links) std::swap(latency, links);
        ASSERT_EQ(route.has_value(), links < 1000) << "seed " << seed;
        ASSERT_EQ(routes.latency(from, to).has_value(), route.has_value());
        if (!route) continue;
        ASSERT_EQ(route->latency.count(), latency) << "seed " << seed;
        ASSERT_EQ(static_cast<std::int64_t>(route->links.size()), links) << "seed " << seed;
        ASSERT_EQ(routes.latency(from, to), route->latency);
        expect_chain(graph, *route, from, to);
      }
  }
}

INSTANTIATE_TEST_SUITE_P(Both, RandomGraphs, testing::Values(RouteBy::latency, RouteBy::links));

/// 0 -- 3 over 1 or 2, all links alike.
Graph diamond() {
  GraphBuilder builder{LinkDefaults{}};
  for (int i = 0; i < 4; ++i) builder.add({.name = std::to_string(i)});
  for (const auto& [from, to] : {std::pair{0u, 2u}, {0u, 1u}, {2u, 3u}, {1u, 3u}})
    builder.link({.from = from, .to = to, .latency = milliseconds{1}});
  return std::move(builder).build();
}

TEST(Routes, TakeTheLowestPlaceAmongEquals) {
  const Graph graph = diamond();
  const auto route = Routes(graph).route(0, 3);
  ASSERT_TRUE(route);
  EXPECT_EQ(route->links, (std::vector<LinkId>{1, 3}));
}

TEST(Routes, AvoidExcludedLinks) {
  const Graph graph = diamond();
  const std::vector<LinkId> one{3};
  EXPECT_EQ(Routes(graph, one).route(0, 3)->links, (std::vector<LinkId>{0, 2}));
  const std::vector<LinkId> both{2, 3};
  EXPECT_FALSE(Routes(graph, both).route(0, 3).has_value());
}

TEST(Routes, FromAPlaceToItselfCostNothing) {
  const auto route = Routes(diamond()).route(2, 2);
  ASSERT_TRUE(route);
  EXPECT_TRUE(route->links.empty());
  EXPECT_EQ(route->latency, Duration::zero());
  EXPECT_EQ(route->bandwidth, std::numeric_limits<double>::infinity());
}

TEST(Routes, AreTheSameAfterTreesWereDropped) {
  // 3,000 places x 12 bytes: about 1,860 trees fit; all 3,000 sources do not.
  const Graph graph = make_graph("barabasi_albert", {{"n", 3000}, {"m", 1}});
  const Routes routes(graph);
  const auto before = routes.route(0, 2999);
  for (VertexId source = 1; source < 3000; ++source) routes.latency(source, 0);
  EXPECT_EQ(routes.route(0, 2999)->links, before->links);
}

}  // namespace
}  // namespace evenkeel
