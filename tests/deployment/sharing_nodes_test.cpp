// Parties on a scenario's nodes: what is served, refused, revoked and written down.
#include "sim/deployment/sharing_nodes.h"

#include <gmock/gmock.h>

#include <fstream>

#include "sim/scenario/reader.h"
#include "sim/study/run.h"
#include "tests/cluster_world.h"
#include "tests/folder.h"
#include "tests/world/support.h"

namespace evenkeel::test {
namespace {

using testing::HasSubstr;

// The owner's site is cut off when it revokes: nobody else hears of it for a while.
const std::string market = R"(
name: a small market
duration: 30 s
topology: {generate: {star: {n: 4, latency: 2 ms, bandwidth: 100 Mbit/s}}}
nodes:
  server: {at: [site 1, site 2, site 3, site 4], cores: 2, speed: 2 Gop/s}
devices:
  meter:   {at: site 1, count: 10}
  analyst: {at: site 3}
  screen:  {at: site 4}
storage:
  on: server
  timeout: 1 s
  tables: {meters: {columns: [meter text, at integer, watts real], key: 2, placed_by: 1}}
sharing:
  lease: 2 s
  renew_every: 0.5 s
  parties:
    grid:    {nodes: server/site 1, devices: meter, upload: 20 Mbit/s}
    insurer: {nodes: server/site 3, devices: analyst, upload: 20 Mbit/s}
    cinema:  {nodes: server/site 4, devices: screen, upload: 20 Mbit/s}
  data_sets:
    use:
      owner: grid
      table: meters
      terms: {insurer: {operations: query, purpose: tariffs, min_group: 2, aggregate_only: true}}
    film:
      owner: grid
      file: 1 MB
      terms: {insurer: {}, cinema: {}}
  events: [{at: 10 s, revoke: {data_set: use, from: insurer}}]
workload:
  reading: {from: meter, rate: 1 /s, does: {put: {table: meters, row: 'device, now, uniform(0 9)'}}}
  tariff:  {from: analyst, rate: 5 /s, does: {ask_shared: {data_set: use, purpose: tariffs, sql: 'SELECT count(*), avg(watts) FROM meters'}}}
  watching: {from: screen, rate: 0.5 /s, does: {fetch_shared: {data_set: film}}}
)";
const std::string cut_off = "faults=[{at: 9.9 s, partition: [site 1], for: 15 s}]";

double counted(const RunResult& result, const std::string& name) {
  const auto found = std::ranges::find(result.counts, name, &CountResult::name);
  return found == result.counts.end() ? 0 : found->total;
}

std::vector<std::string> violations(const RunResult& result) {
  std::vector<std::string> found;
  for (const RunEvent& event : result.events)
    if (event.kind == violation_event) found.push_back(event.detail);
  return found;
}

Scenario scenario_with(const std::vector<std::string>& settings) {
  ScenarioDocument document = parse_scenario(market, "market.yaml", ".", catalogues());
  for (const std::string& setting : settings) document.set(setting);
  return read(document);
}

/// Runs in a child; `look` sees the result there.
void run_with(const std::vector<std::string>& settings,
              const std::function<void(const RunResult&)>& look) {
  in_child([&] { look(run_scenario(scenario_with(settings), {.seed = 3})); });
}

std::string user_error(const std::vector<std::string>& settings) {
  std::string text;
  try {
    const Scenario scenario = scenario_with(settings);
    in_child([&] {
      try {
        run_scenario(scenario, {});
      } catch (const UserError& error) {
        std::exit(std::string{error.what()}.empty() ? 1 : 0);
      }
      std::exit(2);
    });
  } catch (const UserError& error) {
    text = error.what();
  }
  return text;
}

TEST(SharingNodes, AnswerUnderAGrantUntilItIsRevoked) {
  run_with({}, [](const RunResult& result) {
    EXPECT_THAT(violations(result), testing::IsEmpty());
    EXPECT_GT(counted(result, "shared answers"), 20);
    EXPECT_GT(counted(result, "shared refused: revoked"), 20);
    EXPECT_GE(counted(result, "agreements"), 1);
    EXPECT_EQ(counted(result, "revocations"), 1);
    EXPECT_GT(counted(result, "audit records"), counted(result, "shared answers"));
    EXPECT_EQ(counted(result, "catalogues complete"), 7);
    EXPECT_LT(counted(result, "seconds served after a revocation"), 0.1);
  });
}

TEST(SharingNodes, ServeNobodyLongerThanTheLeaseAfterARevocation) {
  run_with({cut_off}, [](const RunResult& result) {
    EXPECT_THAT(violations(result), testing::IsEmpty());
    EXPECT_GT(counted(result, "seconds served after a revocation"), 0.5);
    EXPECT_LE(counted(result, "seconds served after a revocation"), 2);
    EXPECT_GT(counted(result, "shared refused: owner unreachable"), 0);
  });
}

TEST(SharingNodes, AreFoundOutWhenTheyIgnoreTheLease) {
  run_with({cut_off, "storage.flaw=ignores_lease"}, [](const RunResult& result) {
    EXPECT_THAT(violations(result),
                testing::Contains(testing::AllOf(HasSubstr("granted"), HasSubstr("was revoked"))));
  });
}

TEST(SharingNodes, RefuseWhatTheTermsDoNotGiveByName) {
  const std::string base = "workload.tariff.does.ask_shared.";
  const auto refusals = [&](const std::vector<std::string>& settings, const std::string& name) {
    run_with(settings, [&](const RunResult& result) {
      EXPECT_THAT(violations(result), testing::IsEmpty());
      EXPECT_EQ(counted(result, "shared answers"), 0);
      EXPECT_GT(counted(result, "shared refused: " + name), 20) << name;
    });
  };
  refusals({base + "purpose=adverts"}, "wrong purpose");
  refusals({base + "sql='SELECT meter, watts FROM meters'"}, "aggregates only");
  refusals({base + "sql='SELECT meter, at, avg(watts) FROM meters GROUP BY meter, at'"},
           "group too small");
  refusals({"sharing.data_sets.use.columns=[meter, at]"}, "column not granted");
}

TEST(SharingNodes, DoNotLetOtherPartiesReadRowsInAnotherWay) {
  run_with({"workload.tariff={from: analyst, rate: 5 /s, does: {query: {sql: 'SELECT count(*) FROM "
            "meters'}}}"},
           [](const RunResult& result) {
             EXPECT_EQ(counted(result, "query rows scanned"), 0);
             EXPECT_GT(counted(result, "failed: denied"), 20);
           });
}

// Run by the owner's node or the hosts', whom the balancer chooses, for the insurer's analysts.
std::vector<std::string> with_batches(const std::string& does, const std::string& from = "analyst",
                                      const std::string& aggregate = "mean") {
  return {
      "processing={workers: server, jobs: {load: {table: meters, group_by: meter, aggregates: "
      "[{aggregate: " +
          aggregate + ", of: watts}]}}}",
      "balancing={at: site, policy: nearest}",
      "workload.tariff={from: " + from + ", rate: 2 /s, does: {map_reduce: " + does + "}}"};
}

TEST(SharingNodes, ComputeBatchesUnderAGrantUntilItIsRevoked) {
  run_with(with_batches("{job: load, data_set: use, purpose: tariffs}"),
           [](const RunResult& result) {
             EXPECT_THAT(violations(result), testing::IsEmpty());
             EXPECT_GT(counted(result, "batches run"), 10);
             EXPECT_GT(counted(result, "batch groups"), 10);
             EXPECT_GT(counted(result, "bytes served under grants"), 0);
             EXPECT_GT(counted(result, "shared refused: revoked"), 10);
           });
}

TEST(SharingNodes, RefuseBatchesWithoutAGrantByName) {
  const auto refusals = [](const std::vector<std::string>& settings, const std::string& name) {
    run_with(settings, [&](const RunResult& result) {
      EXPECT_THAT(violations(result), testing::IsEmpty());
      EXPECT_EQ(counted(result, "batch groups"), 0);
      EXPECT_GT(counted(result, "shared refused: " + name), 10) << name;
    });
  };
  refusals(with_batches("{job: load}"), "no grant");
  refusals(with_batches("{job: load, data_set: use, purpose: adverts}"), "wrong purpose");
  refusals(with_batches("{job: load, data_set: use, purpose: tariffs}", "screen"), "not offered");
  refusals(with_batches("{job: load, data_set: use, purpose: tariffs}", "analyst", "top_k"),
           "wrong operation");
}

TEST(SharingNodes, LetTheOwnerRunBatches) {
  run_with(with_batches("{job: load}", "meter"), [](const RunResult& result) {
    EXPECT_THAT(violations(result), testing::IsEmpty());
    EXPECT_GT(counted(result, "batch groups"), 10);
  });
}

TEST(SharingNodes, AreFoundOutWhenTheirBatchesReadUnguarded) {
  std::vector<std::string> settings = with_batches("{job: load}");
  settings.emplace_back("storage.flaw=unguarded_batches");
  run_with(settings, [](const RunResult& result) {
    EXPECT_GT(counted(result, "batch groups"), 10);
    EXPECT_THAT(violations(result),
                testing::Contains(testing::AllOf(HasSubstr("granted"), HasSubstr("told a batch"))));
  });
}

// A stream of the insurer over the households' rows.
std::vector<std::string> with_stream(const std::string& owners, const std::string& more = "") {
  return {
      "processing={streams: {load: {table: meters, time: at, owners: " + owners +
          ", window: {tumbling: 1 s}, group_by: meter, aggregates: [{aggregate: mean, of: "
          "watts}]" +
          more + "}}}",
      "nodes={server: {at: [site 1, site 2, site 3, site 4], cores: 2, speed: 2 Gop/s}, office: "
      "{at: site 3, cores: 2, speed: 2 Gop/s}, home: {at: site 1, cores: 2, speed: 2 Gop/s}}",
      "sharing.parties.insurer.nodes=[server/site 3, office]",
      "sharing.parties.grid.nodes=[server/site 1, home]",
      "sharing.data_sets.use.terms={insurer: {operations: read, purpose: tariffs}}"};
}

TEST(SharingNodes, LetStreamsReadUnderAGrantUntilItIsRevoked) {
  std::vector<std::string> settings = with_stream("office", ", purpose: tariffs");
  settings.push_back(cut_off);
  run_with(settings, [](const RunResult& result) {
    EXPECT_THAT(violations(result), testing::IsEmpty());
    EXPECT_GT(counted(result, "stream events"), 20);
    EXPECT_LE(counted(result, "seconds served after a revocation"), 2);
    EXPECT_GT(counted(result, "shared refused: owner unreachable"), 0);
    EXPECT_GT(counted(result, "shared refused: revoked"), 0);
  });
}

TEST(SharingNodes, RefuseStreamsWithoutAGrantByName) {
  const auto refusals = [](std::vector<std::string> settings, const std::string& name) {
    run_with(settings, [&](const RunResult& result) {
      EXPECT_THAT(violations(result), testing::IsEmpty());
      EXPECT_EQ(counted(result, "stream events"), 0);
      EXPECT_GT(counted(result, "stream reads refused"), 2);
      EXPECT_GT(counted(result, "shared refused: " + name), 2) << name;
      EXPECT_TRUE(std::ranges::any_of(
          result.events, [](const RunEvent& event) { return event.kind == "stream refused"; }));
    });
  };
  refusals(with_stream("office"), "wrong purpose");
  std::vector<std::string> other = with_stream("office", ", purpose: tariffs");
  other.emplace_back("sharing.data_sets.use.terms={cinema: {}}");
  refusals(other, "not offered");
  std::vector<std::string> aggregates = with_stream("office", ", purpose: tariffs");
  aggregates.emplace_back(
      "sharing.data_sets.use.terms={insurer: {operations: read, min_group: 3}}");
  refusals(aggregates, "aggregates only");
}

TEST(SharingNodes, LetTheOwnersStreamsRead) {
  run_with(with_stream("home"), [](const RunResult& result) {
    EXPECT_THAT(violations(result), testing::IsEmpty());
    EXPECT_GT(counted(result, "stream events"), 20);
    EXPECT_EQ(counted(result, "stream reads refused"), 0);
  });
}

TEST(SharingNodes, LetOnlyTheOwnerBackUpRows) {
  const auto backups = [](const std::string& party) {
    return std::vector<std::string>{
        "nodes={server: {at: [site 1, site 2, site 3, site 4], cores: 2, speed: 2 Gop/s}, vault: "
        "{at: site 2, cores: 2, speed: 2 Gop/s}}",
        "storage.backup={to: vault, every: 5 s, tables: meters}",
        "sharing.parties." + party + ".nodes=[server/site " + (party == "grid" ? "1" : "4") +
            ", vault]"};
  };
  run_with(backups("grid"), [](const RunResult& result) {
    EXPECT_THAT(violations(result), testing::IsEmpty());
    EXPECT_GT(counted(result, "backups taken"), 2);
  });
  run_with(backups("cinema"), [](const RunResult& result) {
    EXPECT_THAT(violations(result), testing::IsEmpty());
    EXPECT_EQ(counted(result, "backups taken"), 0);
    EXPECT_GT(counted(result, "backups failed"), 2);
    EXPECT_TRUE(std::ranges::any_of(result.events, [](const RunEvent& event) {
      return event.kind == "backup failed" && event.detail.starts_with("not offered: ");
    }));
  });
}

TEST(SharingNodes, SpreadAFileFromPeerToPeer) {
  run_with({"workload.tariff={from: analyst, rate: 1 /s, does: {fetch_shared: {data_set: film}}}"},
           [](const RunResult& result) {
             EXPECT_THAT(violations(result), testing::IsEmpty());
             EXPECT_GT(counted(result, "shared files fetched"), 20);
             EXPECT_GT(counted(result, "swarm bytes uploaded"), 2e6);
             EXPECT_LT(counted(result, "swarm bytes uploaded"), 2.3e6);
             // The owner gives little more than one copy, the first reader the other.
             EXPECT_GT(counted(result, "swarm bytes from owners"), 1e6);
             EXPECT_GT(counted(result, "swarm bytes from peers"), 2e5);
             EXPECT_DOUBLE_EQ(counted(result, "swarm bytes from owners") +
                                  counted(result, "swarm bytes from peers"),
                              counted(result, "swarm bytes uploaded"));
           });
}

TEST(SharingNodes, KeepTheirTrailsOverCrashes) {
  run_with({"faults=[{at: 4 s, crash: server/site 1, for: 2 s}, {at: 7 s, crash: server/site 2, "
            "for: 2 s}, {at: 8 s, lose_disk: server/site 3}]"},
           [](const RunResult& result) {
             for (const std::string& found : violations(result)) {
               EXPECT_THAT(found, Not(testing::StartsWith("granted")));
               EXPECT_THAT(found, Not(testing::StartsWith("audited")));
             }
             EXPECT_GT(counted(result, "shared answers"), 20);
           });
}

TEST(SharingNodes, RepeatARunFromItsSeed) {
  const Folder folder;
  std::vector<std::string> prints;
  for (const std::string name : {"first", "second"}) {
    in_child([&] {
      const RunResult result = run_scenario(scenario_with({cut_off}), {.seed = 5});
      std::ofstream{folder.file(name)} << result.fingerprint;
    });
    std::ifstream written{folder.file(name)};
    written >> prints.emplace_back();
  }
  EXPECT_FALSE(prints[0].empty());
  EXPECT_EQ(prints[0], prints[1]);
}

TEST(SharingNodes, AreRefusedWithWhatWouldBeRight) {
  EXPECT_THAT(user_error({"sharing.data_sets.use.owner=grit"}), HasSubstr("did you mean 'grid'"));
  EXPECT_THAT(user_error({"sharing.data_sets.use.table=meter"}), HasSubstr("'meters'"));
  EXPECT_THAT(user_error({"sharing.parties.grid.devices=metre"}), HasSubstr("'meter'"));
  EXPECT_THAT(user_error({"sharing.data_sets.use.rows=[watts]"}), HasSubstr("watts >= 0"));
  EXPECT_THAT(user_error({"sharing.events=[{at: 1 s, revoke: {data_set: use, from: x}}]"}),
              HasSubstr("no party"));
}

TEST(SharingNodes, RefuseANodeOfTwoParties) {
  EXPECT_EQ(user_error({"sharing.parties.insurer.nodes=server/site 1"}), "");
  EXPECT_EQ(user_error({"sharing.parties.insurer.devices=screen"}), "");
}

// What the watch sees and the trail does not tell.
TEST(SharingWatch, AccusesANodeWhoseTrailIsNotComplete) {
  ClusterWorld world{{.nodes = 1}};
  Random random{1};
  const PartyKeys keys = PartyKeys::draw(random);
  const PartyDirectory directory{{keys.party("owner", {NodeId{0}})}};
  const SharingChoice choice;
  SharingWatch watch{choice, directory};
  Witness witness;
  watch.be_seen_by(witness);
  std::unique_ptr<Sharing> sharing;
  world.node(0).on_start([&](Node& node) {
    sharing = std::make_unique<Sharing>(node, keys, directory, SharingSettings{});
  });
  world.start();
  const AdmittedGrant grant{.request = {.resource = "x"}, .who = keys.signing.public_key()};
  const auto check = [&] {
    watch.check_trail(NodeId{0}, "node", sharing->audit, keys.signing.public_key());
    return witness.accusations().size();
  };
  EXPECT_EQ(check(), 0u);
  watch.served(world.node(0), grant, {.bytes = 10});
  EXPECT_EQ(check(), 1u);
  EXPECT_EQ(witness.accusations().back().invariant, "audited");
  world.stop();
}

}  // namespace
}  // namespace evenkeel::test
