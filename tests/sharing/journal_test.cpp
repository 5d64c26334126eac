#include "models/sharing/journal.h"

#include <gmock/gmock.h>

#include "sim/world/memory_disk.h"

namespace evenkeel::test {
namespace {

std::vector<std::string> texts(MemoryDisk& disk) {
  FrameJournal journal{disk, "j"};
  std::vector<std::string> all;
  for (const Blob& blob : journal.take_loaded()) all.push_back(text_of(blob));
  return all;
}

void put(FrameJournal& journal, const std::string& text) {
  ASSERT_TRUE(journal.append(bytes_of(text)));
}

TEST(FrameJournal, KeepsWhatWasSyncedOverAPowerFailure) {
  MemoryDisk disk;
  FrameJournal journal{disk, "j"};
  put(journal, "a");
  put(journal, "");
  ASSERT_TRUE(journal.sync());
  put(journal, "lost");
  disk.lose_power();
  EXPECT_THAT(texts(disk), testing::ElementsAre("a", ""));
}

TEST(FrameJournal, GoesOnOverManySegments) {
  MemoryDisk disk;
  FrameJournal journal{disk, "j"};
  std::vector<std::string> expected;
  for (int i = 0; i < 300; ++i) {
    expected.push_back(std::string(1000, static_cast<char>('a' + i % 26)));
    put(journal, expected.back());
    ASSERT_TRUE(journal.sync());
  }
  EXPECT_GT(disk.list().size(), 5u);
  EXPECT_EQ(texts(disk), expected);
}

TEST(FrameJournal, DropsATornEndAndWritesOverIt) {
  for (std::size_t cut = 1; cut < 15; ++cut) {
    MemoryDisk disk;
    {
      FrameJournal journal{disk, "j"};
      put(journal, "one");
      put(journal, "two");
      put(journal, "six");
      ASSERT_TRUE(journal.sync());
    }
    const std::vector<std::byte> zeros(cut);
    ASSERT_TRUE(disk.write("j.0.0", 30 - cut, zeros));  // the end of "two"
    {
      FrameJournal journal{disk, "j"};
      EXPECT_TRUE(journal.was_damaged());
      put(journal, "TWO");  // "six" stands right behind it, and is of another life
    }
    EXPECT_THAT(texts(disk), testing::ElementsAre("one", "TWO")) << cut;
  }
}

TEST(FrameJournal, IsRewrittenAsAWholeOrNotAtAll) {
  MemoryDisk disk{400};
  FrameJournal journal{disk, "j"};
  put(journal, std::string(150, 'a'));
  ASSERT_TRUE(journal.sync());
  EXPECT_FALSE(journal.rewrite({Blob(100), Blob(200)}));  // does not fit beside the old
  put(journal, "b");
  ASSERT_TRUE(journal.sync());
  EXPECT_THAT(texts(disk), testing::ElementsAre(std::string(150, 'a'), "b"));
  FrameJournal again{disk, "j"};
  ASSERT_TRUE(again.rewrite({blob_of("x"), blob_of("y")}));
  put(again, "z");
  ASSERT_TRUE(again.sync());
  disk.lose_power();
  EXPECT_THAT(texts(disk), testing::ElementsAre("x", "y", "z"));
}

}  // namespace
}  // namespace evenkeel::test
