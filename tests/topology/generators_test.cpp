// What each generator promises, and that equal seeds give equal graphs.
#include <gmock/gmock.h>

#include <cmath>

#include "models/runtime/user_error.h"
#include "sim/topology/analysis.h"
#include "sim/topology/routes.h"
#include "tests/topology/support.h"

namespace evenkeel {
namespace {

using std::chrono::milliseconds;

std::size_t degree(const Graph& graph, VertexId place) {
  return boost::out_degree(place, graph.network());
}

TEST(Star, HasTheCloudInItsMiddle) {
  const Graph graph = make_graph("star", {{"n", 5}, {"latency", 0.003}, {"bandwidth", 5e6}});
  EXPECT_EQ(graph.place(0).tier, "cloud");
  EXPECT_EQ(degree(graph, 0), 5u);
  EXPECT_EQ(graph.links().size(), 5u);
  EXPECT_EQ(graph.link(4).latency, milliseconds{3});
  EXPECT_EQ(graph.link(4).bandwidth, 5e6);
  EXPECT_EQ(graph.place(5).name, "site 5");
}

TEST(FullMesh, LinksEachToEach) {
  const Graph graph = make_graph("full_mesh", {{"n", 9}});
  EXPECT_EQ(graph.links().size(), 36u);
  EXPECT_EQ(graph.link(0).latency, milliseconds{1});
}

TEST(Hierarchy, IsATreeOfItsLevels) {
  const Graph graph = make_graph("hierarchy", {{"regions", 2}, {"sites", 3}, {"devices", 4}});
  EXPECT_EQ(graph.places().size(), 1u + 2 * (1 + 3 * (1 + 4)));
  EXPECT_EQ(graph.links().size(), graph.places().size() - 1);
  EXPECT_EQ(std::ranges::count(graph.places(), "site", &Location::tier), 6);
  EXPECT_EQ(std::ranges::count(graph.places(), "device", &Location::tier), 24);
  const Routes routes(graph);
  EXPECT_EQ(routes.latency(*graph.find("device 1.2.3"), *graph.find("cloud")),
            milliseconds{2 + 4 + 20});
  EXPECT_EQ(routes.latency(*graph.find("site 1.1"), *graph.find("site 2.3")),
            milliseconds{4 + 20 + 20 + 4});
}

TEST(Grid, LinksNeighbours) {
  const Graph graph = make_graph("grid", {{"rows", 3}, {"columns", 5}});
  EXPECT_EQ(graph.links().size(), 3u * 4 + 2u * 5);
  const Graph torus = make_graph("grid", {{"rows", 3}, {"columns", 5}, {"wrap", 1}});
  for (VertexId place = 0; place < 15; ++place) EXPECT_EQ(degree(torus, place), 4u);
}

TEST(Grid, WrapsNoLinkOntoItself) {
  const Graph graph = make_graph("grid", {{"rows", 1}, {"columns", 2}, {"wrap", 1}});
  EXPECT_EQ(graph.links().size(), 1u);
  EXPECT_TRUE(graph.doubts().empty());
}

TEST(BarabasiAlbert, GrowsByMLinksASite) {
  const Graph graph = make_graph("barabasi_albert", {{"n", 2000}, {"m", 3}});
  EXPECT_EQ(graph.links().size(), 6u + (2000 - 4) * 3);
  EXPECT_EQ(parts_of(graph).sizes.size(), 1u);
  // The tail of a power law: far above the mean of 6, which random linking would not reach.
  std::size_t most = 0;
  for (VertexId place = 0; place < 2000; ++place) {
    EXPECT_GE(degree(graph, place), 3u);
    most = std::max(most, degree(graph, place));
  }
  EXPECT_GT(most, 60u);
}

TEST(Waxman, IsConnectedAndLinksNearSitesMore) {
  const Graph graph = make_graph("waxman", {{"n", 400}, {"alpha", 0.1}, {"beta", 0.5}});
  EXPECT_EQ(parts_of(graph).sizes.size(), 1u);
  double linked_m = 0, all_m = 0;
  for (const Link& link : graph.links())
    linked_m += distance_m(*graph.place(link.from).coordinates, *graph.place(link.to).coordinates);
  for (VertexId place = 1; place < 400; ++place)
    all_m += distance_m(*graph.place(0).coordinates, *graph.place(place).coordinates);
  EXPECT_LT(linked_m / static_cast<double>(graph.links().size()), 0.6 * all_m / 399);
}

TEST(Waxman, HasAsManyLinksAsItsFormulaSays) {
  // With alpha very large every pair is linked with probability beta: 0.3 x 499,500 +- 5 sigma.
  const Graph graph = make_graph("waxman", {{"n", 1000}, {"alpha", 1e9}, {"beta", 0.3}});
  const double expected = 0.3 * 1000 * 999 / 2;
  EXPECT_NEAR(static_cast<double>(graph.links().size()), expected, 5 * std::sqrt(expected * 0.7));
}

TEST(Waxman, SaysHowManyPartsItJoined) {
  const Graph graph = make_graph("waxman", {{"n", 50}, {"beta", 1e-6}});
  EXPECT_EQ(graph.links().size(), 49u);
  EXPECT_THAT(all_doubts(graph), testing::HasSubstr("the graph was in 50 parts; 49 links were"));
}

TEST(Generators, GiveEqualGraphsForEqualSeeds) {
  for (const std::string source : {"waxman", "barabasi_albert"}) {
    const auto ends = [&](std::uint64_t seed) {
      std::vector<std::pair<VertexId, VertexId>> all;
      const Graph graph = make_graph(source, {}, {}, seed);
      for (const Link& link : graph.links()) all.emplace_back(link.from, link.to);
      return all;
    };
    EXPECT_EQ(ends(7), ends(7)) << source;
    EXPECT_NE(ends(7), ends(8)) << source;
  }
}

TEST(Generators, RefuseMoreThanAGraphMayHold) {
  const auto refused = [](const std::string& source, std::map<std::string, double> numbers) {
    GivenFields fields{std::move(numbers)};
    topologies().find(source)->configure(fields);
    return !fields.refused.empty();
  };
  EXPECT_TRUE(refused("grid", {{"rows", 1000}, {"columns", 1000}}));
  EXPECT_TRUE(refused("hierarchy", {{"regions", 100}, {"sites", 100}, {"devices", 100}}));
  EXPECT_TRUE(refused("barabasi_albert", {{"n", 5}, {"m", 5}}));
  EXPECT_TRUE(refused("barabasi_albert", {{"n", 100'000}, {"m", 11}}));
  EXPECT_THROW(make_graph("waxman", {{"n", 3000}, {"alpha", 10}, {"beta", 1}}), UserError);
}

TEST(Topologies, AreOneForEachOfTheirFiles) {
  const std::vector<std::string> expected{
      "barabasi_albert", "full_mesh", "graphml",   "grid", "hierarchy",
      "matrix",          "simgrid",   "sites_csv", "star", "waxman"};
  std::vector<std::string> names;
  for (const Entry& entry : topologies().entries()) {
    names.push_back(entry.name);
    EXPECT_TRUE(std::filesystem::exists(std::string{EVENKEEL_SOURCE_DIR} + "/sim/topology/" +
                                        entry.name + ".cpp"))
        << entry.name;
  }
  EXPECT_EQ(names, expected);
}

TEST(Topologies, FromFilesAskForTheFile) {
  for (const std::string source : {"graphml", "simgrid", "matrix", "sites_csv"})
    EXPECT_THROW(make_graph(source, {}), UserError) << source;
}

TEST(Topologies, MayBeReadFromAFileByTheirEntry) {
  const TemporaryFile file("<graphml><graph><node id='a'/></graph></graphml>", ".graphml");
  EXPECT_EQ(make_graph("graphml", {}, {{"file", file.path()}}).places().size(), 1u);
}

}  // namespace
}  // namespace evenkeel
