// Estimates checked by hand.
#include "sim/study/time_left.h"

#include <gtest/gtest.h>

#include <cmath>

namespace evenkeel {
namespace {

TEST(TimeLeft, IsNotKnownBeforeTwoSharesOfSomeRun) {
  TimeLeft left{1};
  left.waits(0);
  EXPECT_TRUE(std::isnan(left.seconds(0)));
  left.starts(0, 0, 0);
  left.reaches(0, 0.1, 3);
  EXPECT_TRUE(std::isnan(left.seconds(3)));
  left.reaches(0, 0.2, 4);
  EXPECT_FALSE(std::isnan(left.seconds(4)));
}

/// Two seconds to set up, then ten seconds for all of it.
TEST(TimeLeft, CountsWhatARunNeedsBeforeItBegins) {
  TimeLeft left{1};
  left.waits(0);
  left.waits(0);
  left.starts(0, 0, 100);
  left.reaches(0, 0.1, 103);
  left.reaches(0, 0.5, 107);
  EXPECT_DOUBLE_EQ(left.seconds(107), 5 + 12);
}

TEST(TimeLeft, GivesWaitingRunsToAllJobs) {
  TimeLeft left{2};
  for (int i = 0; i < 6; ++i) left.waits(0);
  left.starts(0, 0, 0);
  left.starts(1, 0, 0);
  left.ends(0, true, 10);
  left.starts(2, 0, 10);
  EXPECT_DOUBLE_EQ(left.seconds(10), (0 + 10 + 3 * 10) / 2.0);
}

TEST(TimeLeft, KnowsVariantsApart) {
  TimeLeft left{1};
  for (const std::size_t variant : {0, 0, 1, 1, 2}) left.waits(variant);
  left.starts(0, 0, 0);
  left.ends(0, true, 2);
  left.starts(1, 1, 2);
  left.ends(1, true, 10);
  EXPECT_DOUBLE_EQ(left.seconds(10), 2 + 8 + 5);  // of the third the mean of the others
}

TEST(TimeLeft, IsAtLeastWhatTheLongestRunNeeds) {
  TimeLeft left{2};
  left.starts(0, 0, 0);
  left.starts(1, 1, 0);
  for (const double share : {0.1, 0.2}) {
    left.reaches(0, share, 100 * share);
    left.reaches(1, 4 * share, 100 * share);
  }
  EXPECT_DOUBLE_EQ(left.seconds(20), 80);
}

TEST(TimeLeft, LearnsNothingFromWhatFailed) {
  TimeLeft left{1};
  left.waits(0);
  left.waits(0);
  left.starts(0, 0, 0);
  left.ends(0, false, 1);
  EXPECT_TRUE(std::isnan(left.seconds(1)));
}

TEST(TimeLeft, IsNothingAtTheEnd) {
  TimeLeft left{3};
  left.waits(0);
  left.starts(0, 0, 0);
  left.ends(0, true, 1);
  EXPECT_EQ(left.seconds(1), 0);
}

}  // namespace
}  // namespace evenkeel
