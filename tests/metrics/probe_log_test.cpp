// What several logs hold, told again in the order of time.
#include "sim/metrics/probe_log.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "models/runtime/random.h"
#include "sim/metrics/run_result.h"

namespace evenkeel::test {
namespace {

// Writes down every call.
class Listener final : public Probe {
 public:
  void request_sent(std::uint32_t request_class, std::uint32_t site, Time at) override {
    heard.push_back(fmt::format("{} sent {} {}", at.count(), request_class, site));
  }
  void request_ended(const RequestRecord& record) override {
    heard.push_back(fmt::format("{} ended {} {} {}", record.ended.count(), record.number,
                                record.compute.count(), record.copies));
  }
  void level_changed(Level level, NodeId node, Time at, double change) override {
    heard.push_back(
        fmt::format("{} level {} {} {}", at.count(), static_cast<int>(level), index(node), change));
  }
  void count(std::string_view name, NodeId node, double amount) override {
    heard.push_back(fmt::format("count {} {} {}", name, index(node), amount));
  }
  void event(Time at, NodeId node, std::string_view kind, std::string_view detail) override {
    heard.push_back(fmt::format("{} event {} {} {}", at.count(), index(node), kind, detail));
  }

  std::vector<std::string> heard;
};

void observe(Probe& probe, int i) {
  const Time at{i};
  switch (i % 4) {
    case 0:
      return probe.request_sent(1, static_cast<std::uint32_t>(i), at);
    case 1:
      return probe.request_ended({.number = static_cast<std::uint64_t>(i),
                                  .copies = 2,
                                  .ended = at,
                                  .compute = Duration{3 * i}});
    case 2:
      return probe.level_changed(Level::queue, NodeId{7}, at, -1);
    default:
      return probe.event(at, NodeId{3}, "crash", std::string(static_cast<std::size_t>(i), 'x'));
  }
}

TEST(ProbeLog, TellsWhatManySawAsIfOneHadSeenIt) {
  Listener one;
  std::vector<ProbeLog> logs(5);
  Random random(3);
  for (int i = 0; i < 1000; ++i) {
    observe(one, i);
    observe(logs[random.below(logs.size())], i);
  }
  Listener all;
  replay(logs, all);
  EXPECT_EQ(all.heard, one.heard);
}

TEST(ProbeLog, KeepsTheOrderOfOneNodeWithinAnInstant) {
  std::vector<ProbeLog> logs(2);
  for (const double change : {1, -1, 1})
    logs[1].level_changed(Level::queue, NodeId{1}, Time{5}, change);
  Listener all;
  replay(logs, all);
  EXPECT_THAT(all.heard, testing::ElementsAre("5 level 1 1 1", "5 level 1 1 -1", "5 level 1 1 1"));
}

TEST(ProbeLog, SurvivesTheWayBetweenProcesses) {
  ProbeLog log;
  for (int i = 0; i < 50; ++i) observe(log, i);
  log.count("probes", NodeId{1}, 2);
  log.count("probes", NodeId{1}, 3);
  const auto copy = ProbeLog::from_bytes(log.to_bytes());
  ASSERT_TRUE(copy);
  Listener before;
  Listener after;
  replay({&log, 1}, before);
  replay({&*copy, 1}, after);
  EXPECT_EQ(after.heard, before.heard);
  EXPECT_EQ(after.heard.back(), "count probes 1 5");
}

TEST(ProbeLog, RefusesBytesThatAreNone) {
  ProbeLog log;
  for (int i = 0; i < 8; ++i) observe(log, i);
  const std::string bytes = log.to_bytes();
  Random random(5);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(ProbeLog::from_bytes(std::string_view{bytes}.substr(0, size)));
  for (int i = 0; i < 2000; ++i) {
    std::string damaged = bytes;
    damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
    Listener listener;
    if (const auto read = ProbeLog::from_bytes(damaged)) replay({&*read, 1}, listener);
  }
}

// One request of class 1 at site 2, answered by node 3.
ProbeLog sensible_log() {
  ProbeLog log;
  log.request_sent(1, 2, Time{100});
  log.level_changed(Level::busy_cores, NodeId{3}, Time{110}, 1);
  log.request_ended({.request_class = 1,
                     .site = 2,
                     .server = NodeId{3},
                     .sent = Time{100},
                     .ended = Time{150},
                     .network = Duration{10},
                     .compute = Duration{30},
                     .reply = Duration{10}});
  return log;
}

TEST(ProbeLog, FitsWhereItsClassesSitesAndNodesAreKnown) {
  EXPECT_TRUE(sensible_log().fits(2, 3, 4));
  EXPECT_FALSE(sensible_log().fits(1, 3, 4));
  EXPECT_FALSE(sensible_log().fits(2, 2, 4));
  EXPECT_FALSE(sensible_log().fits(2, 3, 3));
}

TEST(ProbeLog, DoesNotFitWhereItMakesNoSense) {
  const RequestRecord never_sent{.sent = Time{160}, .ended = Time{160}};
  ProbeLog log = sensible_log();
  log.request_ended(never_sent);
  EXPECT_FALSE(log.fits(9, 9, 9)) << "a request that was never sent";
  log = sensible_log();
  log.request_sent(0, 0, Time{160});
  log.request_ended({.sent = Time{160}, .ended = Time{170}});
  EXPECT_FALSE(log.fits(9, 9, 9)) << "phases that do not add up";
  log = sensible_log();
  log.request_sent(0, 0, Time{140});
  EXPECT_FALSE(log.fits(9, 9, 9)) << "time that runs backwards";
  log = sensible_log();
  log.count("probes", NodeId{2}, no_value);
  EXPECT_FALSE(log.fits(9, 9, 9)) << "no number";
}

}  // namespace
}  // namespace evenkeel::test
