// A pool of several parties' tables on a scenario's nodes, and what is wrong with one in a file.
#include "sim/deployment/pool_nodes.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "sim/scenario/reader.h"
#include "sim/study/run.h"
#include "tests/world/support.h"

namespace evenkeel::test {
namespace {

using testing::HasSubstr;

const std::string town = R"(
name: a town
duration: 20 s
topology: {generate: {star: {n: 5, latency: 2 ms, bandwidth: 100 Mbit/s}}}
nodes:
  server: {at: [site 1, site 2], cores: 2, speed: 2 Gop/s}
  office: {at: [site 3, site 4, site 5], cores: 2, speed: 2 Gop/s, serves: false}
devices:
  meter_a: {at: site 1, count: 10}
  meter_b: {at: site 2, count: 10}
  planner: {at: cloud}
storage:
  on: server
  copies: 1
  tables:
    a: {columns: [meter text, at integer, watts real], key: 2, on: server/site 1}
    b: {columns: [meter text, at integer, watts real], key: 2, on: server/site 2}
mpc: {protocol: replicated3, parties: office}
sharing:
  parties:
    grid_a:  {nodes: server/site 1, devices: meter_a}
    grid_b:  {nodes: server/site 2, devices: meter_b}
    city:    {devices: planner}
    offices: {nodes: office}
  data_sets:
    use_a: {owner: grid_a, table: a, terms: {city: {operations: query, pooled_only: true}}}
    use_b: {owner: grid_b, table: b, terms: {city: {operations: query, pooled_only: true}}}
  pools:
    everybody: {data_sets: [use_a, use_b], columns: {watts: {from: 0, to: 10}}}
workload:
  read_a: {from: meter_a, rate: 1 /s, does: {put: {table: a, row: 'device, now, uniform(0 9)'}}}
  read_b: {from: meter_b, rate: 1 /s, does: {put: {table: b, row: 'device, now, uniform(0 9)'}}}
  ask: {from: planner, rate: 2 /s, does: {ask_shared: {pool: everybody, sql: 'SELECT avg(watts) FROM everybody'}}}
)";

std::string town_but(const std::string& instead_of, const std::string& stands) {
  std::string text = town;
  const std::size_t at = text.find(instead_of);
  EXPECT_NE(at, std::string::npos) << instead_of;
  return text.replace(at, instead_of.size(), stands);
}

Scenario scenario_of(const std::string& text) {
  return read(parse_scenario(text, "town.yaml", ".", catalogues()));
}

double counted(const RunResult& result, const std::string& name) {
  const auto found = std::ranges::find(result.counts, name, &CountResult::name);
  return found == result.counts.end() ? 0 : found->total;
}

void run_town(const std::string& text, const std::function<void(const RunResult&)>& look) {
  in_child([&] { look(run_scenario(scenario_of(text), {.seed = 3})); });
}

std::string mistake_in(const std::string& text) {
  try {
    scenario_of(text);
  } catch (const UserError& error) {
    return error.what();
  }
  return "none";
}

TEST(PoolNodes, AnswerOfAllOwnersTogether) {
  run_town(town, [](const RunResult& result) {
    const double answers = counted(result, "shared answers");
    EXPECT_GT(answers, 20);
    EXPECT_EQ(counted(result, "owners in answers of pools"), 2 * answers);
    EXPECT_GE(counted(result, "mpc computations"), answers);
    for (const RunEvent& event : result.events) EXPECT_NE(event.kind, violation_event);
  });
}

TEST(PoolNodes, AnswerOnRealSocketsToo) {
  in_child([] {
    ScenarioDocument document = parse_scenario(town, "town.yaml", ".", catalogues());
    document.set("world", "sockets");
    document.set("duration", "3 s");
    const RunResult result = run_scenario(read(document), {.seed = 3});
    EXPECT_EQ(result.world, "sockets");
    EXPECT_GT(counted(result, "shared answers"), 0);
    EXPECT_EQ(counted(result, "owners in answers of pools"), 2 * counted(result, "shared answers"));
  });
}

TEST(PoolNodes, TellNothingOfOneOwnerAlone) {
  run_town(town_but("{pool: everybody, sql: 'SELECT avg(watts) FROM everybody'}",
                    "{data_set: use_a, sql: 'SELECT avg(watts) FROM a'}"),
           [](const RunResult& result) {
             EXPECT_EQ(counted(result, "shared answers"), 0);
             EXPECT_GT(counted(result, "shared refused: pooled only"), 20);
           });
}

TEST(PoolNodes, AreComputedByMpc) {
  EXPECT_THAT(mistake_in(town_but("mpc: {protocol: replicated3, parties: office}\n", "")),
              HasSubstr("add 'mpc: {protocol: replicated3, parties: ...}'"));
}

TEST(PoolNodes, AreOfTablesWithTheSameColumnsOfDifferentOwners) {
  EXPECT_THAT(mistake_in(town_but("b: {columns: [meter text, at integer, watts real]",
                                  "b: {columns: [meter text, at integer, volts real]")),
              HasSubstr("the table 'b' has other columns than 'a'"));
  EXPECT_THAT(mistake_in(town_but("owner: grid_b, table: b", "owner: grid_a, table: b")),
              HasSubstr("'use_b' is the second data set of 'grid_a' in this pool"));
  EXPECT_THAT(mistake_in(town_but("[use_a, use_b]", "[use_a, use_c]")),
              HasSubstr("no data set 'use_c'"));
  EXPECT_THAT(mistake_in(town_but("columns: {watts:", "columns: {wats:")),
              HasSubstr("no column 'wats'; did you mean 'watts'?"));
  EXPECT_THAT(mistake_in(town_but("columns: {watts:", "columns: {meter:")),
              HasSubstr("'meter' is a text; sums are of integers and reals"));
  EXPECT_THAT(mistake_in(town_but("{from: 0, to: 10}", "{from: 10, to: 10}")),
              HasSubstr("the highest value must be above the lowest"));
}

TEST(PoolNodes, CannotBeComputedByWhatOnlyAdds) {
  in_child([] {
    try {
      run_scenario(scenario_of(town_but("protocol: replicated3", "protocol: prio3")), {});
    } catch (const UserError& error) {
      EXPECT_THAT(error.what(), HasSubstr("pool 'everybody': prio3 can only add up"));
      return;
    }
    ADD_FAILURE();
  });
}

TEST(DataNodes, KeepATableWhereItsHomeIs) {
  in_child([] {
    try {
      run_scenario(scenario_of(town_but("key: 2, on: server/site 1", "key: 2, on: office")), {});
    } catch (const UserError& error) {
      EXPECT_THAT(error.what(), HasSubstr("is to keep a table, but keeps no data"));
      return;
    }
    ADD_FAILURE();
  });
}

}  // namespace
}  // namespace evenkeel::test
