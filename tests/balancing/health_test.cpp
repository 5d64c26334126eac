// Outlier ejection and slow start, by Envoy's defaults and by hand arithmetic.
#include "models/balancing/health.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "tests/balancing/default_fields.h"

namespace evenkeel {
namespace {

using Servers = std::vector<ServerIndex>;

class HealthTest : public testing::Test {
 protected:
  Servers eligible(Health& health, double at_s) {
    const auto span = health.eligible(seconds(at_s));
    return {span.begin(), span.end()};
  }

  static void end(Health& health, ServerIndex server, bool ok, int times, double at_s,
                  Duration latency = seconds(0.01)) {
    for (int i = 0; i < times; ++i)
      health.finished(server, {.ok = ok, .latency = latency}, seconds(at_s));
  }

  Health outliers(std::size_t n, const OutlierSettings& settings = {}) {
    return Health{first(n), settings, std::nullopt, random_};
  }

  /// The servers 0 .. n-1.
  std::span<const ServerIndex> first(std::size_t n) {
    servers_.resize(n);
    std::iota(servers_.begin(), servers_.end(), 0U);
    return servers_;
  }

  Servers servers_;
  Random random_{7};
};

TEST_F(HealthTest, SwitchedOffTrustsEverybody) {
  Health health{first(3), std::nullopt, std::nullopt, random_};
  end(health, 1, false, 1000, 1);
  EXPECT_EQ(eligible(health, 100), (Servers{0, 1, 2}));
  EXPECT_TRUE(health.accepts(1, seconds(100)));
}

TEST_F(HealthTest, EjectsAfterFiveFailuresInARow) {
  Health health = outliers(10);
  end(health, 3, false, 4, 1);
  end(health, 3, true, 1, 1);
  end(health, 3, false, 4, 1);
  EXPECT_EQ(eligible(health, 1).size(), 10U);
  end(health, 3, false, 1, 1);
  EXPECT_EQ(eligible(health, 1), (Servers{0, 1, 2, 4, 5, 6, 7, 8, 9}));
}

TEST_F(HealthTest, ReadmitsAtTheIntervalAfterTheEjection) {
  Health health = outliers(10);
  end(health, 3, false, 5, 1);  // until 31 s; intervals end at 10, 20, 30, 40 s
  EXPECT_EQ(eligible(health, 39.9).size(), 9U);
  EXPECT_EQ(eligible(health, 40.0).size(), 10U);
}

TEST_F(HealthTest, EjectsForLongerEachTime) {
  Health health = outliers(10);
  end(health, 3, false, 5, 0);
  EXPECT_EQ(eligible(health, 30).size(), 10U);
  end(health, 3, false, 5, 31);  // the second time, no healthy interval between: 60 s
  EXPECT_EQ(eligible(health, 99.9).size(), 9U);
  EXPECT_EQ(eligible(health, 100).size(), 10U);
}

TEST_F(HealthTest, ForgetsAnEjectionForEachHealthyInterval) {
  Health health = outliers(10);
  end(health, 3, false, 5, 0);
  EXPECT_EQ(eligible(health, 45).size(), 10U);
  EXPECT_EQ(eligible(health, 55).size(), 10U);  // one healthy interval: the record is clean
  end(health, 3, false, 5, 60);
  EXPECT_EQ(eligible(health, 89.9).size(), 9U);
  EXPECT_EQ(eligible(health, 90).size(), 10U);
}

TEST_F(HealthTest, EjectsFiveMinutesAtMost) {
  OutlierSettings settings;
  settings.base_ejection = seconds(200);
  Health health = outliers(10, settings);
  end(health, 3, false, 5, 0);
  ASSERT_EQ(eligible(health, 200).size(), 10U);
  end(health, 3, false, 5, 200);
  EXPECT_EQ(eligible(health, 499).size(), 9U);
  EXPECT_EQ(eligible(health, 500).size(), 10U);
}

TEST_F(HealthTest, EjectsATenthAtMostButAlwaysOne) {
  Health few = outliers(5);
  for (const ServerIndex server : {0U, 1U, 2U}) end(few, server, false, 5, 1);
  EXPECT_EQ(eligible(few, 1), (Servers{1, 2, 3, 4}));
  Health many = outliers(30);
  for (ServerIndex server = 0; server < 30; ++server) end(many, server, false, 5, 1);
  EXPECT_EQ(eligible(many, 1).size(), 27U);
}

TEST_F(HealthTest, PanicsWhenFewerThanHalfAreLeft) {
  OutlierSettings settings;
  settings.max_ejected = 1;
  Health health = outliers(4, settings);
  for (const ServerIndex server : {0U, 1U}) end(health, server, false, 5, 1);
  EXPECT_EQ(eligible(health, 1), (Servers{2, 3}));
  end(health, 2, false, 5, 1);
  EXPECT_TRUE(health.panics());
  EXPECT_EQ(eligible(health, 1), (Servers{0, 1, 2, 3}));
}

TEST_F(HealthTest, NeverLeavesNobody) {
  Health health = outliers(1);
  end(health, 0, false, 5, 1);
  EXPECT_EQ(health.ejected_count(), 1U);
  EXPECT_EQ(eligible(health, 1), Servers{0});
}

/// Ends 100 requests at each of n servers; those of `rate` at the last one succeed by that share.
void spread(Health& health, ServerIndex n, int ok_at_last) {
  for (ServerIndex server = 0; server < n; ++server) {
    const int ok = server + 1 == n ? ok_at_last : 99;
    for (int i = 0; i < 100; ++i)  // failures spread out, so that none follow each other
      health.finished(server, {.ok = i % 100 < ok, .latency = seconds(0.01)}, seconds(5));
  }
}

OutlierSettings only_success_rate() {
  OutlierSettings settings;
  settings.consecutive_failures = 0;
  return settings;
}

TEST_F(HealthTest, EjectsALowSuccessRate) {
  // 9 servers at .99, one at .90: mean .981, stdev .027; mean - 1.9 stdev = .9297 > .90.
  Health health = outliers(10, only_success_rate());
  spread(health, 10, 90);
  EXPECT_EQ(eligible(health, 9.9).size(), 10U);
  EXPECT_EQ(eligible(health, 10), (Servers{0, 1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST_F(HealthTest, OfFourServersNoneCanBeCompared) {
  Health health = outliers(4, only_success_rate());
  spread(health, 4, 0);
  EXPECT_EQ(eligible(health, 10).size(), 4U);
}

TEST_F(HealthTest, OfFiveServersOneCanFallBelowTheThreshold) {
  // One of n differs: it lies sqrt(n - 1) = 2 standard deviations below the mean, just over 1.9.
  Health health = outliers(5, only_success_rate());
  spread(health, 5, 50);
  EXPECT_EQ(eligible(health, 10).size(), 4U);
}

TEST_F(HealthTest, ComparesOnlyServersWithAHundredRequests) {
  Health health = outliers(10, only_success_rate());
  for (ServerIndex server = 0; server < 9; ++server) end(health, server, true, 100, 5);
  end(health, 9, false, 99, 5);
  EXPECT_EQ(eligible(health, 10).size(), 10U);
}

TEST_F(HealthTest, ForgetsTheLastInterval) {
  Health health = outliers(10, only_success_rate());
  for (ServerIndex server = 0; server < 9; ++server) end(health, server, true, 100, 5);
  end(health, 9, false, 60, 5);
  EXPECT_EQ(eligible(health, 10).size(), 10U);
  for (ServerIndex server = 0; server < 9; ++server) end(health, server, true, 100, 15);
  end(health, 9, false, 60, 15);
  EXPECT_EQ(eligible(health, 20).size(), 10U);
}

TEST_F(HealthTest, EjectsASlowServerIfAskedTo) {
  OutlierSettings settings;
  for (const double factor : {0.0, 3.0}) {
    settings.latency_factor = factor;
    Health health = outliers(10, settings);
    for (ServerIndex server = 0; server < 10; ++server)
      end(health, server, true, 100, 5, seconds(server == 4 ? 0.1 : 0.01));
    EXPECT_EQ(eligible(health, 10).size(), factor > 0 ? 9U : 10U);
    EXPECT_EQ(health.is_ejected(4), factor > 0);
  }
}

TEST(SlowStart, GrowsAsTheReferenceSays) {
  SlowStartSettings settings;
  const auto weight = [&](double at_s) { return slow_start_weight(settings, seconds(at_s)); };
  EXPECT_NEAR(weight(0), 0.10, 1e-12);
  EXPECT_NEAR(weight(6), 0.10, 1e-12);
  EXPECT_NEAR(weight(15), 0.25, 1e-12);
  EXPECT_NEAR(weight(30), 0.50, 1e-12);
  EXPECT_NEAR(weight(45), 0.75, 1e-12);
  EXPECT_EQ(weight(60), 1);
  settings.aggression = 2;
  EXPECT_NEAR(weight(6), 0.316, 5e-4);
  EXPECT_NEAR(weight(15), 0.5, 1e-12);
  EXPECT_NEAR(weight(30), 0.707, 5e-4);
  EXPECT_NEAR(weight(45), 0.866, 5e-4);
}

TEST_F(HealthTest, AcceptsASlowlyStartingServerByItsShare) {
  Health health{first(2), std::nullopt, SlowStartSettings{}, random_};
  health.joined(1, seconds(100));
  int accepted = 0;
  for (int i = 0; i < 10'000; ++i) accepted += health.accepts(1, seconds(115));
  EXPECT_NEAR(accepted, 2500, 4 * 43.3);  // binomial: sqrt(10000 x .25 x .75) = 43.3
  EXPECT_TRUE(health.accepts(0, seconds(115)));
  EXPECT_TRUE(health.accepts(1, seconds(160)));
}

TEST_F(HealthTest, StartsAReadmittedServerSlowly) {
  Health health{first(10), OutlierSettings{}, SlowStartSettings{}, random_};
  end(health, 3, false, 5, 0);
  ASSERT_EQ(eligible(health, 30).size(), 10U);
  int accepted = 0;
  for (int i = 0; i < 10'000; ++i) accepted += health.accepts(3, seconds(60));
  EXPECT_NEAR(accepted, 5000, 200);
}

TEST_F(HealthTest, ARestartWipesTheSlate) {
  Health health = outliers(10);
  end(health, 3, false, 5, 1);
  health.joined(3, seconds(2));
  EXPECT_EQ(eligible(health, 2).size(), 10U);
  end(health, 3, false, 4, 2);
  EXPECT_EQ(eligible(health, 2).size(), 10U);
}

TEST_F(HealthTest, ManyIntervalsMayPassUnseen) {
  Health health = outliers(10);
  end(health, 3, false, 5, 1);
  EXPECT_EQ(eligible(health, 1e9).size(), 10U);
}

TEST(HealthSettings, DescribeThemselves) {
  DefaultFields fields;
  OutlierSettings outliers;
  SlowStartSettings slow_start;
  outliers.describe(fields);
  slow_start.describe(fields);
  EXPECT_EQ(fields.refused, "");
}

}  // namespace
}  // namespace evenkeel
