// Sites from CSV: the base stations of Melbourne's centre, and hand-made files.
#include <gmock/gmock.h>

#include "models/runtime/user_error.h"
#include "sim/topology/analysis.h"
#include "sim/topology/readers.h"
#include "tests/topology/support.h"

namespace evenkeel {
namespace {

using testing::HasSubstr;
using Connect = SitesSettings::Connect;

Graph read(const std::string& text, SitesSettings settings = {}) {
  const TemporaryFile file(text);
  settings.file = file.path();
  return read_sites(settings, {});
}

std::string refusal(const std::string& text, const SitesSettings& settings = {}) {
  try {
    read(text, settings);
  } catch (const UserError& error) {
    return error.what();
  }
  return "accepted";
}

SitesSettings connected(Connect connect, std::int64_t k = 3, double radius_m = 1000) {
  SitesSettings settings;
  settings.connect = connect;
  settings.k = k;
  settings.radius_m = radius_m;
  return settings;
}

// On the equator at 0, 1, 2 and 10 degrees; a degree is 111.195 km.
const std::string four = "SITE_ID,LATITUDE,LONGITUDE\na,0,0\nb,0,1\nc,0,2\nd,0,10\n";

bool linked(const Graph& graph, const std::string& a, const std::string& b) {
  return graph.link_between(*graph.find(a), *graph.find(b)).has_value();
}

TEST(Sites, AreJoinedByTheShortestTree) {
  const Graph graph = read(four);
  EXPECT_EQ(graph.links().size(), 3u);
  EXPECT_TRUE(linked(graph, "a", "b") && linked(graph, "b", "c") && linked(graph, "c", "d"));
}

TEST(Sites, AreLinkedToTheirNearest) {
  const Graph graph = read(four, connected(Connect::nearest, 1));
  // b is as near to a as to c; d's nearest is c.
  EXPECT_TRUE(linked(graph, "a", "b") && linked(graph, "b", "c") && linked(graph, "c", "d"));
  const Graph two = read(four, connected(Connect::nearest, 2));
  EXPECT_TRUE(linked(two, "a", "c") && linked(two, "b", "d"));
  EXPECT_FALSE(linked(two, "a", "d"));
  EXPECT_EQ(read(four, connected(Connect::nearest, 99)).links().size(), 6u);
}

TEST(Sites, AreLinkedWithinARadiusAndPartsJoined) {
  const Graph graph = read(four, connected(Connect::complete, 0, 230e3));
  EXPECT_EQ(graph.links().size(), 4u);  // ab, bc, ac, and cd to join
  EXPECT_TRUE(linked(graph, "c", "d"));
  EXPECT_THAT(all_doubts(graph), HasSubstr("the graph was in 2 parts; 1 link was added"));
}

TEST(Sites, OfMelbourneFormOneTree) {
  SKIP_WITHOUT_DATA();
  const Graph graph = read_topology_file(data_path("topologies/site-optus-melbCBD.csv"));
  EXPECT_EQ(graph.places().size(), 125u);
  EXPECT_EQ(graph.links().size(), 124u);
  EXPECT_EQ(parts_of(graph).sizes.size(), 1u);
  EXPECT_TRUE(graph.find("10003026").has_value());
}

TEST(Sites, WithoutNamesAreNumberedAndThatIsSaid) {
  SKIP_WITHOUT_DATA();
  const Graph graph = read_topology_file(data_path("topologies/users-melbcbd-generated.csv"));
  EXPECT_EQ(graph.places().size(), 816u);
  EXPECT_EQ(graph.place(815).name, "site 816");
  EXPECT_THAT(all_doubts(graph), HasSubstr("the sites are numbered"));
}

TEST(Sites, MayBeQuotedAndEndInAnyWay) {
  const Graph graph = read("\xEF\xBB\xBFlongitude,latitude,site_id\r\n8,50,\"Main \"\"St\"\", 5\"");
  EXPECT_EQ(graph.place(0).name, "Main \"St\", 5");
  EXPECT_EQ(graph.place(0).coordinates->latitude, 50);
}

TEST(Sites, RefusesWhatIsNoSite) {
  EXPECT_THAT(refusal("SITE_ID,LATITUDE,LONGITUDE\na,91,0\n"),
              HasSubstr(":2:1: the latitude is '91'"));
  EXPECT_THAT(refusal("SITE_ID,LATITUDE,LONGITUDE\na,nan,0\n"), HasSubstr("'nan'"));
  EXPECT_THAT(refusal("SITE_ID,LATITUDE,LONGITUDE\na,,0\n"), HasSubstr("the latitude is ''"));
  EXPECT_THAT(refusal("SITE_ID,LATITUDE,LONGITUDE\na,1\n"),
              HasSubstr("2 fields; the header has 3"));
  EXPECT_THAT(refusal("ID,LATITUDE,LON\na,1,2\n"),
              HasSubstr("no column 'LONGITUDE'; the columns are ID, LATITUDE, LON"));
  EXPECT_THAT(refusal("SITE_ID,LATITUDE,LONGITUDE\n"), HasSubstr("holds no sites"));
  EXPECT_THAT(refusal("SITE_ID,LATITUDE,LONGITUDE\n\"a,1,2\n"), HasSubstr(":2: a quote"));
  SitesSettings named;
  named.name = "NAME";
  EXPECT_THAT(refusal(four, named), HasSubstr("no column 'NAME'"));
  EXPECT_THROW(read_sites({.file = "/does/not/exist.csv"}, {}), UserError);
  EXPECT_THROW(read_sites({.file = "/"}, {}), UserError);
}

}  // namespace
}  // namespace evenkeel
