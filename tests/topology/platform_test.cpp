// What lies between two nodes, by hand.
#include "sim/topology/platform.h"

#include <gtest/gtest.h>

#include "tests/topology/support.h"

namespace evenkeel {
namespace {

using std::chrono::milliseconds;

constexpr double infinite = std::numeric_limits<double>::infinity();

/// a --2 ms, 100 Mbit/s-- b --3 ms, 50 Mbit/s-- c, and d apart.
Graph chain() {
  GraphBuilder builder{LinkDefaults{}};
  for (const char* name : {"a", "b", "c", "d"}) builder.add({.name = name});
  builder.link({.from = 0, .to = 1, .latency = milliseconds{2}, .bandwidth = 100e6});
  builder.link({.from = 1, .to = 2, .latency = milliseconds{3}, .bandwidth = 50e6});
  return std::move(builder).build();
}

Platform platform() {
  const AccessLink wireless{.latency = milliseconds{4}, .bandwidth = 20e6};
  return {chain(),
          {{.name = "phone", .vertex = 0, .access = wireless},
           {.name = "edge", .vertex = 0},
           {.name = "cloud", .vertex = 2, .cores = 64},
           {.name = "tablet", .vertex = 0, .access = wireless},
           {.name = "island", .vertex = 3}}};
}

constexpr NodeId phone{0}, edge{1}, cloud{2}, tablet{3}, island{4};

TEST(Platform, AddsTheAccessLinksToTheRoute) {
  const Platform it = platform();
  const PlatformRoute& route = it.route(phone, cloud);
  EXPECT_EQ(route.latency, milliseconds{4 + 2 + 3});
  EXPECT_EQ(route.bandwidth, 20e6);
  EXPECT_EQ(route.links, (std::vector<PlatformLinkId>{2, 0, 1}));
  EXPECT_EQ(it.links()[2].name, "phone access");
  EXPECT_EQ(it.route(cloud, phone).links, (std::vector<PlatformLinkId>{1, 0, 2}));
}

TEST(Platform, LeavesOutAnAccessLinkThatCostsNothing) {
  const Platform it = platform();
  EXPECT_EQ(it.links().size(), 4u);
  EXPECT_FALSE(it.access_link(edge).has_value());
  EXPECT_EQ(it.access_link(tablet), 3u);
  EXPECT_EQ(it.route(edge, cloud).links, (std::vector<PlatformLinkId>{0, 1}));
  EXPECT_EQ(it.route(edge, cloud).bandwidth, 50e6);
}

TEST(Platform, CrossesBothAccessLinksWithinOnePlace) {
  const Platform it = platform();
  EXPECT_EQ(it.route(phone, tablet).latency, milliseconds{8});
  EXPECT_EQ(it.route(phone, tablet).links, (std::vector<PlatformLinkId>{2, 3}));
  EXPECT_EQ(it.route(phone, edge).links, (std::vector<PlatformLinkId>{2}));
}

TEST(Platform, ReachesANodeItselfForNothing) {
  const Platform it = platform();
  const PlatformRoute& route = it.route(phone, phone);
  EXPECT_TRUE(route.reachable);
  EXPECT_EQ(route.latency, Duration::zero());
  EXPECT_EQ(route.bandwidth, infinite);
  EXPECT_TRUE(route.links.empty());
}

TEST(Platform, SaysThatAnotherPartCannotBeReached) {
  const Platform it = platform();
  EXPECT_FALSE(it.route(phone, island).reachable);
  EXPECT_EQ(it.route(phone, island).bandwidth, 0);
}

TEST(Platform, KnowsALatencyWithoutTheRoute) {
  const Platform it = platform();
  for (const NodeId from : {phone, edge, cloud, tablet, island})
    for (const NodeId to : {phone, edge, cloud, tablet, island}) {
      const Duration latency = it.latency(from, to);
      EXPECT_EQ(latency, it.route(from, to).latency) << index(from) << " to " << index(to);
    }
}

TEST(Platform, KeepsTheRoutesItFound) {
  const Platform it = platform();
  const PlatformRoute* first = &it.route(phone, cloud);
  it.route(tablet, cloud);
  EXPECT_EQ(&it.route(phone, cloud), first);
}

TEST(Platform, FindsAWayAroundFailures) {
  Platform it = platform();
  const std::vector<PlatformLinkId> middle{1};
  it.reroute(middle);
  EXPECT_FALSE(it.route(phone, cloud).reachable);
  EXPECT_TRUE(it.route(phone, tablet).reachable);
  const std::vector<PlatformLinkId> wireless{2};
  it.reroute(wireless);
  EXPECT_FALSE(it.route(phone, cloud).reachable);
  EXPECT_TRUE(it.route(tablet, cloud).reachable);
  it.reroute({});
  EXPECT_TRUE(it.route(phone, cloud).reachable);
}

TEST(Platform, FindsNodesAndLinksByName) {
  const Platform it = platform();
  EXPECT_EQ(it.find("cloud"), cloud);
  EXPECT_FALSE(it.find("moon").has_value());
  EXPECT_EQ(it.find_link("a--b"), 0u);
  EXPECT_EQ(it.find_link("tablet access"), 3u);
}

TEST(Platform, MayBeMoved) {
  Platform first = platform();
  first.route(phone, cloud);
  const Platform second = std::move(first);
  EXPECT_EQ(second.route(edge, cloud).latency, milliseconds{5});
}

TEST(Platform, OfManyNodesGivesTheSameRoutes) {
  std::vector<PlatformNode> nodes;
  for (int i = 0; i < 6000; ++i)
    nodes.push_back({.name = std::to_string(i), .vertex = static_cast<VertexId>(i % 3)});
  const Platform it(chain(), nodes);
  const PlatformRoute& route = it.route(NodeId{3}, NodeId{5999});  // a to c
  EXPECT_EQ(route.latency, milliseconds{5});
  EXPECT_EQ(&it.route(NodeId{3}, NodeId{5999}), &route);
}

}  // namespace
}  // namespace evenkeel
