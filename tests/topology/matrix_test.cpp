// Latency matrices: pings between the regions of a cloud, and tables.
#include <gmock/gmock.h>

#include "models/runtime/user_error.h"
#include "sim/topology/readers.h"
#include "sim/topology/routes.h"
#include "tests/topology/support.h"

namespace evenkeel {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

Graph read(const std::string& text, MatrixSettings settings = {}) {
  const TemporaryFile file(text);
  settings.file = file.path();
  return read_matrix(settings, {});
}

std::string refusal(const std::string& text) {
  try {
    read(text);
  } catch (const UserError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Matrix, OfAwsHasHalfTheMeanOfBothPings) {
  SKIP_WITHOUT_DATA();
  const Graph graph = read_topology_file(data_path("latency/latency_aws/2021_02_13"));
  EXPECT_EQ(graph.places().size(), 5u);
  EXPECT_EQ(graph.links().size(), 10u);
  // sa-east-1 pings ca-central-1 in 124.236 ms, which pings back in 124.236.
  const auto route = Routes(graph).route(*graph.find("sa-east-1"), *graph.find("ca-central-1"));
  EXPECT_EQ(route->latency, std::chrono::microseconds{62'118});
  EXPECT_THAT(all_doubts(graph), HasSubstr("5 values of a place to itself not used"));
}

TEST(Matrix, OfAwsTakesTheStatisticAskedFor) {
  SKIP_WITHOUT_DATA();
  MatrixSettings settings;
  settings.file = data_path("latency/latency_aws/2021_02_13");
  settings.statistic = MatrixSettings::Statistic::avg;
  const Graph graph = read_matrix(settings, {});
  const auto link = graph.link_between(*graph.find("sa-east-1"), *graph.find("ca-central-1"));
  // (124.296 + 124.295) / 2 / 2 ms
  EXPECT_EQ(graph.link(*link).latency, Duration{62'147'750});
}

TEST(Matrix, OfAllNineteenRegionsIsAFullMesh) {
  SKIP_WITHOUT_DATA();
  const Graph graph = read_topology_file(data_path("latency/latency_aws/2020_06_05"));
  EXPECT_EQ(graph.places().size(), 19u);
  EXPECT_EQ(graph.links().size(), 19u * 18 / 2);
}

TEST(Matrix, FromATableKeepsToTheMeasuredLink) {
  const Graph graph = read(",a,b,c\na,0,10,100\nb,10,0,10\nc,100,10,0\n");
  EXPECT_EQ(Routes(graph).route(0, 2)->latency, milliseconds{50});
  EXPECT_EQ(Routes(graph).route(0, 1)->latency, milliseconds{5});
}

TEST(Matrix, MayHoldOneWayValuesAndGaps) {
  const Graph graph = read("x,a,b,c\r\na,,10,\r\nb,,,\r\nc,,7,\r\n",
                           {.file = {}, .statistic = {}, .round_trip = false});
  EXPECT_EQ(graph.links().size(), 2u);
  EXPECT_EQ(graph.link(0).latency, milliseconds{10});
  EXPECT_THAT(all_doubts(graph), HasSubstr("1 pair has no value and no link"));
  EXPECT_THAT(all_doubts(graph), HasSubstr("2 pairs were measured from one end only"));
}

TEST(Matrix, SaysWhereTheTwoEndsDisagree) {
  const Graph graph = read(",a,b\na,0,10\nb,30,0\n");
  EXPECT_EQ(graph.link(0).latency, milliseconds{10});
  EXPECT_THAT(all_doubts(graph), HasSubstr("1 pair differs by more than 20 %"));
}

TEST(Matrix, RefusesWhatIsNoLatency) {
  EXPECT_THAT(refusal(",a,b\na,0,x\nb,1,0\n"), HasSubstr(":2:1: 'x' is no latency"));
  EXPECT_THAT(refusal(",a,b\na,0,-1\n"), HasSubstr("'-1' is no latency"));
  EXPECT_THAT(refusal(",a,b\na,0,nan\n"), HasSubstr("'nan' is no latency"));
  EXPECT_THAT(refusal(",a,b\nz,0,1\n"), HasSubstr("'z' is not named in the first row"));
  EXPECT_THAT(refusal(",a,a\n"), HasSubstr("name each place once"));
  EXPECT_THAT(refusal(",a,b\na,1\n"), HasSubstr("1 values for 2 places"));
  EXPECT_THAT(refusal(",a,b\na,0,1\na,0,1\n"), HasSubstr("a second value for this pair"));
  EXPECT_THAT(refusal("1/2/3/0.1:b\n1/2/x/0.1:c\n"), HasSubstr(":2:1: expected min/avg/max/mdev"));
  EXPECT_THAT(refusal("1/2/3/0.1:b\n1/2/3:c\n"), HasSubstr("expected min/avg/max/mdev"));
  EXPECT_THAT(refusal("3/2/1/0.1:b\n"), HasSubstr("ascending order"));
  EXPECT_THAT(refusal("9e9/9e9/9e9/0:b\n"), HasSubstr("more than 1 h"));
  EXPECT_THAT(refusal(""), HasSubstr("holds no latencies"));
}

}  // namespace
}  // namespace evenkeel
