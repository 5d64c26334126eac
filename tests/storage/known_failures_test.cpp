// How the records of other systems were lost, on ours (tests/README.md has the whole list).
#include <gmock/gmock.h>

#include "sim/world/corruption.h"
#include "tests/storage/cluster.h"

namespace evenkeel::test {
namespace {

Row numbered(std::int64_t number) { return {"key" + std::to_string(number), number}; }

std::vector<Row> numbered_rows(std::int64_t count) {
  std::vector<Row> rows;
  for (std::int64_t i = 0; i < count; ++i) rows.push_back(numbered(i));
  return rows;
}

/// How many of the rows come back as they were put.
std::int64_t readable(StorageCluster& cluster, std::uint32_t reader, std::int64_t count) {
  std::int64_t found = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const Row key{"key" + std::to_string(i)};
    const auto row = cluster.run(cluster.records(reader).get(registers_table(), key));
    found += row && *row && (**row).values == numbered(i) ? 1 : 0;
  }
  return found;
}

void expect_equal_replicas(StorageCluster& cluster, std::uint32_t one, std::uint32_t other) {
  for (std::size_t p = 0; p < partitions; ++p) {
    const auto partition = static_cast<Partition>(p);
    EXPECT_EQ(cluster.storage(one).store().digest("registers", partition),
              cluster.storage(other).store().digest("registers", partition))
        << p;
  }
}

// F2: what an empty replica aligns with is all there is, within a bound.
TEST(KnownFailures, AnEmptyReplicaIsAlignedWhollyWithinABound) {
  StorageCluster cluster{{.nodes = 4, .loss = 0.02}};
  cluster.run(cluster.records(3).put_all(registers_table(), numbered_rows(500)));
  cluster.run(cluster.records(3).erase(registers_table(), {std::string{"key7"}}));
  cluster.world.run_for(seconds(1));
  cluster.world.crash(0);
  cluster.world.disks[0]->lose_all();
  cluster.world.restart(0);
  cluster.world.run_for(seconds(180));  // each lost message costs a second
  EXPECT_FALSE(cluster.storage(0).replica().is_recovering());
  cluster.world.run_for(seconds(120));  // one comparison each minute
  expect_equal_replicas(cluster, 0, 1);
  expect_equal_replicas(cluster, 0, 2);
}

// F5: every acknowledged row outlives a power cut of all nodes, and bits that flip on one disk.
TEST(KnownFailures, FlippedBitsOnOneDiskAndAPowerCutLoseNoRow) {
  for (const std::uint64_t seed : {1, 2, 3, 4, 5}) {
    StorageCluster cluster{{.nodes = 4, .seed = seed}};
    const auto put = cluster.run(cluster.records(3).put_all(registers_table(), numbered_rows(200)));
    ASSERT_TRUE(put && *put);
    for (std::uint32_t i = 0; i < 3; ++i) cluster.world.crash(i);
    Random random{seed};
    EXPECT_GT(corrupt(*cluster.world.disks[0], 0.3, random), 0U);
    for (std::uint32_t i = 0; i < 3; ++i) cluster.world.restart(i);
    cluster.world.run_for(seconds(30));
    EXPECT_EQ(readable(cluster, 3, 200), 200) << "seed " << seed;
    cluster.world.cut_off(1);  // what was damaged must have been mended, not outvoted
    EXPECT_EQ(readable(cluster, 3, 200), 200) << "seed " << seed;
  }
}

// F6: what was written while one replica was down is readable when, later, another one is.
TEST(KnownFailures, WhatWasWrittenUnderAFailureOutlivesALaterOne) {
  StorageCluster cluster{{.nodes = 4}};
  cluster.world.crash(0);
  const auto put = cluster.run(cluster.records(3).put_all(registers_table(), numbered_rows(100)));
  ASSERT_TRUE(put && *put);
  cluster.world.run_for(seconds(5));
  cluster.world.restart(0);
  cluster.world.run_for(seconds(70));
  cluster.world.crash(1);
  cluster.world.disks[1]->lose_all();
  EXPECT_EQ(readable(cluster, 3, 100), 100);
}

/// Two nodes whose clocks differ by 10 ms put one after the other: how often the later is lost.
int later_puts_lost(Flaw flaw) {
  StorageSettings settings;
  settings.records.flaw = flaw;
  settings.replica.flaw = flaw;
  StorageCluster cluster{{.nodes = 5}, 3, settings};
  cluster.world.clock_errors[3] = std::chrono::milliseconds{5};
  cluster.world.clock_errors[4] = std::chrono::milliseconds{-5};
  int lost = 0;
  for (std::int64_t i = 0; i < 20; ++i) {
    const Row earlier{std::string{"key"}, 2 * i};
    const Row later{std::string{"key"}, 2 * i + 1};
    const auto first = cluster.run(cluster.records(3).put(registers_table(), earlier));
    const auto second = cluster.run(cluster.records(4).put(registers_table(), later));
    EXPECT_TRUE(first && *first && second && *second);
    const auto row = cluster.run(cluster.records(0).get(registers_table(), {std::string{"key"}}));
    lost += row && *row && (**row).values == later ? 0 : 1;
  }
  return lost;
}

// F15: with versions from clocks the last writer is not whose write was last.
TEST(KnownFailures, ClocksThatDifferLoseNoAcknowledgedPut) {
  EXPECT_EQ(later_puts_lost(Flaw::none), 0);
  EXPECT_GT(later_puts_lost(Flaw::last_writer_wins), 10);
}

}  // namespace
}  // namespace evenkeel::test
