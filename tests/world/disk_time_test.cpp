// How long a disk takes, by plain arithmetic.
#include "sim/world/disk_time.h"

#include <gmock/gmock.h>

namespace evenkeel::test {
namespace {

using std::chrono::milliseconds;

// 1 ms a sync, 1 MB a second.
constexpr DiskShape slow_one{.sync = milliseconds{1}, .bandwidth = 8e6};

TEST(DiskTime, AddsSyncsAndBytes) {
  DiskTime disk{slow_one};
  const DiskUse use{.written_bytes = 3000, .read_bytes = 2000, .syncs = 2};
  EXPECT_EQ(disk.idle_at(milliseconds{10}, use), milliseconds{10 + 2 + 5});
}

TEST(DiskTime, DoesOneThingAfterAnother) {
  DiskTime disk{slow_one};
  EXPECT_EQ(disk.idle_at(milliseconds{10}, {.syncs = 5}), milliseconds{15});
  EXPECT_EQ(disk.idle_at(milliseconds{12}, {.syncs = 1}), milliseconds{16});
  EXPECT_EQ(disk.idle_at(milliseconds{13}, {}), milliseconds{16});
  EXPECT_EQ(disk.idle_at(milliseconds{30}, {.syncs = 1}), milliseconds{31});
}

TEST(DiskTime, IsSlowedDownForWhatComesNext) {
  DiskTime disk{slow_one};
  EXPECT_EQ(disk.idle_at({}, {.syncs = 1}), milliseconds{1});
  disk.slow_down(0.1);
  EXPECT_EQ(disk.idle_at({}, {.syncs = 1}), milliseconds{11});
  disk.slow_down(1);
  EXPECT_EQ(disk.idle_at({}, {.syncs = 1}), milliseconds{12});
  disk.forget();
  EXPECT_EQ(disk.idle_at(milliseconds{5}, {}), milliseconds{5});
}

TEST(DiskTime, IsNoneWhereNothingIsSaid) {
  DiskTime disk{DiskShape{}};
  const DiskUse use{.written_bytes = 1 << 30, .read_bytes = 1 << 30, .syncs = 1000};
  EXPECT_EQ(disk.idle_at(milliseconds{7}, use), milliseconds{7});
}

}  // namespace
}  // namespace evenkeel::test
