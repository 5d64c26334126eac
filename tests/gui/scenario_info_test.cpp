#include "gui/data/scenario_info.h"

#include <gmock/gmock.h>

namespace evenkeel::gui {
namespace {

using ::testing::ElementsAre;

TEST(ReadScenarioInfo, TakesWhatIsNoJsonAsOneMistake) {
  for (const char* text :
       {"", "null", "[1]", "{\"topology\": 5}", "{\"mistakes\": {}}",
        R"({"topology": {"places": [], "links": [{"from": "a", "to": "b"}]}})"}) {
    const ScenarioInfo info = readScenarioInfo(text);
    EXPECT_FALSE(info.isReadable()) << text;
  }
  EXPECT_EQ(readScenarioInfo("").mistakes.size(), 1u);
}

TEST(ReadScenarioInfo, PutsNodesAndDevicesAtTheirPlaces) {
  const ScenarioInfo info = readScenarioInfo(R"({"mistakes": [], "topology": {
    "places": [{"name": "a", "tier": "site"}, {"name": "b", "tier": "cloud"}],
    "links": [{"name": "a-b", "from": "a", "to": "b", "latency_s": 0.01, "bandwidth": 1e9}]},
    "placed": {"nodes": [{"name": "edge/a", "place": "a"}],
               "devices": [{"population": "camera", "place": "a", "count": 3}]}})");
  ASSERT_TRUE(info.isReadable());
  EXPECT_THAT(info.topology.places[0].nodes, ElementsAre("edge/a"));
  EXPECT_EQ(info.topology.places[0].devices.at("camera"), 3u);
  EXPECT_EQ(info.topology.links[0].to, 1u);
}

TEST(PathAt, FollowsTheIndentation) {
  const std::string text = "balancing:\n  at: site\nworkload:\n  detect:\n    rate: 2 /s\n    ";
  EXPECT_THAT(pathAt(text, 1), ElementsAre("balancing"));
  EXPECT_THAT(pathAt(text, 4), ElementsAre("workload", "detect"));
  EXPECT_THAT(pathAt(text, 5), ElementsAre("workload", "detect"));
  EXPECT_TRUE(pathAt(text, 99).empty());
}

TEST(Completions, AreFieldsAndValuesOfTheSchema) {
  const std::string schema = R"({"properties": {"balancing": {"$ref": "#/definitions/b"},
    "nodes": {"additionalProperties": {"properties": {"cores": {}, "speed": {}}}}},
    "definitions": {"b": {"properties": {"policy": {"anyOf": [{"enum": ["random", "nearest"]},
      {"properties": {"power_of_d": {}}}]}}}}})";
  EXPECT_THAT(completions(schema, {}), ElementsAre("balancing", "nodes"));
  EXPECT_THAT(completions(schema, {"balancing"}), ElementsAre("policy"));
  EXPECT_THAT(completions(schema, {"balancing", "policy"}),
              ElementsAre("nearest", "power_of_d", "random"));
  EXPECT_THAT(completions(schema, {"nodes", "edge"}), ElementsAre("cores", "speed"));
  EXPECT_THAT(completions(R"({"if": {}, "then": {"properties": {"a": {}}},
                               "else": {"properties": {"b": {}}}})",
                          {}),
              ElementsAre("a", "b"));
  EXPECT_TRUE(completions("not JSON", {}).empty());
}

TEST(PlacesDrawn, GivesEveryPlaceASpotOfItsOwnInTheSquare) {
  Topology tree;
  for (int i = 0; i < 13; ++i) {
    tree.places.push_back({.name = std::to_string(i), .tier = i == 0 ? "cloud" : "site"});
    if (i > 0)
      tree.links.push_back(
          {.from = static_cast<std::size_t>((i - 1) / 3), .to = static_cast<std::size_t>(i)});
  }
  std::vector<std::pair<double, double>> drawn = placesDrawn(tree);
  for (const auto& [x, y] : drawn) {
    EXPECT_GE(std::min(x, y), -1e-9);
    EXPECT_LE(std::max(x, y), 1 + 1e-9);
  }
  std::ranges::sort(drawn);
  EXPECT_EQ(std::ranges::adjacent_find(drawn), drawn.end());
}

TEST(PlacesDrawn, KeepsNorthUpOnAMap) {
  Topology map;
  map.places = {{.name = "Oslo", .hasCoordinates = true, .latitude = 60, .longitude = 10},
                {.name = "Rome", .hasCoordinates = true, .latitude = 42, .longitude = 12}};
  const auto drawn = placesDrawn(map);
  EXPECT_LT(drawn[0].second, drawn[1].second);
  EXPECT_LT(drawn[0].first, drawn[1].first);
}

}  // namespace
}  // namespace evenkeel::gui
