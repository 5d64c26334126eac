// SimGrid platforms: hand-made ones, with the latencies and bandwidths that SimGrid would use.
#include <gmock/gmock.h>

#include "models/runtime/user_error.h"
#include "sim/topology/readers.h"
#include "sim/topology/routes.h"
#include "tests/topology/support.h"

namespace evenkeel {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using testing::HasSubstr;

Graph parsed(const std::string& body, const std::string& routing = "Full") {
  return parse_simgrid("<platform version='4.1'><zone id='w' routing='" + routing + "'>\n" + body +
                           "</zone></platform>",
                       "p.xml", {});
}

std::string refusal(const std::string& body, const std::string& routing = "Full") {
  try {
    parsed(body, routing);
  } catch (const UserError& error) {
    return error.what();
  }
  return "accepted";
}

Route route(const Graph& graph, const std::string& from, const std::string& to) {
  return *Routes(graph).route(*graph.find(from), *graph.find(to));
}

const std::string three_hosts =
    "<host id='a' speed='1Gf'/><host id='b' speed='1Gf'/><host id='c' speed='1Gf'/>"
    "<link id='l1' bandwidth='10MBps' latency='1ms'/><link id='l2' bandwidth='1Gbps' "
    "latency='2ms'/>";

TEST(Simgrid, AddsUpTheLinksOfARoute) {
  const Graph graph = parsed(three_hosts +
                             "<route src='a' dst='b'><link_ctn id='l1'/><link_ctn id='l2'/></route>"
                             "<route src='b' dst='c'><link_ctn id='l2'/></route>");
  EXPECT_EQ(route(graph, "a", "b").latency, milliseconds{3});
  EXPECT_DOUBLE_EQ(route(graph, "a", "b").bandwidth, 80e6);
  EXPECT_DOUBLE_EQ(route(graph, "b", "c").bandwidth, 1e9);
  EXPECT_THAT(all_doubts(graph), HasSubstr("1 route of several links became one link"));
  EXPECT_THAT(all_doubts(graph), HasSubstr("1 link carries several routes"));
}

TEST(Simgrid, KeepsToADirectRouteThatIsSlower) {
  const Graph graph = parsed(three_hosts +
                             "<link id='slow' bandwidth='1MBps' latency='50ms'/>"
                             "<route src='a' dst='b'><link_ctn id='l1'/></route>"
                             "<route src='b' dst='c'><link_ctn id='l2'/></route>"
                             "<route src='a' dst='c'><link_ctn id='slow'/></route>");
  EXPECT_EQ(route(graph, "a", "c").latency, milliseconds{50});
  EXPECT_EQ(graph.link(2).name, "slow");
}

TEST(Simgrid, ReadsAClusterAsAStarBehindItsBackbone) {
  const Graph graph = parsed(
      "<cluster id='c' prefix='n' suffix='.x' radical='0-2,7' speed='1Gf' bw='125MBps' lat='50us' "
      "bb_bw='2.25GBps' bb_lat='500us'/>");
  EXPECT_EQ(graph.places().size(), 4u + 2);
  // Host to host: own link, backbone, own link. Host to router: own link, backbone.
  EXPECT_EQ(route(graph, "n0.x", "n7.x").latency, microseconds{50 + 500 + 50});
  EXPECT_EQ(route(graph, "n1.x", "nc_router.x").latency, microseconds{50 + 500});
  EXPECT_DOUBLE_EQ(route(graph, "n0.x", "n1.x").bandwidth, 1e9);
  EXPECT_EQ(graph.place(*graph.find("nc_router.x")).tier, "");
  EXPECT_EQ(graph.place(*graph.find("n0.x")).tier, "site");
}

TEST(Simgrid, JoinsZonesAtTheirGateways) {
  const Graph graph = parsed(
      "<cluster id='c' prefix='c' suffix='' radical='0-1' speed='1Gf' bw='1GBps' lat='1ms'/>"
      "<cluster id='d' prefix='d' suffix='' radical='0-1' speed='1Gf' bw='1GBps' lat='2ms'/>"
      "<link id='wan' bandwidth='100MBps' latency='10ms'/>"
      "<zoneRoute src='c' dst='d' gw_src='cc_router' gw_dst='dd_router'><link_ctn id='wan'/>"
      "</zoneRoute>");
  EXPECT_EQ(route(graph, "c0", "d1").latency, milliseconds{1 + 10 + 2});
  EXPECT_DOUBLE_EQ(route(graph, "c0", "d1").bandwidth, 800e6);
}

TEST(Simgrid, ReadsAZoneOfHostLinksAndABackbone) {
  const Graph graph = parsed(
      "<host id='a' speed='1Gf'/><host id='b' speed='1Gf'/><router id='r'/>"
      "<link id='l' bandwidth='100MBps' latency='1ms' sharing_policy='SPLITDUPLEX'/>"
      "<link id='m' bandwidth='100MBps' latency='2ms' sharing_policy='SPLITDUPLEX'/>"
      "<backbone id='bb' bandwidth='1GBps' latency='4ms'/>"
      "<host_link id='a' up='l_UP' down='l_DOWN'/><host_link id='b' up='m_UP' down='m_DOWN'/>"
      "<cabinet id='k' prefix='k' suffix='' radical='1-3' speed='1Gf' bw='100MBps' lat='1ms'/>",
      "Cluster");
  EXPECT_EQ(route(graph, "a", "b").latency, milliseconds{1 + 4 + 2});
  EXPECT_EQ(route(graph, "k3", "b").latency, milliseconds{1 + 4 + 2});
  EXPECT_EQ(route(graph, "a", "r").latency, milliseconds{1 + 4});
}

TEST(Simgrid, RefusesWhatItCannotReadWithThePlace) {
  EXPECT_EQ(refusal("<peer id='x'/>"), "p.xml:2:1: <peer> cannot be read");
  EXPECT_THAT(refusal("", "Vivaldi"), HasSubstr("p.xml:1:25: routing 'Vivaldi' cannot be read"));
  EXPECT_THAT(refusal("<cluster id='c' radical='0-3' bw='1' topology='TORUS'/>"),
              HasSubstr("topology 'torus'"));
  EXPECT_THAT(refusal(three_hosts + "<route src='a' dst='z'/>"),
              HasSubstr("no host or router 'z'"));
  EXPECT_THAT(refusal(three_hosts + "<route src='a' dst='b'><link_ctn id='q'/></route>"),
              HasSubstr("no link 'q'"));
  EXPECT_THAT(refusal(three_hosts + three_hosts), HasSubstr("a second host or router 'a'"));
  EXPECT_THAT(refusal("<link id='l' bandwidth='fast' latency='0'/>"),
              HasSubstr("bandwidth='fast'"));
  EXPECT_THAT(refusal("<link id='l' bandwidth='1MBps' latency='-1'/>"), HasSubstr("latency='-1'"));
  EXPECT_THAT(refusal("<link id='l' bandwidth='1' latency='0' sharing_policy='WIFI'/>"),
              HasSubstr("a WIFI link"));
  for (const std::string radical : {"", "x", "3-1", "0-4000000000", "1,", "0-99999,0-99999"})
    EXPECT_THAT(refusal("<cluster id='c' prefix='' suffix='' bw='1' radical='" + radical + "'/>"),
                HasSubstr("radical: expected numbers"))
        << radical;
  EXPECT_THROW(parse_simgrid("<platform version='3'/>", "p", {}), UserError);
  EXPECT_THROW(parse_simgrid("<platform/>", "p", {}), UserError);
}

}  // namespace
}  // namespace evenkeel
