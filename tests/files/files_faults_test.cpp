// The file system while nodes crash, disks fill up, quotas end and others do the same at once.
#include "tests/files/file_cluster.h"

namespace evenkeel::test {
namespace {

using testing::IsEmpty;

template <class T>
Task<> forget(Task<T> task) {
  [[maybe_unused]] const T result = co_await std::move(task);
}

TEST(FilesUnderFaults, LoseNothingAndShowNothingTwiceWhenAMoverCrashes) {
  int before = 0, after = 0;
  for (int step = 0; step < 24; ++step) {
    FileCluster cluster;
    ASSERT_TRUE(cluster.make(0, "/s/d"));
    const Blob bytes = draw_bytes(1, 5000);
    ASSERT_TRUE(cluster.put(1, "/s/f", bytes));
    cluster.world.node(0).spawn(forget(cluster.files(0).rename("/s/f", "/s/d/g")));
    cluster.world.run_for(std::chrono::microseconds{900} * step);
    cluster.world.crash(0);
    // Looking at the new name may finish the move, so that comes first.
    const Result<Blob> new_name = cluster.get(2, "/s/d/g");
    const Result<Blob> old_name = cluster.get(1, "/s/f");
    ASSERT_NE(old_name.has_value(), new_name.has_value()) << "step " << step;
    EXPECT_EQ(old_name ? *old_name : *new_name, bytes);
    const auto root = cluster.names(1, "/s"), inside = cluster.names(3, "/s/d");
    EXPECT_EQ(root.size() + inside.size(), 2U);  // d, and the file
    ++(old_name ? before : after);
    // And life goes on.
    const std::string path = old_name ? "/s/f" : "/s/d/g";
    EXPECT_TRUE(cluster.rename(2, path, "/s/h"));
    EXPECT_EQ(*cluster.get(1, "/s/h"), bytes);
  }
  EXPECT_GT(before, 3);
  EXPECT_GT(after, 3);
}

TEST(FilesUnderFaults, AreTheOldOrTheNewOneWhenAWriterCrashes) {
  int old_ones = 0, new_ones = 0;
  for (int step = 0; step < 12; ++step) {
    FileCluster cluster;
    const Blob first = draw_bytes(1, 9000), second = draw_bytes(2, 14'000);
    ASSERT_TRUE(cluster.put(1, "/s/f", first));
    cluster.world.node(0).spawn(forget(cluster.files(0).put("/s/f", second, {})));
    cluster.world.run_for(std::chrono::milliseconds{5} * step);
    cluster.world.crash(0);
    const Result<Blob> got = cluster.get(1, "/s/f");
    ASSERT_TRUE(got) << got.error().detail;
    ASSERT_TRUE(*got == first || *got == second) << "step " << step;
    ++(*got == first ? old_ones : new_ones);
    cluster.world.restart(0);
    if (step % 4 != 3) continue;
    cluster.world.run_for(seconds(1800));
    ASSERT_EQ(cluster.get(3, "/s/f").value(), *got);
    // Nothing is left of the other one.
    EXPECT_EQ(cluster.chunk_bytes(), 3 * (got->size() + 3 * ShardHeader::size +
                                          (got->size() > 12'288 ? ShardHeader::size : 0)));
  }
  EXPECT_GT(old_ones, 2);
  EXPECT_GT(new_ones, 2);
}

TEST(FilesUnderFaults, GoToOneOfTwoPlacesWhenTwoMoveThem) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    FileCluster cluster{{.nodes = 4, .seed = seed}};
    ASSERT_TRUE(cluster.put(0, "/s/f", draw_bytes(1, 100)));
    std::optional<Result<Done>> one, two;
    cluster.world.node(1).spawn(keep_result(cluster.files(1).rename("/s/f", "/s/a"), one));
    cluster.world.node(2).spawn(keep_result(cluster.files(2).rename("/s/f", "/s/b"), two));
    cluster.world.run_for(seconds(30));
    ASSERT_TRUE(one && two);
    EXPECT_FALSE(one->has_value() && two->has_value()) << "seed " << seed;
    const auto names = cluster.names(3, "/s");
    ASSERT_EQ(names.size(), 1U);
    EXPECT_TRUE(!one->has_value() || names.front() == "a");
    EXPECT_TRUE(!two->has_value() || names.front() == "b");
    EXPECT_EQ(*cluster.get(0, "/s/" + names.front()), draw_bytes(1, 100));
  }
}

TEST(FilesUnderFaults, BelongToOneOfTwoWhoMakeThemAtOnce) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    FileCluster cluster{{.nodes = 4, .seed = seed}};
    std::optional<Result<FileInfo>> one, two;
    const Blob first = draw_bytes(1, 100), second = draw_bytes(2, 100);
    cluster.world.node(1).spawn(
        keep_result(cluster.files(1).put("/s/f", first, {.only_new = true}), one));
    cluster.world.node(2).spawn(
        keep_result(cluster.files(2).put("/s/f", second, {.only_new = true}), two));
    cluster.world.run_for(seconds(30));
    ASSERT_TRUE(one && two);
    ASSERT_NE(one->has_value(), two->has_value()) << "seed " << seed;
    EXPECT_EQ(*cluster.get(3, "/s/f"), one->has_value() ? first : second);
  }
}

// Each would be inside the other, and both out of reach.
TEST(FilesUnderFaults, NeverBecomeARingOfDirectories) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    FileCluster cluster{{.nodes = 4, .seed = seed}};
    ASSERT_TRUE(cluster.make(0, "/s/a") && cluster.make(0, "/s/b"));
    cluster.world.node(1).spawn(forget(cluster.files(1).rename("/s/a", "/s/b/a")));
    cluster.world.node(2).spawn(forget(cluster.files(2).rename("/s/b", "/s/a/b")));
    cluster.world.run_for(seconds(30));
    EXPECT_THAT(cluster.names(3, "/s"), testing::SizeIs(1)) << "seed " << seed;
  }
}

