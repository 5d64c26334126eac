// What a scenario file means once it is read.
#include "sim/scenario/reader.h"

#include <gmock/gmock.h>

#include "tests/scenario/fixture.h"

namespace evenkeel {
namespace {

using testing::document;
using testing::good;
using testing::good_but;

Scenario read_text(const std::string& text) { return read(document(text)); }

TEST(Reader, ReadsEverySectionInBaseUnits) {
  const Scenario scenario = read_text(good);
  EXPECT_EQ(scenario.name, "city cameras");
  EXPECT_EQ(scenario.duration, seconds(600));
  EXPECT_EQ(scenario.warm_up.fixed, seconds(60));
  EXPECT_FALSE(scenario.warm_up.mser5);
  EXPECT_EQ(scenario.seed, 1);
  EXPECT_EQ(std::any_cast<std::string>(scenario.topology.source.made), "hierarchy 16");
  EXPECT_EQ(scenario.topology.links.latency, seconds(0.002));

  ASSERT_EQ(scenario.nodes.size(), 2u);
  const NodeKind& edge = scenario.nodes[0];
  EXPECT_EQ(edge.name, "edge");
  EXPECT_EQ(edge.at.how, Selector::How::every_site);
  EXPECT_EQ(edge.cores, 4);
  EXPECT_EQ(edge.speed, 20e9);
  EXPECT_EQ(edge.power.busy, 35);
  EXPECT_FALSE(edge.cloud);
  const NodeKind& cloud = scenario.nodes[1];
  EXPECT_EQ(cloud.at.how, Selector::How::tier);
  EXPECT_EQ(cloud.at.names[0].text, "cloud");
  EXPECT_EQ(cloud.price, 0.05);
  EXPECT_TRUE(cloud.cloud);

  const DevicePopulation& camera = scenario.devices.at(0);
  EXPECT_EQ(camera.at.how, Selector::How::every_site);
  EXPECT_EQ(camera.count, 40);
  EXPECT_EQ(camera.link.latency, seconds(0.004));
  EXPECT_EQ(camera.link.bandwidth, 50e6);
  EXPECT_EQ(camera.moves.name, "");

  const RequestClass& detect = scenario.workload.at(0);
  EXPECT_EQ(detect.from.text, "camera");
  EXPECT_EQ(detect.rate, 2);
  EXPECT_EQ(std::any_cast<std::string>(detect.input.made), "fixed 180000.000000 1.000000");
  EXPECT_EQ(std::any_cast<std::string>(detect.work.made), "lognormal 1200000000.000000 0.600000");
  EXPECT_EQ(detect.deadline, seconds(0.2));
  EXPECT_EQ(detect.hot.at(0).site.text, "Altstadt");
  EXPECT_EQ(detect.hot.at(0).to, seconds(360));

  EXPECT_EQ(scenario.balancing.at, Balancing::At::site);
  EXPECT_EQ(std::any_cast<std::string>(scenario.balancing.policy.made), "power_of_d 2");
  EXPECT_EQ(scenario.balancing.knowledge.name, "probe");
  EXPECT_EQ(scenario.faults.at(0).what.name, "crash");
  EXPECT_EQ(breakage(scenario.faults.at(0))->named().names.at(0).text, "edge/Altstadt");
  EXPECT_EQ(scenario.faults.at(0).lasts, seconds(60));
  EXPECT_EQ(scenario.compare.vary.at(0).path, "balancing.policy");
  EXPECT_THAT(scenario.compare.vary.at(0).values, ::testing::ElementsAre("nearest", "power_of_d"));
  EXPECT_EQ(scenario.compare.baseline.text, "nearest");
  EXPECT_THAT(scenario.charts, ::testing::ElementsAre("latency_cdf", "p99_by_site"));
}

TEST(Reader, KeepsThePlaceOfNames) {
  const Scenario scenario = read_text(good);
  const Place& place = scenario.workload.at(0).hot.at(0).site.place;
  EXPECT_EQ(place.file, "city.yaml");
  EXPECT_EQ(place.line, 29);
  EXPECT_EQ(place.column, 17);
}

TEST(Reader, MakesAChoiceFromAWordAMapOrOneSetting) {
  const auto policy = [](const std::string& text) {
    const Scenario scenario = read_text(good_but("policy: power_of_d", "policy: " + text));
    return std::any_cast<std::string>(scenario.balancing.policy.made);
  };
  EXPECT_EQ(policy("power_of_d"), "power_of_d 2");
  EXPECT_EQ(policy("{power_of_d: {d: 5, replacement: true}}"), "power_of_d 5 replacement");
  EXPECT_EQ(policy("{power_of_d: 3}"), "power_of_d 3");
  EXPECT_EQ(policy("{hedged: {policy: {power_of_d: {d: 4}}}}"), "hedged(power_of_d 4)");
  EXPECT_EQ(policy("hedged"), "hedged(random)");
}

TEST(Reader, TakesAPlainQuantityOfWorkAsFixed) {
  const Scenario scenario =
      read_text(good_but("work: {lognormal: {mean: 1.2 Gop, cv: 0.6}}", "work: 2 Gop"));
  EXPECT_EQ(scenario.workload.at(0).work.name, "fixed");
  EXPECT_EQ(std::any_cast<std::string>(scenario.workload.at(0).work.made),
            "fixed 2000000000.000000 1.000000");
}

TEST(Reader, ReadsEveryKindOfSelector) {
  const auto selector = [](const std::string& text) {
    return read_text(good_but("at: every site", "at: " + text)).nodes.at(0).at;
  };
  using How = Selector::How;
  EXPECT_EQ(selector("every site").how, How::every_site);
  EXPECT_EQ(selector("every vertex").how, How::every_vertex);
  EXPECT_EQ(selector("Altstadt").names.at(0).text, "Altstadt");
  EXPECT_EQ(selector("[Altstadt, Nord]").names.at(1).text, "Nord");
  EXPECT_EQ(selector("{tier: region}").how, How::tier);
  EXPECT_EQ(selector("{random: 5}").count, 5);
  EXPECT_EQ(selector("{most_central: 3}").how, How::most_central);
}

TEST(Reader, ReadsTheOtherForms) {
  EXPECT_TRUE(read_text(good_but("warm_up: 1 min", "warm_up: mser5")).warm_up.mser5);
  EXPECT_EQ(read_text(good_but("at: site", "at: {central: {random: 2}}")).balancing.central.count,
            2);
  const Scenario central = read_text(good_but("at: site", "at: central"));
  EXPECT_EQ(central.balancing.at, Balancing::At::central);
  EXPECT_EQ(central.balancing.central.how, Selector::How::most_central);
  const auto cost = [](const std::string& text) {
    return read_text(good_but("at: site", "decision_cost: " + text)).balancing.decision_cost;
  };
  EXPECT_EQ(cost("50 us").time, seconds(50e-6));
  EXPECT_EQ(cost("3 kop").work, 3000);
  EXPECT_EQ(read_text(good_but("cores: 4", "serves: [detect]")).nodes[0].serves.classes[0].text,
            "detect");
  EXPECT_FALSE(read_text(good_but("cores: 4", "serves: false")).nodes[0].serves.all);
  EXPECT_EQ(read_text(good_but("count: 40", "moves: random_waypoint")).devices[0].moves.name,
            "random_waypoint");
  EXPECT_EQ(read_text(good_but("count: 40", "moves: none")).devices[0].moves.name, "");
}

TEST(Reader, SwitchesHealthChecksOnWithOrWithoutSettings) {
  const auto balancing = [](const std::string& text) {
    return read_text(good_but("at: site", text)).balancing;
  };
  EXPECT_FALSE(balancing("at: site").outlier_ejection);
  EXPECT_FALSE(balancing("outlier_ejection: false").outlier_ejection);
  EXPECT_EQ(balancing("outlier_ejection: true").outlier_ejection->consecutive_failures, 5);
  EXPECT_EQ(balancing("outlier_ejection: {consecutive_failures: 3}")
                .outlier_ejection->consecutive_failures,
            3);
  EXPECT_EQ(balancing("slow_start: {window: 10 s}").slow_start->window, seconds(10));
}

TEST(Reader, ReadsEveryKindOfFault) {
  const Scenario scenario =
      read_text(good_but("  - {at: 7 min, crash: edge/Altstadt, for: 60 s}",
                         "  - {at: 1 min, cut: [A, B]}\n"
                         "  - {at: 2 min, slow: edge, factor: 0.5, for: 5 s}\n"
                         "  - {at: 3 min, partition: [A, B, C], for: 1 s}"));
  ASSERT_EQ(scenario.faults.size(), 3u);
  EXPECT_EQ(scenario.faults[0].what.name, "cut");
  EXPECT_EQ(scenario.faults[0].lasts, never);
  EXPECT_EQ(scenario.faults[1].what.name, "slow");
  EXPECT_EQ(breakage(scenario.faults[2])->named().names.size(), 3u);
  EXPECT_EQ(breakage(scenario.faults[2])->named().what, NamedThings::What::places);
}

TEST(Reader, ReadsFaultsAsSentences) {
  for (const char* sentence :
       {"lose_disk: edge/Altstadt, for: 10 s", "isolate: [edge/Altstadt], direction: in",
        "partition: Altstadt, direction: out", "skew: edge/Altstadt, by: -5 ms, rate: 1 %",
        "disturb: {loss: 5 %, duplication: 0.05, delay: 20 ms, reorder: false, of: edge}"}) {
    const Scenario scenario = read_text(good_but("crash: edge/Altstadt, for: 60 s", sentence));
    ASSERT_EQ(scenario.faults.size(), 1u) << sentence;
    EXPECT_EQ(std::string{sentence}.find(scenario.faults[0].what.name), 0u) << sentence;
    EXPECT_NE(breakage(scenario.faults[0]), nullptr) << sentence;
  }
}

TEST(Reader, SwitchesTheSwarmOnWithOrWithoutSettings) {
  const auto swarm = [](const std::string& text) {
    return read_text(good_but("faults:", text + "faults:")).swarm;
  };
  EXPECT_FALSE(swarm(""));
  EXPECT_EQ(swarm("swarm: true\n")->disks, 1);
  EXPECT_EQ(swarm("swarm: {until: 60 %, kinds: [crash, skew]}\n")->until, 0.6);
  EXPECT_EQ(swarm("swarm: {until: 60 %, kinds: [crash, skew]}\n")->kinds.size(), 2u);
}

TEST(Reader, TakesADefaultForWhatIsLeftOut) {
  const Scenario scenario = read_text(
      "topology: {hierarchy: {}}\nnodes: {edge: {at: every site}}\n"
      "devices: {camera: {per: site}}\nworkload: {detect: {from: camera, work: 1 Gop}}\n"
      "balancing: {policy: random}\n");
  EXPECT_EQ(scenario.duration, seconds(60));
  EXPECT_EQ(scenario.seed, 1);
  EXPECT_EQ(scenario.balancing.knowledge.name, "own");
  EXPECT_TRUE(scenario.balancing.knowledge.made.has_value());
  EXPECT_EQ(scenario.workload[0].arrivals.name, "poisson");
  EXPECT_TRUE(scenario.workload[0].arrivals.made.has_value());
  EXPECT_EQ(scenario.workload[0].deadline, never);
  EXPECT_EQ(scenario.compare.seeds, 10);
  EXPECT_EQ(scenario.network.small_message, 1500);
}

TEST(Reader, FindsFilesBesideTheScenario) {
  const test::Folder folder;
  folder.write("maps/city.graphml", "<graphml/>");
  const std::string path = folder.write(
      "city.yaml",
      good_but("generate: {hierarchy: {regions: 2, sites: 8}}", "graphml: maps/city.graphml"));
  const Scenario scenario = read(load_scenario(path, testing::test_catalogues()));
  EXPECT_EQ(std::any_cast<std::string>(scenario.topology.source.made),
            "graphml " + folder.path() + "/maps/city.graphml");
}

}  // namespace
}  // namespace evenkeel
