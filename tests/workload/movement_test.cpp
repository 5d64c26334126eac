#include "sim/workload/movement.h"

#include <gmock/gmock.h>

#include <set>

#include "tests/workload/settings.h"

namespace evenkeel {
namespace {

/// A grid of side x side places with ways of 100 m.
std::shared_ptr<Map> grid(std::uint32_t side) {
  auto map = std::make_shared<Map>();
  map->ways.resize(side * side);
  const auto join = [&](std::uint32_t a, std::uint32_t b) {
    map->ways[a].push_back({b, 100});
    map->ways[b].push_back({a, 100});
  };
  for (std::uint32_t y = 0; y < side; ++y)
    for (std::uint32_t x = 0; x < side; ++x) {
      const std::uint32_t here = y * side + x;
      map->names.push_back("p" + std::to_string(here));
      if (x + 1 < side) join(here, here + 1);
      if (y + 1 < side) join(here, here + side);
    }
  return map;
}

std::unique_ptr<Movement> moves(const std::string& name, const Values& values,
                                std::shared_ptr<const Map> map, std::uint32_t devices = 1,
                                std::uint64_t seed = 1) {
  const auto home = [](std::uint32_t device) { return device % 3; };
  return configured<MakeMovement>(movements(), name, values)({std::move(map), home, devices, seed});
}

bool linked(const Map& map, std::uint32_t a, std::uint32_t b) {
  return std::ranges::find(map.ways[a], b, &Map::Way::to) != map.ways[a].end();
}

TEST(RandomWaypoint, MovesOnlyAlongLinksAndNeverTooFast) {
  const auto map = grid(5);
  const auto movement = moves("random_waypoint", {{"speed", "2"}, {"pause", "30"}}, map, 3);
  for (std::uint32_t device = 0; device < 3; ++device) {
    std::uint32_t site = movement->site_of(device, Time{});
    EXPECT_EQ(site, device % 3);
    double entered_s = -1e9;
    std::set<std::uint32_t> seen;
    for (double at = 0; at < 20'000; at += 0.5) {
      const std::uint32_t now = movement->site_of(device, seconds(at));
      if (now == site) continue;
      EXPECT_TRUE(linked(*map, site, now)) << site << " to " << now;
      // From the middle of one way of 100 m to the middle of the next: 50 s at 2 m/s.
      EXPECT_GE(at - entered_s, 50 - 0.5);
      site = now;
      entered_s = at;
      seen.insert(now);
    }
    EXPECT_GT(seen.size(), 20u);
  }
}

TEST(RandomWaypoint, SpendsItsTimeAsSpeedAndPauseSay) {
  // Two places 100 m apart at 2 m/s: 50 s of way and 50 s of rest, so it changes sides every 100 s.
  auto map = std::make_shared<Map>();
  map->ways = {{{1, 100}}, {{0, 100}}};
  const auto home = [](std::uint32_t) { return 0u; };
  const auto movement = configured<MakeMovement>(
      movements(), "random_waypoint", {{"speed", "2"}, {"pause", "50"}})({map, home, 1, 1});
  std::vector<double> changes;
  std::uint32_t site = 0;
  for (double at = 0; at < 1000; at += 0.01)
    if (const std::uint32_t now = movement->site_of(0, seconds(at)); now != site) {
      changes.push_back(at);
      site = now;
    }
  ASSERT_GE(changes.size(), 9u);
  EXPECT_LE(changes[0], 75);  // a rest of 0 to 50 s, then half the way
  EXPECT_GE(changes[0], 25);
  for (std::size_t i = 1; i < changes.size(); ++i)
    EXPECT_NEAR(changes[i] - changes[i - 1], 100, 0.02);
}

TEST(RandomWaypoint, TakesTheShortestWay) {
  // 0 to 2: direct is 500 m, over 1 it is 200 m.
  auto map = std::make_shared<Map>();
  map->ways = {{{2, 500}, {1, 100}}, {{0, 100}, {2, 100}}, {{1, 100}, {0, 500}}};
  map->destinations = {0, 2};
  const auto home = [](std::uint32_t) { return 0u; };
  const auto movement = configured<MakeMovement>(
      movements(), "random_waypoint", {{"speed", "1"}, {"pause", "0"}})({map, home, 1, 1});
  EXPECT_EQ(movement->site_of(0, seconds(49)), 0u);
  EXPECT_EQ(movement->site_of(0, seconds(51)), 1u);
  EXPECT_EQ(movement->site_of(0, seconds(149)), 1u);
  EXPECT_EQ(movement->site_of(0, seconds(151)), 2u);
  EXPECT_EQ(movement->site_of(0, seconds(251)), 1u);
}

TEST(RandomWaypoint, AnswersTheSameInWhateverOrderItIsAsked) {
  const auto map = grid(6);
  const Values values = {{"speed", "20"}, {"pause", "3"}};
  const auto forward = moves("random_waypoint", values, map, 4);
  const auto backward = moves("random_waypoint", values, map, 4);
  std::map<std::pair<std::uint32_t, int>, std::uint32_t> sites;
  for (int at = 0; at < 300; ++at)
    for (std::uint32_t device = 0; device < 4; ++device)
      sites[{device, at}] = forward->site_of(device, seconds(at));
  for (std::uint32_t device = 4; device-- > 0;)
    for (int at = 300; at-- > 0;)
      EXPECT_EQ(backward->site_of(device, seconds(at)), (sites[{device, at}]));
  const auto other = moves("random_waypoint", values, map, 4, 2);
  int different = 0;
  for (int at = 0; at < 300; ++at) different += other->site_of(0, seconds(at)) != sites[{0u, at}];
  EXPECT_GT(different, 100);
}

TEST(RandomWaypoint, StaysInItsPartOfTheGraph) {
  auto map = std::make_shared<Map>();
  map->ways = {{{1, 10}}, {{0, 10}}, {}, {{4, 10}}, {{3, 10}}};
  const auto home = [](std::uint32_t device) { return device; };
  const auto movement = configured<MakeMovement>(
      movements(), "random_waypoint", {{"speed", "10"}, {"pause", "0"}})({map, home, 5, 1});
  for (int at = 0; at < 200; ++at) {
    EXPECT_LE(movement->site_of(0, seconds(at)), 1u);
    EXPECT_EQ(movement->site_of(2, seconds(at)), 2u);
    EXPECT_GE(movement->site_of(3, seconds(at)), 3u);
  }
}

TEST(MoveTrace, PutsDevicesWhereTheFileSays) {
  const TemporaryFile file{"time_s,device,place\n20,1,p7\n5,1,p4\n9,0,p8\n"};
  const auto movement = moves("trace", {{"file", file.path()}}, grid(3), 3);
  EXPECT_EQ(movement->site_of(1, seconds(20)), 7u);
  EXPECT_EQ(movement->site_of(1, seconds(19.999)), 4u);
  EXPECT_EQ(movement->site_of(1, seconds(4)), 1u);
  EXPECT_EQ(movement->site_of(0, seconds(1000)), 8u);
  EXPECT_EQ(movement->site_of(2, seconds(1000)), 2u);
}

TEST(MoveTrace, SaysWhereTheFileIsWrong) {
  const auto error = [](const std::string& rows) {
    const TemporaryFile file{"time_s,device,place\n" + rows};
    const std::string message = user_error_of([&] {
      moves("trace", {{"file", file.path()}}, grid(3), 3);
    });
    return message.substr(std::min(message.size(), file.path().size()));
  };
  EXPECT_EQ(error("1,0,q\n"), ":2:5: place: the topology has no place 'q'");
  EXPECT_EQ(error("1,3,p1\n"), ":2:3: device: '3' is out of range; 0 to 2 is possible");
  EXPECT_EQ(error("1,0.5,p1\n"), ":2:3: device: a device is a whole number");
  EXPECT_EQ(error("1,0,p1\n1,0,p2\n"), ": device 0 is at two places at 1.000000 s");
  EXPECT_EQ(error("1,0,p1\n1,0,p1\n"), "");
}

TEST(Movements, NeedAMap) {
  for (const std::string name : {"random_waypoint", "trace"})
    EXPECT_NE(user_error_of([&] {
                const TemporaryFile file{"time_s,device,place\n"};
                moves(name, name == "trace" ? Values{{"file", file.path()}} : Values{}, nullptr);
              }),
              "");
}

}  // namespace
}  // namespace evenkeel
