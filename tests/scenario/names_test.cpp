// Names of places, tiers and links against a graph; and the sketch of an operator's scenario, with
// everything that is registered in this program.
#include "sim/scenario/names.h"

#include <gmock/gmock.h>

#include "sim/topology/builder.h"
#include "tests/scenario/fixture.h"

namespace evenkeel {
namespace {

using testing::document;
using ::testing::ElementsAre;
using testing::good;
using testing::good_but;
using ::testing::IsEmpty;

/// Altstadt - Nord - cloud in a row.
Graph small_graph() {
  GraphBuilder builder{LinkDefaults{}};
  const VertexId old = builder.add({.name = "Altstadt"});
  const VertexId north = builder.add({.name = "Nord"});
  const VertexId cloud = builder.add({.name = "Frankfurt", .tier = "cloud"});
  builder.link({.from = old, .to = north});
  builder.link({.from = north, .to = cloud});
  return std::move(builder).build();
}

std::vector<std::string> unknown_in(const std::string& text) {
  std::vector<std::string> lines;
  for (const Mistake& mistake : unknown_names(read(document(text)), small_graph()))
    lines.push_back(to_string(mistake.place, mistake.message));
  return lines;
}

std::string fault(const std::string& text) {
  return good_but("crash: edge/Altstadt, for: 60 s", text);
}

TEST(Names, ThatTheGraphKnowsAreRight) {
  EXPECT_THAT(unknown_in(good), IsEmpty());
  EXPECT_THAT(unknown_in(fault("cut: [Altstadt, Nord]")), IsEmpty());
  EXPECT_THAT(unknown_in(fault("cut: Altstadt--Nord")), IsEmpty());
  EXPECT_THAT(unknown_in(fault("crash: edge")), IsEmpty());
  EXPECT_THAT(unknown_in(fault("crash: edge/Nord/1")), IsEmpty());
  EXPECT_NO_THROW(check_names(read(document(good)), small_graph()));
}

TEST(Names, OfNoPlaceGetTheNearestThatThereIs) {
  EXPECT_THAT(unknown_in(good_but("site: Altstadt", "site: Altstad")),
              ElementsAre("city.yaml:29:17: no place 'Altstad' in the topology; did you mean "
                          "'Altstadt'?"));
  EXPECT_THAT(unknown_in(good_but("at: every site", "at: evry site")),
              ElementsAre("city.yaml:10:9: no place 'evry site' in the topology; did you mean "
                          "'every site'?",
                          "city.yaml:35:24: no node 'edge/Altstadt': the kind 'edge' does not "
                          "stand at 'Altstadt'"));
  EXPECT_THAT(unknown_in(good_but("{tier: cloud}", "{tier: clod}")),
              ElementsAre("city.yaml:14:22: no tier 'clod' in the topology; did you mean "
                          "'cloud'?"));
  EXPECT_THAT(unknown_in(good_but("at: every site", "at: {random: 4}")),
              ElementsAre("city.yaml:10:9: asks for 4 places, where the topology has 3"));
}

TEST(Names, OfFaultsMustNameWhatIsThere) {
  EXPECT_THAT(unknown_in(fault("crash: edge/Nrd")),
              ElementsAre("city.yaml:35:24: no place 'Nrd' in the topology; did you mean 'Nord'?"));
  EXPECT_THAT(unknown_in(fault("crash: cloud/Nord")),
              ElementsAre("city.yaml:35:24: no node 'cloud/Nord': the kind 'cloud' does not stand "
                          "at 'Nord'"));
  EXPECT_THAT(unknown_in(fault("crash: edge/Nord/2")),
              ElementsAre("city.yaml:35:24: no node 'edge/Nord/2': there are 1 of the kind 'edge' "
                          "at a place, counted from 1"));
  EXPECT_THAT(unknown_in(fault("cut: [Altstadt, Frankfurt]")),
              ElementsAre("city.yaml:35:23: no link between 'Altstadt' and 'Frankfurt'; write the "
                          "ends of one that there is"));
  EXPECT_THAT(unknown_in(fault("cut: Altstadt-Nord")),
              ElementsAre("city.yaml:35:22: no link 'Altstadt-Nord' in the topology; did you mean "
                          "'Altstadt--Nord'?"));
  EXPECT_THAT(unknown_in(fault("partition: [Altstadt, Sued]")),
              ElementsAre("city.yaml:35:39: no place 'Sued' in the topology; there are Altstadt, "
                          "Nord, Frankfurt"));
}

const std::string sketch = R"(name: city cameras
question: Does asking two neighbours beat sending everything to the cloud when one district is busy?
duration: 10 min
warm_up: 1 min
topology:
  graphml: topologies/city.graphml          # or generate: {hierarchy: {regions: 2, sites: 8}}
  default_latency: 2 ms                     # for links whose ends have no coordinates
  default_bandwidth: 1 Gbit/s
nodes:
  edge:  {at: every site, cores: 4, speed: 20 Gop/s, power: {idle: 12 W, busy: 35 W}}
  cloud: {at: Frankfurt, cores: 64, speed: 60 Gop/s, price: 0.05 EUR/core-hour}
devices:
  camera: {per: site, count: 40, link: {latency: 4 ms, bandwidth: 50 Mbit/s}}
workload:
  detect:
    from: camera
    arrivals: poisson
    rate: 2 /s                              # each device
    input: 180 kB
    work: {lognormal: {mean: 1.2 Gop, cv: 0.6}}
    output: 2 kB
    deadline: 200 ms
    hot: {site: Altstadt, factor: 6, from: 3 min, to: 6 min}
balancing:
  at: site                                  # or client, or central
  policy: power_of_d                        # parameters: power_of_d: {d: 2, replacement: false}
  knowledge: probe                          # exact, own, piggyback, probe, bulletin: {period: 1 s}
faults:
  - {at: 7 min, crash: edge/Altstadt, for: 60 s}
compare:
  vary: {balancing.policy: [nearest, cloud_only, power_of_d, prequal]}
  seeds: 10
  baseline: nearest
charts: [latency_cdf, p99_by_site, utilisation_heat_map]
)";

TEST(Sketch, IsReadWithAllThatIsRegistered) {
  const test::Folder folder;
  folder.write("topologies/city.graphml", "<graphml/>");
  const ScenarioDocument city = load_scenario(folder.write("city.yaml", sketch));
  std::vector<std::string> messages;
  for (const Mistake& mistake : validate(city))
    messages.push_back(to_string(mistake.place, mistake.message));
  EXPECT_THAT(messages, IsEmpty());
  const Scenario scenario = read(city);
  EXPECT_EQ(scenario.compare.vary[0].values.size(), 4u);
  EXPECT_THAT(unknown_names(scenario, small_graph()), IsEmpty());
}

}  // namespace
}  // namespace evenkeel