TEST(FilesUnderFaults, AreNeverInADirectoryThatWasRemoved) {
  int removed = 0;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    FileCluster cluster{{.nodes = 4, .seed = seed}};
    ASSERT_TRUE(cluster.make(0, "/s/d"));
    std::optional<Result<FileInfo>> put;
    std::optional<Result<Done>> gone;
    cluster.world.node(1).spawn(
        keep_result(cluster.files(1).put("/s/d/f", draw_bytes(1, 100), {}), put));
    cluster.world.run_for(std::chrono::microseconds{500} * static_cast<int>(seed));
    cluster.world.node(2).spawn(keep_result(cluster.files(2).remove("/s/d"), gone));
    cluster.world.run_for(seconds(30));
    ASSERT_TRUE(put && gone);
    EXPECT_FALSE(put->has_value() && gone->has_value()) << "seed " << seed;
    EXPECT_EQ(cluster.get(3, "/s/d/f").has_value(), put->has_value()) << "seed " << seed;
    removed += gone->has_value() ? 1 : 0;
  }
  EXPECT_GT(removed, 2);
  EXPECT_LT(removed, 28);
}

TEST(FileQuota, IsNeverExceededByManyWriters) {
  FileCluster cluster;
  ASSERT_TRUE(cluster.wait(0, cluster.files(0).set_quota("s", 50'000)));
  std::vector<std::optional<Result<FileInfo>>> puts(16);
  for (std::uint32_t i = 0; i < 16; ++i)
    cluster.world.node(i % 4).spawn(keep_result(
        cluster.files(i % 4).put("/s/f" + std::to_string(i), draw_bytes(i, 6000), {}), puts[i]));
  for (int i = 0; i < 600; ++i) {
    cluster.world.run_for(std::chrono::milliseconds{50});
    const FileSpace space = cluster.space();
    ASSERT_LE(space.used_bytes + space.reserved_bytes(), 50'000U);
  }
  std::size_t there = 0;
  for (const auto& put : puts) {
    ASSERT_TRUE(put);
    there += put->has_value() ? 1 : 0;
  }
  EXPECT_LE(there, 8U);
  EXPECT_GE(there, 5U);
  EXPECT_EQ(cluster.space().used_bytes, there * 6000);
  EXPECT_EQ(cluster.names(0, "/s").size(), there);
}

// Syncthing #4244: a full folder must not stop everything.
TEST(FileQuota, StopsOnlyWhatGrows) {
  FileCluster cluster;
  ASSERT_TRUE(cluster.wait(0, cluster.files(0).set_quota("s", 20'000)));
  ASSERT_TRUE(cluster.put(0, "/s/a", draw_bytes(1, 10'000)));
  ASSERT_TRUE(cluster.put(0, "/s/b", draw_bytes(2, 10'000)));
  const std::uint64_t before = cluster.chunk_bytes();
  EXPECT_EQ(cluster.put(1, "/s/c", draw_bytes(3, 5'000)).error().code, ErrorCode::full);
  EXPECT_EQ(cluster.chunk_bytes(), before);
  EXPECT_GT(cluster.world.counts["quota refusals"], 0);
  EXPECT_EQ(*cluster.get(1, "/s/a"), draw_bytes(1, 10'000));
  EXPECT_TRUE(cluster.rename(1, "/s/a", "/s/c"));
  cluster.world.crash(2);
  cluster.world.disks[2]->lose_all();
  cluster.world.restart(2);
  cluster.world.run_for(seconds(120));
  EXPECT_EQ(cluster.chunk_bytes(), before);  // repaired
  EXPECT_TRUE(cluster.remove(1, "/s/b"));
  EXPECT_EQ(cluster.space().used_bytes, 10'000U);
  EXPECT_TRUE(cluster.put(1, "/s/d", draw_bytes(3, 9'000)));
  EXPECT_TRUE(cluster.put(1, "/s/d", draw_bytes(4, 100)));  // a smaller one in its place
  EXPECT_EQ(cluster.space().used_bytes, 10'100U);
}

TEST(FileQuota, GetsBackWhatACrashedWriterReservedAndCountsWhatItCommitted) {
  for (int step = 0; step < 6; ++step) {
    FileCluster cluster;
    ASSERT_TRUE(cluster.wait(0, cluster.files(0).set_quota("s", 20'000)));
    cluster.world.node(0).spawn(forget(cluster.files(0).put("/s/f", draw_bytes(1, 15'000), {})));
    cluster.world.run_for(std::chrono::milliseconds{6} * step);
    cluster.world.crash(0);
    cluster.world.restart(0);
    cluster.world.run_for(seconds(2400));  // an inode without an entry counts until it is collected
    const bool committed = cluster.get(1, "/s/f").has_value();
    const Result<FileInfo> put = cluster.put(1, "/s/g", draw_bytes(2, 15'000));
    EXPECT_NE(put.has_value(), committed) << "step " << step;
    EXPECT_EQ(cluster.space().used_bytes, 15'000U) << "step " << step;
    EXPECT_THAT(cluster.space().reservations, IsEmpty());
  }
}

// SeaweedFS #6163: whatever disk is full at whatever step, the space comes back.
TEST(FilesUnderFaults, LeaveNoSpaceTakenWhenDisksAreFull) {
  int failed = 0;
  for (const Coding coding : {Coding::copies(3), Coding{2, 1}})
    for (std::uint64_t room = 2'000; room < 20'000; room += 3'000) {
      FileNodeSettings settings = small_chunks();
      settings.store.capacity_bytes = room;
      settings.store.kept_for_repair = 0;
      FileCluster cluster{{.nodes = 3}, settings};
      const Result<FileInfo> put =
          cluster.put(0, "/s/f", draw_bytes(room, 14'000), {.coding = coding});
      cluster.world.run_for(seconds(1));
      if (put) {
        EXPECT_EQ(*cluster.get(1, "/s/f"), draw_bytes(room, 14'000));
        continue;
      }
      ++failed;
      EXPECT_EQ(put.error().code, ErrorCode::full);
      EXPECT_EQ(cluster.chunk_bytes(), 0U) << "room " << room;
      EXPECT_TRUE(cluster.put(0, "/s/small", draw_bytes(1, 1000)));
    }
  EXPECT_GT(failed, 3);
}

TEST(FileCollector, RemovesChunksTenMinutesAfterTheirFile) {
  FileCluster cluster;
  ASSERT_TRUE(cluster.put(0, "/s/f", draw_bytes(1, 20'000)));
  ASSERT_TRUE(cluster.put(0, "/s/g", draw_bytes(2, 20'000)));
  cluster.world.run_for(seconds(3600));
  const std::uint64_t both = cluster.chunk_bytes();
  ASSERT_TRUE(cluster.remove(0, "/s/f"));
  cluster.world.run_for(seconds(590));
  EXPECT_EQ(cluster.chunk_bytes(), both);
  cluster.world.run_for(seconds(900));
  EXPECT_EQ(cluster.chunk_bytes(), both / 2);
  EXPECT_EQ(*cluster.get(1, "/s/g"), draw_bytes(2, 20'000));
}

TEST(FileCollector, TakesNothingFromAPutThatLastsLong) {
  FileCluster cluster;
  auto writer = cluster.wait(0, cluster.files(0).create("/s/f"));
  ASSERT_TRUE(writer);
  Blob all;
  for (std::uint64_t i = 0; i < 12; ++i) {
    const Blob piece = draw_bytes(i, 4096);
    all.insert(all.end(), piece.begin(), piece.end());
    ASSERT_TRUE(cluster.wait(0, (*writer)->write(piece)));
    cluster.world.run_for(seconds(300));
  }
  ASSERT_TRUE(cluster.wait(0, (*writer)->finish()));
  cluster.world.run_for(seconds(1800));
  EXPECT_EQ(*cluster.get(1, "/s/f"), all);
  EXPECT_EQ(cluster.world.counts["garbage chunks dropped"], 0);
}

TEST(FileCollector, KeepsAChunkThatANewFileSharesWithARemovedOne) {
  FileCluster cluster;
  const Blob bytes = draw_bytes(1, 20'000);
  ASSERT_TRUE(cluster.put(0, "/s/f", bytes));
  cluster.world.run_for(seconds(900));
  ASSERT_TRUE(cluster.remove(0, "/s/f"));
  cluster.world.run_for(seconds(550));
  ASSERT_TRUE(cluster.put(2, "/s/g", bytes));
  cluster.world.run_for(seconds(3600));
  EXPECT_EQ(*cluster.get(1, "/s/g"), bytes);
}

TEST(FileCollector, CountsAnewWhatCrashesLeftCountedWrong) {
  FileCluster cluster;
  for (std::uint64_t i = 0; i < 5; ++i)
    ASSERT_TRUE(cluster.put(0, "/s/f" + std::to_string(i), draw_bytes(i, 7000)));
  ASSERT_TRUE(cluster.wait(0, cluster.files(0).set_quota("s", 100'000)));
  EXPECT_EQ(cluster.space().used_bytes, 0U);  // put without a quota
  cluster.world.run_for(seconds(900));
  EXPECT_EQ(cluster.space().used_bytes, 35'000U);
}

}  // namespace
}  // namespace evenkeel::test
