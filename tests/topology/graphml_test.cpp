// Every quirk of a GraphML file gives a right result with a doubt, or a message with its place.
#include <gmock/gmock.h>

#include "models/runtime/user_error.h"
#include "sim/topology/readers.h"
#include "tests/topology/support.h"

namespace evenkeel {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using testing::HasSubstr;

const std::string head =
    "<?xml version='1.0'?>\n"
    "<graphml xmlns='http://graphml.graphdrawing.org/xmlns'>\n"
    "<key id='l' for='node' attr.name='label' attr.type='string'/>\n"
    "<key id='y' for='node' attr.name='Latitude' attr.type='double'/>\n"
    "<key id='x' for='node' attr.name='Longitude' attr.type='double'/>\n"
    "<key id='t' for='edge' attr.name='latency' attr.type='string'/>\n"
    "<key id='b' for='edge' attr.name='bandwidth' attr.type='string'/>\n"
    "<key id='r' for='edge' attr.name='LinkSpeedRaw' attr.type='double'/>\n";

/// The body starts on line 10.
Graph parsed(const std::string& body, const std::string& direction = "undirected") {
  return parse_graphml(
      head + "<graph edgedefault='" + direction + "'>\n" + body + "</graph></graphml>", "f.graphml",
      {});
}

std::string refusal(const std::string& text) {
  try {
    parse_graphml(text, "f.graphml", {});
  } catch (const UserError& error) {
    return error.what();
  }
  return "accepted";
}
std::string body_refusal(const std::string& body) {
  return refusal(head + "<graph>\n" + body + "</graph></graphml>");
}

const std::string two_nodes = "<node id='a'/><node id='b'/>\n";

TEST(Graphml, GivesALinkTheLatencyOfItsLengthInFibre) {
  // One degree of a meridian: 6371.0088 km x pi / 180 = 111.195080 km, x 4.9 us = 544.855892 us.
  const Graph graph = parsed(
      "<node id='a'><data key='y'>0</data><data key='x'>0</data></node>"
      "<node id='b'><data key='y'>1</data><data key='x'>0</data></node>"
      "<edge source='a' target='b'/>");
  EXPECT_NEAR(static_cast<double>(graph.link(0).latency.count()), 544'855.892, 1.0);
}

TEST(Graphml, GivesALinkWithoutLengthTheDefaultAndSaysSo) {
  const Graph graph = parsed(
      "<node id='a'><data key='y'>0</data><data key='x'>0</data></node><node id='b'/>"
      "<edge source='a' target='b'/>");
  EXPECT_EQ(graph.link(0).latency, milliseconds{1});
  EXPECT_THAT(all_doubts(graph), HasSubstr("1 link has no latency and no distance"));
}

TEST(Graphml, NamesNodesWithoutALabelByIdAndSaysSo) {
  const Graph graph = parsed("<node id='n7'/><node id='n8'><data key='l'>None</data></node>");
  EXPECT_TRUE(graph.find("n7").has_value());
  EXPECT_TRUE(graph.find("n8").has_value());
  EXPECT_THAT(all_doubts(graph), HasSubstr("2 nodes without a label"));
}

TEST(Graphml, TellsNamesakesApartAndSaysSo) {
  const Graph graph = parsed(
      "<node id='1'><data key='l'>Rome</data></node><node id='2'><data key='l'>Rome (2)</data>"
      "</node><node id='3'><data key='l'>Rome</data></node>");
  EXPECT_EQ(graph.place(0).name, "Rome");
  EXPECT_EQ(graph.place(1).name, "Rome (2)");
  EXPECT_EQ(graph.place(2).name, "Rome (3)");
  EXPECT_THAT(all_doubts(graph), HasSubstr("1 name occurred before"));
}

TEST(Graphml, RefusesASecondNodeOfOneId) {
  EXPECT_EQ(body_refusal("<node id='a'/>\n<node id='a'/>"),
            "f.graphml:11:1: a second node with the id 'a'");
}

TEST(Graphml, RefusesAnEdgeToNoNode) {
  EXPECT_EQ(body_refusal("<node id='a'/>\n  <edge source='a' target='z'/>"),
            "f.graphml:11:3: the target of the edge, 'z', is no node of this file");
}

TEST(Graphml, ReadsAnEdgeThatStandsBeforeItsNodes) {
  EXPECT_EQ(parsed("<edge source='a' target='b'/>" + two_nodes).links().size(), 1u);
}

TEST(Graphml, RefusesCoordinatesThatAreNone) {
  for (const std::string latitude : {"nan", "inf", "90.1", "-91", "12,5", "12 N", "1e999"})
    EXPECT_THAT(body_refusal("<node id='a'><data key='y'>" + latitude +
                             "</data><data key='x'>0</data></node>"),
                HasSubstr("f.graphml:10:1: the latitude is '" + latitude + "'"));
  EXPECT_THAT(body_refusal("<node id='a'><data key='y'>0</data><data key='x'>181</data></node>"),
              HasSubstr("the longitude is '181'"));
  EXPECT_THAT(body_refusal("<node id='a'><data key='y'>0</data></node>"),
              HasSubstr("only one of latitude and longitude"));
}

TEST(Graphml, DropsSelfLoopsAndSaysSo) {
  const Graph graph = parsed(two_nodes + "<edge source='a' target='a'/>");
  EXPECT_EQ(graph.links().size(), 0u);
  EXPECT_THAT(all_doubts(graph), HasSubstr("1 link from a place to itself dropped"));
}

TEST(Graphml, MergesParallelEdgesToTheSumOfBandwidthsAndTheLowestLatency) {
  const Graph graph = parsed(
      two_nodes +
      "<edge source='a' target='b'><data key='t'>5 ms</data><data key='b'>1 Gbit/s</data></edge>"
      "<edge source='b' target='a'><data key='t'>3 ms</data><data key='b'>2 Gbit/s</data></edge>");
  ASSERT_EQ(graph.links().size(), 1u);
  EXPECT_EQ(graph.link(0).latency, milliseconds{3});
  EXPECT_DOUBLE_EQ(graph.link(0).bandwidth, 3e9);
  EXPECT_THAT(all_doubts(graph), HasSubstr("1 parallel link merged"));
}

TEST(Graphml, TakesOppositeDirectedEdgesForOneLink) {
  const Graph graph = parsed(two_nodes +
                                 "<edge source='a' target='b'><data key='b'>1 Gbit/s</data></edge>"
                                 "<edge source='b' target='a'><data key='b'>2 Gbit/s</data></edge>",
                             "directed");
  ASSERT_EQ(graph.links().size(), 1u);
  EXPECT_DOUBLE_EQ(graph.link(0).bandwidth, 1e9);
  EXPECT_THAT(all_doubts(graph), HasSubstr("2 directed edges"));
  EXPECT_THAT(all_doubts(graph), HasSubstr("1 pair of opposite links"));
}

TEST(Graphml, TakesADirectedEdgeForALinkOfBothDirections) {
  const Graph graph = parsed(two_nodes + "<edge source='a' target='b'/>", "directed");
  EXPECT_EQ(graph.links().size(), 1u);
  EXPECT_THAT(all_doubts(graph), HasSubstr("1 link of one direction only"));
}

TEST(Graphml, ReadsUnitsOfLatencyAndBandwidth) {
  const auto link_with = [](const std::string& data) {
    return parsed(two_nodes + "<edge source='a' target='b'>" + data + "</edge>").link(0);
  };
  EXPECT_EQ(link_with("<data key='t'>250us</data>").latency, microseconds{250});
  EXPECT_EQ(link_with("<data key='t'>7</data>").latency, milliseconds{7});
  EXPECT_DOUBLE_EQ(link_with("<data key='b'>10 Mbit/s</data>").bandwidth, 1e7);
  EXPECT_DOUBLE_EQ(link_with("<data key='b'>2 MBps</data>").bandwidth, 16e6);
  EXPECT_DOUBLE_EQ(link_with("<data key='r'>155000000</data>").bandwidth, 155e6);
}

TEST(Graphml, SaysThatNumbersWithoutUnitsWereGuessed) {
  const Graph graph = parsed(two_nodes +
                             "<edge source='a' target='b'><data key='t'>7</data>"
                             "<data key='b'>1000000</data></edge>");
  EXPECT_THAT(all_doubts(graph), HasSubstr("1 latency without a unit read as milliseconds"));
  EXPECT_THAT(all_doubts(graph), HasSubstr("1 bandwidth without a unit read as bit/s"));
}

TEST(Graphml, PassesOverALinkSpeedThatCannotBe) {
  for (const std::string speed : {"0", "-5", "1e30", "fast"}) {
    const Graph graph =
        parsed(two_nodes + "<edge source='a' target='b'><data key='r'>" + speed + "</data></edge>");
    EXPECT_DOUBLE_EQ(graph.link(0).bandwidth, 1e9) << speed;
    EXPECT_THAT(all_doubts(graph), HasSubstr("1 LinkSpeedRaw not plausible"));
  }
}

TEST(Graphml, RefusesAStatedLatencyOrBandwidthThatCannotBe) {
  for (const std::string latency : {"-1 ms", "nan", "2 parsecs", "2 h"})
    EXPECT_THAT(body_refusal(two_nodes + "<edge source='a' target='b'><data key='t'>" + latency +
                             "</data></edge>"),
                HasSubstr("f.graphml:11:1: the latency is '" + latency + "'"));
  for (const std::string bandwidth : {"0", "-1 Mbit/s", "inf", "5 apples"})
    EXPECT_THAT(body_refusal(two_nodes + "<edge source='a' target='b'><data key='b'>" + bandwidth +
                             "</data></edge>"),
                HasSubstr("the bandwidth is '" + bandwidth + "'"));
}

TEST(Graphml, AppliesTheDefaultOfAKey) {
  const Graph graph = parse_graphml(
      "<graphml><key id='t' for='edge' attr.name='delay'><default>4 ms</default></key>"
      "<graph>" +
          two_nodes + "<edge source='a' target='b'/></graph></graphml>",
      "f", {});
  EXPECT_EQ(graph.link(0).latency, milliseconds{4});
}

TEST(Graphml, RefusesWhatItCannotRead) {
  EXPECT_THAT(refusal(""), HasSubstr("f.graphml"));
  EXPECT_THAT(refusal("<a/>"), HasSubstr("f.graphml:1:1: expected <graphml>"));
  EXPECT_THAT(refusal("<graphml/>"), HasSubstr("holds no <graph>"));
  EXPECT_THAT(refusal("<graphml><graph/><graph/></graphml>"), HasSubstr("a second <graph>"));
  EXPECT_THAT(refusal("<graphml><graph/></graphml>"), HasSubstr("the graph has no <node>"));
  EXPECT_THAT(refusal("<graphml>\n<graph>\n</graphml>"), HasSubstr("f.graphml:3:"));
  EXPECT_THAT(body_refusal("<node/>"), HasSubstr("<node> has no 'id'"));
  EXPECT_THAT(body_refusal("<node id='a'><data key='q'>1</data></node>"),
              HasSubstr("no <key> declares 'q'"));
  EXPECT_THAT(body_refusal("<node id='a'><graph/></node>"), HasSubstr("a graph within a node"));
  EXPECT_THAT(body_refusal("<node id='a'/><hyperedge/>"), HasSubstr("more than two ends"));
  EXPECT_THAT(body_refusal("<node id='a'><data key='l'>x</data><data key='l'>y</data></node>"),
              HasSubstr("a second value of 'label'"));
  EXPECT_THAT(refusal(std::string("<graphml>\0</graphml>", 20)), HasSubstr("zero byte"));
  EXPECT_THAT(refusal("\xFF\xFE<"), HasSubstr("UTF-16"));
}

TEST(Graphml, NeverExpandsEntities) {
  const std::string bomb =
      "<!DOCTYPE g [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>\n";
  const Graph graph =
      parse_graphml(bomb +
                        "<graphml><key id='l' for='node' attr.name='label'/><graph><node id='1'>"
                        "<data key='l'>&b;</data></node></graph></graphml>",
                    "f", {});
  EXPECT_EQ(graph.place(0).name, "&b;");
}

TEST(Graphml, BoundsTheDepth) {
  std::string deep;
  for (int i = 0; i < 1'000'000; ++i) deep += "<a>";
  for (int i = 0; i < 1'000'000; ++i) deep += "</a>";
  EXPECT_THAT(refusal(deep), HasSubstr("nest deeper than 64"));
}

TEST(Graphml, CleansNamesForTerminalAndJson) {
  const Graph graph = parsed(
      "<node id='1'><data key='l'>a\x1B[31mb</data></node>"
      "<node id='2'><data key='l'>K\xF6ln</data></node>");
  EXPECT_EQ(graph.place(0).name, "a [31mb");
  EXPECT_EQ(graph.place(1).name, "K\xEF\xBF\xBDln");
  EXPECT_THAT(all_doubts(graph), HasSubstr("2 names held unprintable"));
}

TEST(Graphml, ReadsDeclaredLatin1AndNamespacePrefixes) {
  const Graph graph = parse_graphml(
      "<?xml version='1.0' encoding='ISO-8859-1'?><g:graphml xmlns:g='x'><g:key id='l' for='node' "
      "attr.name='label'/><g:graph><g:node id='1'><g:data key='l'>K\xF6ln</g:data></g:node>"
      "</g:graph></g:graphml>",
      "f", {});
  EXPECT_EQ(graph.place(0).name, "K\xC3\xB6ln");
}

}  // namespace
}  // namespace evenkeel
