// Exactly-once windows under crashes (invariant I11): what was told in windows and as late is what
// sources acknowledged; and the same test sees when it is not.
#include "tests/processing/stream_world.h"

namespace evenkeel::test {
namespace {

/// Crashes and restarts nodes, loses power with them, cuts links, at random.
void disturb(StreamPlay& play, Random& random, const std::vector<std::uint32_t>& nodes) {
  for (int i = 0; i < 5; ++i) {
    const Time at = seconds(0.5 + 7 * random.uniform());
    const std::uint32_t victim = nodes[random.below(nodes.size())];
    const Duration span = seconds(0.05 + random.uniform());
    if (random.chance(0.7)) {
      play.world.at(at, [&play, victim] {
        if (play.world.node(victim).is_up()) play.world.crash(victim);
      });
      play.world.at(at + span, [&play, victim] {
        if (!play.world.node(victim).is_up()) play.world.restart(victim);
      });
    } else {
      play.world.at(at, [&play, victim] { play.world.cut_off(victim); });
      play.world.at(at + 3 * span, [&play, victim] { play.world.cut_off(victim, false); });
    }
  }
}

struct Verdict {
  double acknowledged = 0;
  double told = 0;
  std::uint64_t events = 0;
  bool was_told_twice = false;
};

Verdict run(std::uint64_t seed, StreamJobSettings::Flaw flaw) {
  Random random = Random::stream(seed, "disturbance");
  StreamPlay::Settings settings;
  settings.world.seed = seed;
  settings.makes_for = seconds(8);
  settings.world.loss = 0.1 * random.uniform();
  settings.world.duplication = 0.2 * random.uniform();
  settings.spread_s = random.chance(0.5) ? 0.4 : 2;  // some come late
  settings.job.flaw = flaw;
  StreamPlay play{settings};
  disturb(play, random, {0, 0, 2, 3});
  play.world.run_until(seconds(13));
  play.flush();
  play.world.run_until(seconds(25));
  Verdict verdict{play.acknowledged, play.told(0), play.acknowledged_events};
  for (const WindowOutput& output : play.outputs(0)) verdict.was_told_twice |= output.revision > 0;
  return verdict;
}

/// In blocks of ten seeds.
class StreamFaults : public testing::TestWithParam<std::uint64_t> {};
INSTANTIATE_TEST_SUITE_P(Seeds, StreamFaults, testing::Range<std::uint64_t>(0, 300, 10));

TEST_P(StreamFaults, CountsEachEventOnceWhateverCrashes) {
  for (std::uint64_t seed = GetParam(); seed < GetParam() + 10; ++seed) {
    const Verdict verdict = run(seed, StreamJobSettings::Flaw::none);
    ASSERT_GT(verdict.events, 200u) << "seed " << seed;
    ASSERT_EQ(verdict.told, verdict.acknowledged) << "seed " << seed;
    ASSERT_FALSE(verdict.was_told_twice) << "seed " << seed;
  }
}

TEST(StreamFaultsTest, AreSeenWhenPositionAndStateAreInTwoTransactions) {
  int caught = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Verdict verdict = run(seed, StreamJobSettings::Flaw::two_transactions);
    if (verdict.told != verdict.acknowledged) ++caught;
  }
  EXPECT_GT(caught, 1);
}

// The owner is not dead, only slow or cut off, when the standby takes over; both go on.
class StreamTakeover : public testing::TestWithParam<std::uint64_t> {};
INSTANTIATE_TEST_SUITE_P(Seeds, StreamTakeover, testing::Range<std::uint64_t>(0, 100, 10));

TEST_P(StreamTakeover, RefusesAZombiesOutput) {
  double refused = 0;
  for (std::uint64_t seed = GetParam(); seed < GetParam() + 10; ++seed) {
    Random random = Random::stream(seed, "takeover");
    StreamPlay::Settings settings;
    settings.world.seed = seed;
    settings.makes_for = seconds(8);
    settings.world.loss = 0.05 * random.uniform();
    StreamPlay play{settings};
    // Replaces the job that the node booted with by one that ships.
    play.standby = NodeId{1};
    play.world.crash(0);
    play.world.restart(0);
    disturb(play, random, {0, 1, 2, 3});
    const Time at = seconds(2 + 5 * random.uniform());
    const bool is_cut = random.chance(0.5);
    play.world.at(at, [&play, is_cut] {
      if (!play.world.node(1).is_up()) play.world.restart(1);
      if (is_cut) play.world.cut_off(0);
      play.start_job(1, 2, {});
    });
    // A standby that is itself restarted goes on as the owner.
    play.world.node(1).on_start([&play, at](Node& node) {
      if (node.now() > at) play.start_job(1, 2, {});
    });
    play.world.run_until(seconds(13));
    play.world.cut_off(0, false);
    play.flush();
    play.world.run_until(seconds(25));
    ASSERT_TRUE(play.start_result) << play.start_result.error().detail;
    ASSERT_EQ(play.told(1), play.acknowledged) << "seed " << seed;
    ASSERT_TRUE(play.stations[0]->job->failure()) << "seed " << seed;
    for (const WindowOutput& output : play.outputs(1)) ASSERT_EQ(output.revision, 0u);
    refused += play.world.counts["stream zombies refused"];
  }
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace evenkeel::test
