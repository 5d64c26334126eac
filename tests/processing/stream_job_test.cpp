// Continuous queries: lateness, sessions, backpressure, cut uplinks, takeover, hostile messages.
#include "tests/processing/stream_world.h"

namespace evenkeel::test {
namespace {

using testing::ElementsAre;

/// A window operator on a store of its own, driven by hand. Rows are {group, value}.
class HandDriven {
 public:
  HandDriven(ChosenEntry window, Duration lateness = {}) {
    StreamSpec spec = sums_by_device({NodeId{1}}, std::move(window));
    spec.lateness = lateness;
    plan_ = *StreamPlan::make(spec);
    database_ = std::move(*open_on_disk(disk_, "streams.db"));
    store_ = std::make_unique<StreamStore>(*database_);
    EXPECT_TRUE(store_->open());
  }

  /// Events of group 0 at these times, each worth its second; the watermark that held before, then
  /// the one after.
  void page(const std::vector<double>& times_s, std::optional<double> before,
            std::optional<double> after) {
    Transaction transaction{*database_, Transaction::Kind::write};
    JobStep step{.epoch = 1, .number = ++steps_};
    std::vector<Event> events;
    for (const double at : times_s)
      events.push_back({next_++, seconds(at), {Value{0.0}, Value{at}}});
    WindowOperator windows{*store_, plan_};
    windows.add(NodeId{1}, 7, events, before ? std::optional{seconds(*before)} : std::nullopt,
                step);
    if (after) windows.fire(seconds(*after), step);
    transaction.commit();
  }

  /// "start-end#revision=sum", retracted ones with a minus.
  std::vector<std::string> outputs() {
    std::vector<std::string> texts;
    for (const WindowOutput& output : store_->outputs("sums")) {
      std::string text = std::to_string(output.window.start / std::chrono::seconds{1}) + "-" +
                         std::to_string(output.window.end / std::chrono::seconds{1}) + "#" +
                         std::to_string(output.revision);
      texts.push_back(output.retracted ? "retracted " + text
                                       : text + "=" + to_text(output.values.at(0)));
    }
    return texts;
  }
  std::vector<double> late() {
    std::vector<double> times;
    for (const LateEvent& event : store_->late("sums")) times.push_back(to_seconds(event.event.at));
    return times;
  }
  std::uint64_t open() { return store_->open_windows("sums"); }

