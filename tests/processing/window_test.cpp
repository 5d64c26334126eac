// Window kinds and watermarks.
#include "models/processing/window.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <set>

#include "models/processing/chosen.h"
#include "models/processing/watermark.h"
#include "models/runtime/random.h"

namespace evenkeel {
namespace {

MakeWindowing windowing(const ChosenEntry& chosen) {
  const Result<MakeWindowing> made = make_chosen<MakeWindowing>(windowings(), chosen);
  EXPECT_TRUE(made) << (made ? "" : made.error().detail);
  return *made;
}

std::vector<TimeWindow> windows_of(const ChosenEntry& chosen, double at_s) {
  std::vector<TimeWindow> windows;
  windowing(chosen)->assign(seconds(at_s), windows);
  return windows;
}

TimeWindow window_s(double start, double end) { return {seconds(start), seconds(end)}; }

TEST(Windows, TumblingPutsEachInstantIntoOne) {
  const ChosenEntry ten{.name = "tumbling", .numbers = {{"size", 10}, {"offset", 3}}};
  EXPECT_THAT(windows_of(ten, 3), testing::ElementsAre(window_s(3, 13)));
  EXPECT_THAT(windows_of(ten, 12.9), testing::ElementsAre(window_s(3, 13)));
  EXPECT_THAT(windows_of(ten, 13), testing::ElementsAre(window_s(13, 23)));
  EXPECT_THAT(windows_of(ten, -0.5), testing::ElementsAre(window_s(-7, 3)));
}

TEST(Windows, SlidingPutsEachInstantIntoThoseThatHoldIt) {
  const ChosenEntry sliding{.name = "sliding", .numbers = {{"size", 10}, {"step", 4}}};
  EXPECT_THAT(windows_of(sliding, 9),
              testing::ElementsAre(window_s(0, 10), window_s(4, 14), window_s(8, 18)));
  EXPECT_THAT(windows_of(sliding, 10), testing::ElementsAre(window_s(4, 14), window_s(8, 18)));
}

TEST(Windows, SessionOpensOneThatLastsAGapAndMerges) {
  const ChosenEntry session{.name = "session", .numbers = {{"gap", 5}}};
  EXPECT_THAT(windows_of(session, 9), testing::ElementsAre(window_s(9, 14)));
  EXPECT_TRUE(windowing(session)->merges());
}

class WindowsContract : public testing::TestWithParam<std::string> {};

TEST_P(WindowsContract, HoldEachEventAscendingAndWithoutOverflow) {
  const MakeWindowing made = windowing({.name = GetParam()});
  Random random{1};
  for (int i = 0; i < 2000; ++i) {
    Time at{static_cast<std::int64_t>(random())};
    if (i == 0) at = furthest_event_time;
    if (i == 1) at = -furthest_event_time;
    if (!is_event_time(at)) continue;
    std::vector<TimeWindow> windows;
    made->assign(at, windows);
    ASSERT_FALSE(windows.empty());
    ASSERT_LE(windows.size(), static_cast<std::size_t>(most_windows) + 1);
    EXPECT_TRUE(std::ranges::is_sorted(windows));
    for (const TimeWindow& window : windows) {
      EXPECT_LE(window.start, at);
      EXPECT_LT(at, window.end);
    }
  }
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const Entry& entry : windowings().entries()) all.push_back(entry.name);
  return all;
}
INSTANTIATE_TEST_SUITE_P(All, WindowsContract, testing::ValuesIn(names()),
                         [](const auto& its) { return its.param; });

TEST(Windows, AreTheFilesOfTheirFolder) {
  std::set<std::string> files;
  for (const auto& file :
       std::filesystem::directory_iterator{EVENKEEL_SOURCE_DIR "/models/processing/windows"})
    files.insert(file.path().stem());
  const std::vector<std::string> all = names();
  EXPECT_EQ(files, std::set<std::string>(all.begin(), all.end()));
}

constexpr NodeId a{0};
constexpr NodeId b{1};

TEST(Watermarks, StandAtTheLeastOfTheSourcesLessTheBound) {
  Watermarks marks{{}};
  marks.add(a, seconds(0));
  marks.add(b, seconds(0));
  marks.saw(a, seconds(100), seconds(1));
  EXPECT_EQ(marks.advance(seconds(1)), std::nullopt);  // b may begin with anything
  marks.saw(b, seconds(50), seconds(2));
  EXPECT_EQ(marks.advance(seconds(2)), seconds(45));
  marks.saw(b, seconds(120), seconds(3));
  EXPECT_EQ(marks.advance(seconds(3)), seconds(95));
}

TEST(Watermarks, DoNotWaitForASourceThatIsIdle) {
  Watermarks marks{{}};
  marks.add(a, seconds(0));
  marks.add(b, seconds(0));
  marks.saw(a, seconds(100), seconds(29));
  EXPECT_EQ(marks.advance(seconds(29)), std::nullopt);
  EXPECT_EQ(marks.advance(seconds(30)), seconds(95));
  marks.saw(b, seconds(20), seconds(31));  // back, and holds up again, but nothing goes back
  EXPECT_EQ(marks.advance(seconds(31)), seconds(95));
  marks.saw(a, seconds(200), seconds(32));
  EXPECT_EQ(marks.advance(seconds(32)), seconds(95));
  EXPECT_EQ(marks.advance(seconds(61)), seconds(195));
}

TEST(Watermarks, GoToTheGreatestWhenAllAreIdle) {
  Watermarks marks{{}};
  marks.add(a, seconds(0));
  marks.add(b, seconds(0));
  marks.saw(a, seconds(100), seconds(1));
  marks.saw(b, seconds(40), seconds(1));
  EXPECT_EQ(marks.advance(seconds(2)), seconds(35));
  EXPECT_EQ(marks.advance(seconds(31)), seconds(95));
}

TEST(Watermarks, GoOnWhereTheyWere) {
  Watermarks marks{{}};
  marks.restore(seconds(95));
  marks.add(a, seconds(0), seconds(60));
  EXPECT_EQ(marks.advance(seconds(1)), seconds(95));
}

}  // namespace
}  // namespace evenkeel
