// The nine networks of the Internet Topology Zoo. The numbers were counted with Python's XML
// parser, cut nodes and bridges there by taking away each place and link in turn.
#include <gmock/gmock.h>

#include <cmath>

#include "sim/topology/analysis.h"
#include "sim/topology/readers.h"
#include "sim/topology/routes.h"
#include "tests/topology/support.h"

namespace evenkeel {
namespace {

using testing::HasSubstr;

struct Facts {
  std::string name;
  std::size_t places, links, parts, cut_nodes, bridges, located;
};

std::ostream& operator<<(std::ostream& out, const Facts& facts) { return out << facts.name; }

class Zoo : public testing::TestWithParam<Facts> {};

TEST_P(Zoo, IsReadAsPythonReadsIt) {
  SKIP_WITHOUT_DATA();
  const Facts& facts = GetParam();
  const Graph graph = read_topology_file(data_path("topologies/" + facts.name + ".graphml"));
  EXPECT_EQ(graph.places().size(), facts.places);
  EXPECT_EQ(graph.links().size(), facts.links);
  EXPECT_EQ(parts_of(graph).sizes.size(), facts.parts);
  const Cuts cuts = cuts_of(graph);
  EXPECT_EQ(cuts.nodes.size(), facts.cut_nodes);
  EXPECT_EQ(cuts.bridges.size(), facts.bridges);
  EXPECT_EQ(std::ranges::count_if(graph.places(),
                                  [](const Location& at) { return at.coordinates.has_value(); }),
            static_cast<std::ptrdiff_t>(facts.located));
}

INSTANTIATE_TEST_SUITE_P(All, Zoo,
                         testing::Values(Facts{"Abilene", 11, 14, 1, 0, 0, 11},
                                         Facts{"Arpanet196912", 4, 4, 1, 1, 1, 4},
                                         Facts{"DialtelecomCz", 193, 151, 56, 31, 32, 178},
                                         Facts{"Garr201201", 61, 75, 1, 17, 39, 48},
                                         Facts{"Geant2009", 34, 52, 1, 4, 4, 34},
                                         Facts{"Interoute", 110, 146, 1, 8, 8, 96},
                                         Facts{"Kreonet", 13, 12, 1, 3, 12, 13},
                                         Facts{"Ntt", 47, 63, 16, 5, 7, 47},
                                         Facts{"Psnc", 36, 41, 1, 7, 7, 21}));

Graph zoo(const std::string& name) {
  return read_topology_file(data_path("topologies/" + name + ".graphml"));
}

TEST(ZooQuirks, AreAllStated) {
  SKIP_WITHOUT_DATA();
  EXPECT_THAT(all_doubts(zoo("Psnc")), HasSubstr("7 nodes without a label"));
  EXPECT_THAT(all_doubts(zoo("Psnc")), HasSubstr("13 attributes are of a type that GraphML does"));
  EXPECT_THAT(all_doubts(zoo("Interoute")), HasSubstr("2 links from a place to itself dropped"));
  EXPECT_THAT(all_doubts(zoo("Interoute")), HasSubstr("10 parallel links merged"));
  EXPECT_THAT(all_doubts(zoo("Ntt")), HasSubstr("153 parallel links merged"));
  EXPECT_THAT(all_doubts(zoo("DialtelecomCz")), HasSubstr("the graph is in 56 parts"));
  EXPECT_THAT(all_doubts(zoo("Garr201201")), HasSubstr("12 links state no bandwidth"));
}

TEST(ZooQuirks, NoPlaceIsPutAtTheOriginForWantOfCoordinates) {
  SKIP_WITHOUT_DATA();
  const Graph graph = zoo("Psnc");
  for (const Location& place : graph.places()) {
    if (!place.coordinates) continue;
    EXPECT_GT(place.coordinates->latitude, 45) << place.name;
  }
}

TEST(ZooFacts, NewYorkToChicagoIsAsFarAsTheHaversineSays) {
  SKIP_WITHOUT_DATA();
  // Python: 1145838.7715 m by the haversine formula, x 4.9 us / km = 5614610 ns.
  const Graph graph = zoo("Abilene");
  const auto link = graph.link_between(*graph.find("New York"), *graph.find("Chicago"));
  ASSERT_TRUE(link.has_value());
  EXPECT_EQ(graph.link(*link).latency, Duration{5'614'610});
}

TEST(ZooFacts, InTheFirstArpanetUtahHangsOnStanford) {
  SKIP_WITHOUT_DATA();
  const Graph graph = zoo("Arpanet196912");
  const Cuts cuts = cuts_of(graph);
  ASSERT_EQ(cuts.nodes.size(), 1u);
  EXPECT_EQ(graph.place(cuts.nodes[0].vertex).name, "SRI");
  EXPECT_EQ(cuts.nodes[0].cut_off, std::vector<VertexId>{*graph.find("UTAH")});
  // Of the pairs UTAH-USCB, UTAH-UCLA and USCB-UCLA (which is a link) two pass through it.
  EXPECT_NEAR(reach_of(graph).betweenness[*graph.find("SRI")], 2.0 / 3, 1e-12);
}

TEST(ZooFacts, KreonetKeepsItsStatedSpeeds) {
  SKIP_WITHOUT_DATA();
  const Graph graph = zoo("Kreonet");
  for (const Link& link : graph.links()) EXPECT_GE(link.bandwidth, 2.5e9) << link.name;
  EXPECT_TRUE(graph.doubts().empty());
}

}  // namespace
}  // namespace evenkeel
