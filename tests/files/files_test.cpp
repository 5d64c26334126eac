#include "models/storage/files/files.h"

#include "tests/files/file_cluster.h"

namespace evenkeel::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

ErrorCode code_of(const auto& result) { return result ? ErrorCode::stopped : result.error().code; }

TEST(FilePath, IsASpaceAndNames) {
  const Result<FilePath> path = FilePath::parse("/space/a//b/");
  ASSERT_TRUE(path);
  EXPECT_EQ(path->space, "space");
  EXPECT_THAT(path->names, ElementsAre("a", "b"));
  const std::vector<std::string> impossible = {
      "", "/", "/s/..", "/s/.", "/s/" + std::string(256, 'x'), std::string{"/s/a\0b", 6}};
  for (const std::string& bad : impossible)
    EXPECT_EQ(code_of(FilePath::parse(bad)), ErrorCode::invalid) << bad;
}

TEST(Files, GiveBackWhatWasPutWhateverItsSizeAndCoding) {
  FileCluster cluster;
  for (const Coding coding : {Coding::copies(3), Coding{2, 1}, Coding{3, 1}})
    for (const std::size_t size : {0, 1, 3071, 3072, 4095, 4096, 4097, 8192, 30'000}) {
      const std::string path = "/s/file" + std::to_string(size);
      const Blob bytes = draw_bytes(size + coding.data, size);
      const Result<FileInfo> info = cluster.put(1, path, bytes, {.coding = coding});
      ASSERT_TRUE(info) << info.error().detail;
      EXPECT_EQ(info->size, size);
      const Result<Blob> got = cluster.get(2, path);
      ASSERT_TRUE(got) << got.error().detail;
      ASSERT_EQ(*got, bytes);
      EXPECT_EQ(cluster.wait(3, cluster.files(3).stat(path))->size, size);
    }
}

TEST(Files, KeepSmallOnesInTheirManifest) {
  FileCluster cluster;
  ASSERT_TRUE(cluster.put(0, "/s/small", draw_bytes(1, 3071)));
  EXPECT_EQ(cluster.chunk_bytes(), 0U);
  ASSERT_TRUE(cluster.put(0, "/s/large", draw_bytes(1, 3072)));
  EXPECT_EQ(cluster.chunk_bytes(), 3 * (3072 + ShardHeader::size));
}

TEST(Files, AreReadInPartsAndPieceByPiece) {
  FileCluster cluster;
  const Blob bytes = draw_bytes(4, 40'000);
  ASSERT_TRUE(cluster.put(0, "/s/f", bytes));
  Random random{4};
  for (int i = 0; i < 50; ++i) {
    const std::uint64_t from = random.below(45'000), size = random.below(20'000);
    const Result<Blob> part = cluster.wait(1, cluster.files(1).get("/s/f", from, size));
    ASSERT_TRUE(part);
    const std::uint64_t first = std::min<std::uint64_t>(from, bytes.size());
    const std::uint64_t count = std::min(size, bytes.size() - first);
    ASSERT_EQ(*part, (Blob{bytes.begin() + static_cast<std::ptrdiff_t>(first),
                           bytes.begin() + static_cast<std::ptrdiff_t>(first + count)}));
  }
  auto reader = cluster.wait(2, cluster.files(2).open("/s/f"));
  ASSERT_TRUE(reader);
  Blob all;
  for (Blob piece = *cluster.wait(2, (*reader)->next()); !piece.empty();
       piece = *cluster.wait(2, (*reader)->next())) {
    EXPECT_LE(piece.size(), 4096U);
    all.insert(all.end(), piece.begin(), piece.end());
  }
  EXPECT_EQ(all, bytes);
}

TEST(Files, AreWrittenPieceByPieceAndThereAtOnceWhenFinished) {
  FileCluster cluster;
  auto writer = cluster.wait(0, cluster.files(0).create("/s/f"));
  ASSERT_TRUE(writer);
  Blob all;
  for (std::uint64_t i = 0; i < 40; ++i) {
    const Blob piece = draw_bytes(i, 1 + i * 57);
    all.insert(all.end(), piece.begin(), piece.end());
    ASSERT_TRUE(cluster.wait(0, (*writer)->write(piece)));
    ASSERT_EQ(code_of(cluster.get(1, "/s/f")), ErrorCode::not_found);
  }
  ASSERT_TRUE(cluster.wait(0, (*writer)->finish()));
  EXPECT_EQ(*cluster.get(1, "/s/f"), all);
  EXPECT_FALSE(cluster.wait(0, (*writer)->write(all)));
}

Task<> write_all(FileWriter& writer, Blob bytes, bool& done) {
  Task<Result<Done>> writing = writer.write(std::move(bytes));
  [[maybe_unused]] const Result<Done> written = co_await std::move(writing);
  done = true;
}

TEST(Files, HoldAWriterBackWhileManyChunksAreUnderWay) {
  FileCluster cluster;
  auto writer = cluster.wait(0, cluster.files(0).create("/s/f"));
  ASSERT_TRUE(writer);
  for (std::uint32_t i = 1; i < 4; ++i) cluster.world.cut_off(i);
  const std::uint64_t before = cluster.world.bytes;
  bool done = false;
  cluster.world.node(0).spawn(write_all(**writer, draw_bytes(1, 40 * 4096), done));
  cluster.world.run_for(seconds(1));
  EXPECT_FALSE(done);
  EXPECT_LT(cluster.world.bytes - before, 4 * 3 * 4096 * 1.2);  // four chunks, three copies each
}

TEST(Files, ReplaceEachOtherAtOnce) {
  FileCluster cluster;
  ASSERT_TRUE(cluster.put(0, "/s/f", draw_bytes(1, 10'000)));
  auto reader = cluster.wait(1, cluster.files(1).open("/s/f"));
  ASSERT_TRUE(cluster.put(2, "/s/f", draw_bytes(2, 20'000)));
  EXPECT_EQ(*cluster.get(3, "/s/f"), draw_bytes(2, 20'000));
  EXPECT_EQ(*cluster.wait(1, (*reader)->read(0, 20'000)), draw_bytes(1, 10'000));
  EXPECT_EQ(code_of(cluster.put(1, "/s/f", {}, {.only_new = true})), ErrorCode::conflict);
}

TEST(Files, AreListedInOrderPageByPage) {
  FileCluster cluster;
  ASSERT_TRUE(cluster.make(0, "/s/d"));
  std::vector<std::string> expected;
  for (int i = 100; i < 130; ++i) {
    expected.push_back("f" + std::to_string(i));
    ASSERT_TRUE(cluster.put(0, "/s/d/" + expected.back(), draw_bytes(1, 10)));
  }
  EXPECT_EQ(cluster.names(1, "/s/d"), expected);
  std::vector<std::string> paged;
  std::string after;
  while (true) {
    const auto page = cluster.wait(1, cluster.files(1).list("/s/d", after, 7));
    ASSERT_TRUE(page);
    for (const FileInfo& info : *page) paged.push_back(info.name);
    if (page->size() < 7) break;
    after = paged.back();
  }
  EXPECT_EQ(paged, expected);
  EXPECT_THAT(cluster.names(0, "/s"), ElementsAre("d"));
}

TEST(Files, SayWhatIsWrongWithAPath) {
  FileCluster cluster;
  ASSERT_TRUE(cluster.put(0, "/s/f", draw_bytes(1, 10)));
  ASSERT_TRUE(cluster.make(0, "/s/d"));
  EXPECT_EQ(code_of(cluster.get(1, "/nowhere/f")), ErrorCode::not_found);
  EXPECT_EQ(code_of(cluster.get(1, "/s/d/f")), ErrorCode::not_found);
  EXPECT_EQ(code_of(cluster.get(1, "/s/f/g")), ErrorCode::invalid);
  EXPECT_EQ(code_of(cluster.get(1, "/s/d")), ErrorCode::invalid);
  EXPECT_EQ(code_of(cluster.put(1, "/s/d", {})), ErrorCode::conflict);
  EXPECT_EQ(code_of(cluster.make(1, "/s/f")), ErrorCode::conflict);
  EXPECT_EQ(code_of(cluster.make(1, "/s")), ErrorCode::invalid);
  EXPECT_EQ(code_of(cluster.wait(1, cluster.files(1).make_space("s", {.owner = "you"}))),
            ErrorCode::conflict);
}

TEST(Files, AreRemovedAndDirectoriesOnlyWhenEmpty) {
  FileCluster cluster;
  ASSERT_TRUE(cluster.make(0, "/s/d") && cluster.make(0, "/s/d/e"));
  ASSERT_TRUE(cluster.put(0, "/s/d/e/f", draw_bytes(1, 10'000)));
  EXPECT_EQ(code_of(cluster.remove(1, "/s/d")), ErrorCode::conflict);
  EXPECT_EQ(*cluster.get(2, "/s/d/e/f"), draw_bytes(1, 10'000));
  EXPECT_TRUE(cluster.remove(1, "/s/d/e/f"));
  EXPECT_EQ(code_of(cluster.get(2, "/s/d/e/f")), ErrorCode::not_found);
  EXPECT_EQ(code_of(cluster.remove(1, "/s/d/e/f")), ErrorCode::not_found);
  EXPECT_TRUE(cluster.remove(1, "/s/d/e"));
  EXPECT_TRUE(cluster.make(0, "/s/d/e"));
  for (const char* path : {"/s/d/a", "/s/d/z", "/s/d/e/f", "/s/d/e/g"})
    ASSERT_TRUE(cluster.put(0, path, draw_bytes(1, 10)));
  EXPECT_TRUE(cluster.wait(3, cluster.files(3).remove_tree("/s/d")));
  EXPECT_THAT(cluster.names(0, "/s"), IsEmpty());
}

TEST(Files, MoveWithinAndBetweenDirectories) {
  FileCluster cluster;
  ASSERT_TRUE(cluster.make(0, "/s/d") && cluster.make(0, "/s/e"));
  const Blob bytes = draw_bytes(1, 10'000);
  ASSERT_TRUE(cluster.put(0, "/s/d/f", bytes) && cluster.put(0, "/s/g", bytes));
  ASSERT_TRUE(cluster.rename(1, "/s/d/f", "/s/d/h"));
  EXPECT_THAT(cluster.names(2, "/s/d"), ElementsAre("h"));
  ASSERT_TRUE(cluster.rename(1, "/s/d/h", "/s/e/f"));
  EXPECT_THAT(cluster.names(2, "/s/d"), IsEmpty());
  ASSERT_TRUE(cluster.rename(1, "/s/e/f", "/s/d/f"));  // and back
  EXPECT_EQ(*cluster.get(3, "/s/d/f"), bytes);
  EXPECT_EQ(code_of(cluster.rename(1, "/s/d/f", "/s/g")), ErrorCode::conflict);
  EXPECT_EQ(code_of(cluster.rename(1, "/s/nothing", "/s/x")), ErrorCode::not_found);
  ASSERT_TRUE(cluster.rename(1, "/s/d", "/s/e/d"));
  EXPECT_EQ(*cluster.get(2, "/s/e/d/f"), bytes);
  EXPECT_EQ(code_of(cluster.get(2, "/s/d/f")), ErrorCode::not_found);
  EXPECT_EQ(code_of(cluster.rename(1, "/s/e", "/s/e/d/e")), ErrorCode::invalid);
  EXPECT_THAT(cluster.names(2, "/s"), ElementsAre("e", "g"));
}

TEST(Files, RenameAFullDirectoryForThePriceOfAnEmptyOne) {
  FileCluster cluster;
  ASSERT_TRUE(cluster.make(0, "/s/empty") && cluster.make(0, "/s/full"));
  for (int i = 0; i < 60; ++i)
    ASSERT_TRUE(cluster.put(0, "/s/full/" + std::to_string(i), draw_bytes(1, 10)));
  const auto price = [&](const std::string& from, const std::string& to) {
    const std::uint64_t before = cluster.world.messages;
    EXPECT_TRUE(cluster.rename(0, from, to));
    return cluster.world.messages - before;
  };
  const std::uint64_t empty = price("/s/empty", "/s/empty2"), full = price("/s/full", "/s/full2");
  EXPECT_LT(full, empty + 20);  // others talk too
  EXPECT_EQ(cluster.names(1, "/s/full2").size(), 60U);
}

TEST(Files, ExpireAndAreThenRemoved) {
  FileCluster cluster;
  ASSERT_TRUE(cluster.put(0, "/s/f", draw_bytes(1, 10'000), {.expires_after = seconds(60)}));
  ASSERT_TRUE(cluster.put(0, "/s/g", draw_bytes(2, 10), {.expires_after = seconds(60)}));
  EXPECT_TRUE(cluster.get(1, "/s/f"));
  cluster.world.run_for(seconds(60));
  EXPECT_EQ(code_of(cluster.get(1, "/s/f")), ErrorCode::not_found);
  EXPECT_THAT(cluster.names(1, "/s"), IsEmpty());
  EXPECT_TRUE(cluster.put(0, "/s/g", draw_bytes(3, 10)));  // onto the expired one
  cluster.world.run_for(seconds(1800));
  EXPECT_EQ(cluster.chunk_bytes(), 0U);
  EXPECT_EQ(cluster.world.counts["expired files removed"], 1);
  EXPECT_EQ(*cluster.get(1, "/s/g"), draw_bytes(3, 10));
}

TEST(Files, AreThereWhileAMinorityOfNodesIsNot) {
  FileCluster cluster{{.nodes = 5}};
  ASSERT_TRUE(cluster.put(0, "/s/f", draw_bytes(1, 30'000)));
  for (std::uint32_t down = 1; down < 5; ++down) {
    cluster.world.cut_off(down);
    EXPECT_EQ(*cluster.get(0, "/s/f"), draw_bytes(1, 30'000));
    const std::string path = "/s/g" + std::to_string(down);
    EXPECT_TRUE(cluster.put(0, path, draw_bytes(down, 9000)));
    EXPECT_TRUE(cluster.rename(0, path, path + "x"));
    cluster.world.cut_off(down, false);
    EXPECT_EQ(*cluster.get(down, path + "x"), draw_bytes(down, 9000));
  }
}

}  // namespace
}  // namespace evenkeel::test