 private:
  MemoryDisk disk_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<StreamStore> store_;
  StreamPlan plan_;
  std::uint64_t steps_ = 0;
  std::uint64_t next_ = 0;
};

const ChosenEntry ten_s{.name = "tumbling", .numbers = {{"size", 10}}};
const ChosenEntry gap_s{.name = "session", .numbers = {{"gap", 5}}};

TEST(WindowOperator, TellsAWindowOnceTheWatermarkIsBehindIt) {
  HandDriven driven{ten_s};
  driven.page({1, 9, 12}, {}, 9.5);
  EXPECT_THAT(driven.outputs(), ElementsAre());
  driven.page({8}, 9.5, 10);
  EXPECT_THAT(driven.outputs(), ElementsAre("0-10#0=18"));
  EXPECT_EQ(driven.open(), 1u);
}

TEST(WindowOperator, PutsLateEventsAsideNotIntoALaterWindow) {
  HandDriven driven{ten_s};
  driven.page({1, 12}, {}, 10);
  driven.page({9, 13}, 10, 20);
  EXPECT_THAT(driven.outputs(), ElementsAre("0-10#0=1", "10-20#0=25"));
  EXPECT_THAT(driven.late(), ElementsAre(9));
}

TEST(WindowOperator, TellsAgainWhatIsLateWithinTheAllowance) {
  HandDriven driven{ten_s, seconds(5)};
  driven.page({1}, {}, 12);
  driven.page({2}, 12, 14);
  driven.page({3}, 14, 15);
  driven.page({4}, 15, 16);
  EXPECT_THAT(driven.outputs(), ElementsAre("0-10#0=1", "0-10#1=3", "0-10#2=6"));
  EXPECT_THAT(driven.late(), ElementsAre(4));
  EXPECT_EQ(driven.open(), 0u);
}

TEST(WindowOperator, CountsInEachSlidingWindow) {
  HandDriven driven{{.name = "sliding", .numbers = {{"size", 4}, {"step", 2}}}};
  driven.page({1, 3, 5}, {}, 100);
  EXPECT_THAT(driven.outputs(), ElementsAre("-2-2#0=1", "0-4#0=4", "2-6#0=8", "4-8#0=5"));
}

TEST(WindowOperator, MergesSessionsThatAnEventJoins) {
  HandDriven driven{gap_s};
  driven.page({0, 8}, {}, {});
  EXPECT_EQ(driven.open(), 2u);
  driven.page({4}, {}, 13);
  EXPECT_THAT(driven.outputs(), ElementsAre("0-13#0=12"));
  EXPECT_EQ(driven.open(), 0u);
}

TEST(WindowOperator, TakesBackASessionThatBecomesPartOfALongerOne) {
  HandDriven driven{gap_s, seconds(10)};
  driven.page({0}, {}, 6);
  driven.page({4}, 6, 9);
  driven.page({30}, 9, 29);
  EXPECT_THAT(driven.outputs(), ElementsAre("0-5#0=0", "retracted 0-5#1", "0-9#0=4"));
}

TEST(StreamPlan, SaysWhatIsWrong) {
  const auto why = [](auto change) {
    StreamSpec spec = sums_by_device({NodeId{1}}, ten_s);
    change(spec);
    const Result<StreamPlan> plan = StreamPlan::make(spec);
    return plan ? std::string{"nothing"} : plan.error().detail;
  };
  EXPECT_EQ(why([](StreamSpec&) {}), "nothing");
  EXPECT_THAT(why([](StreamSpec& spec) { spec.window.name = "tumbler"; }),
              testing::HasSubstr("no window 'tumbler'"));
  EXPECT_THAT(why([](StreamSpec& spec) {
                spec.aggregates[0].inputs = {1, 2};
              }),
              testing::HasSubstr("takes 1 columns, not 2"));
  EXPECT_THAT(why([](StreamSpec& spec) { spec.sources = {}; }), testing::HasSubstr("sources"));
}

TEST(StreamJob, KeepsUpWithoutFaultsAndTrimsItsSources) {
  StreamPlay play{{}};
  play.world.run_until(seconds(21));
  play.flush();
  play.world.run_until(seconds(25));
  EXPECT_EQ(play.told(0), play.acknowledged);
  EXPECT_TRUE(play.late(0).empty());
  EXPECT_EQ(play.world.counts["stream late events"], 0);
  EXPECT_LT(play.stations[2]->log.bytes("readings"), 100u);
}

// F10, F11: an edge node goes on alone, restarts alone, and sends what it has later.
TEST(StreamJob, LosesNothingOfASourceThatRestartsWhileItsUplinkIsCut) {
  StreamPlay play{{}};
  play.world.at(seconds(5), [&] { play.world.cut_off(2); });
  play.world.at(seconds(8), [&] { play.world.crash(2); });
  play.world.at(seconds(9), [&] { play.world.restart(2); });
  play.world.at(seconds(18), [&] { play.world.cut_off(2, false); });
  play.world.run_until(seconds(17));
  EXPECT_GT(play.stations[2]->log.bytes("readings"), 2000u);
  play.world.run_until(seconds(25));
  play.flush();
  play.world.run_until(seconds(30));
  EXPECT_EQ(play.told(0), play.acknowledged);
  EXPECT_TRUE(play.late(0).empty());  // its windows waited for it
}

TEST(StreamJob, PutsAsideWhatASourceSendsThatWasTakenForIdle) {
  StreamPlay::Settings settings;
  settings.spec.watermark.idle_after = seconds(3);
  StreamPlay play{settings};
  play.world.at(seconds(5), [&] { play.world.cut_off(2); });
  play.world.at(seconds(15), [&] { play.world.cut_off(2, false); });
  play.world.run_until(seconds(25));
  play.flush();
  play.world.run_until(seconds(30));
  EXPECT_GT(play.late(0).size(), 100u);
  EXPECT_EQ(play.world.counts["stream late events"], static_cast<double>(play.late(0).size()));
  EXPECT_EQ(play.told(0), play.acknowledged);
}

// F13: more comes in than the worker can take; nothing grows beyond its bound.
TEST(StreamJob, SlowsItsSourcesWhenItIsFull) {
  StreamPlay::Settings settings;
  settings.job.ops_per_event = 50e6;  // 20 events/s, of 80
  settings.log.limit_bytes = 4000;
  StreamPlay play{settings};
  std::uint64_t most = 0;
  for (int i = 1; i <= 200; ++i) {
    play.world.run_until(seconds(0.1 * i));
    most = std::max(most, play.stations[2]->log.bytes("readings"));
  }
  EXPECT_LE(most, 4000u);
  EXPECT_GT(play.refused, 200u);
  EXPECT_EQ(play.world.counts["events refused"], static_cast<double>(play.refused));
  play.world.run_until(seconds(60));
  play.flush();
  play.world.run_until(seconds(70));
  EXPECT_EQ(play.told(0), play.acknowledged);
}

TEST(StreamJob, CountsWhatItsSourcesDropWhenToldToDrop) {
  StreamPlay::Settings settings;
  settings.job.ops_per_event = 50e6;
  settings.log = {.limit_bytes = 4000, .when_full = EventLogSettings::WhenFull::drop_oldest};
  StreamPlay play{settings};
  play.world.run_until(seconds(60));
  EXPECT_EQ(play.refused, 0u);
  const double dropped = play.world.counts["events dropped"];
  EXPECT_GT(dropped, 200);
  // Either all of what was dropped was missed, or some had been read and was not yet let go.
  EXPECT_LE(play.world.counts["stream events lost"], dropped);
  EXPECT_EQ(play.world.counts["stream events"] + play.world.counts["stream events lost"],
            static_cast<double>(play.acknowledged_events));
}

TEST(StreamJob, ReadsTheNewLogOfASourceThatLostItsDisk) {
  StreamPlay play{{}};
  play.world.run_until(seconds(5));
  play.world.crash(2);
  play.world.disks[2]->lose_all();
  play.world.run_for(seconds(1));
  play.world.restart(2);
  play.world.run_until(seconds(10));
  EXPECT_EQ(play.world.counts["stream logs lost"], 1);
  EXPECT_FALSE(play.stations[0]->job->failure());
  const Result<EventPage> page = play.stations[2]->log.read("readings", 0, 0, 0);
  EXPECT_GT(page->start, 50u);  // read and let go
}

TEST(StreamJob, StopsWhenItsDiskWasLostAndTheStandbyKnowsMore) {
  StreamPlay play{{}};
  play.standby = NodeId{1};
  play.world.crash(0);
  play.world.restart(0);
  play.world.run_until(seconds(5));
  play.world.crash(0);
  play.world.disks[0]->lose_all();
  play.world.restart(0);
  play.world.run_until(seconds(8));
  ASSERT_TRUE(play.stations[0]->job->failure());
  EXPECT_THAT(play.stations[0]->job->failure()->detail,
              testing::HasSubstr("let the standby take over"));
  play.start_job(1, 2, {});
  play.world.run_until(seconds(25));
  play.flush();
  play.world.run_until(seconds(30));
  EXPECT_EQ(play.told(1), play.acknowledged);
}

TEST(StreamJob, RefusesToStartWhereALaterOwnerWas) {
  StreamPlay play{{}};
  play.world.run_until(seconds(1));
  play.start_job(0, 3, {});
  EXPECT_TRUE(play.start_result);
  play.start_job(1, 0, {});
  EXPECT_TRUE(play.start_result);
  play.start_job(0, 2, {});
  ASSERT_FALSE(play.start_result);
  EXPECT_EQ(play.start_result.error().code, ErrorCode::conflict);
}

Task<> throw_bytes(Node& node, std::uint64_t seed) {
  Random random{seed};
  for (int i = 0; i < 500; ++i) {
    Payload payload;
    const auto tag = static_cast<std::uint16_t>(1 + random.below(3));
    append(payload.bytes, true, std::uint64_t{i + 1U}, tag);
    for (std::uint64_t n = random.below(120); n > 0; --n)
      payload.bytes.push_back(static_cast<std::byte>(random.chance(0.5) ? 0 : random.below(256)));
    node.send(NodeId{static_cast<std::uint32_t>(random.below(4))}, Port::streams,
              std::move(payload));
    co_await node.sleep(std::chrono::milliseconds{10});
  }
}

TEST(StreamJob, SurvivesHostileBytes) {
  StreamPlay play{{}};
  play.world.node(1).spawn(throw_bytes(play.world.node(1), 3));
  play.world.run_until(seconds(25));
  play.flush();
  play.world.run_until(seconds(30));
  EXPECT_EQ(play.told(0), play.acknowledged);
}

}  // namespace
}  // namespace evenkeel::test
