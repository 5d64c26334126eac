// What every disk promises, on all disks that there are; and what a directory promises beyond.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/resource.h>
#include <filesystem>

#include "models/runtime/random.h"
#include "models/runtime/user_error.h"
#include "sim/world/directory_disk.h"
#include "sim/world/memory_disk.h"
#include "tests/folder.h"

namespace evenkeel::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::byte> bytes(std::string_view text) {
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  return {data, data + text.size()};
}

std::string text(const Result<std::vector<std::byte>>& read) {
  if (!read) return "error: " + read.error().detail;
  return {reinterpret_cast<const char*>(read->data()), read->size()};
}

std::string content(const Disk& disk, std::string_view file) {
  return text(disk.read(file, 0, 1 << 30));
}

bool put(Disk& disk, std::string_view file, std::uint64_t offset, std::string_view what) {
  const Result<std::size_t> written = disk.write(file, offset, bytes(what));
  return written && *written == what.size();
}

template <class Result>
bool refused(const Result& result, ErrorCode code = ErrorCode::disk) {
  return !result && result.error().code == code;
}

constexpr std::uint64_t capacity = 100'000;

struct InMemory {
  MemoryDisk disk{capacity};
};
struct InDirectory {
  Folder folder;
  DirectoryDisk disk{folder.file("disk"), capacity};
};

template <class Kind>
class AnyDisk : public testing::Test {
 protected:
  Kind kind_;
  decltype(Kind::disk)& disk_ = kind_.disk;
};
using Kinds = testing::Types<InMemory, InDirectory>;
TYPED_TEST_SUITE(AnyDisk, Kinds);

TYPED_TEST(AnyDisk, ReadsWhatWasWritten) {
  EXPECT_TRUE(put(this->disk_, "log", 0, "hello world"));
  EXPECT_TRUE(put(this->disk_, "log", 6, "there"));
  EXPECT_EQ(content(this->disk_, "log"), "hello there");
  EXPECT_EQ(text(this->disk_.read("log", 6, 3)), "the");
  EXPECT_EQ(text(this->disk_.read("log", 6, 100)), "there");
  EXPECT_EQ(text(this->disk_.read("log", 11, 100)), "");
  EXPECT_EQ(text(this->disk_.read("log", 1'000'000, 100)), "");
}

TYPED_TEST(AnyDisk, KnowsNoFileThatWasNeverWritten) {
  EXPECT_TRUE(refused(this->disk_.read("log", 0, 1)));
  EXPECT_TRUE(refused(this->disk_.sync("log")));
  this->disk_.remove("log");
  EXPECT_THAT(this->disk_.list(), IsEmpty());
}

TYPED_TEST(AnyDisk, GapsReadAsZeros) {
  EXPECT_TRUE(put(this->disk_, "log", 9000, "end"));
  EXPECT_EQ(content(this->disk_, "log"), std::string(9000, '\0') + "end");
  ASSERT_TRUE(this->disk_.sync("log"));
  EXPECT_TRUE(put(this->disk_, "log", 20'000, "far"));
  ASSERT_TRUE(this->disk_.sync("log"));
  const std::string all =
      std::string(9000, '\0') + "end" + std::string(20'000 - 9003, '\0') + "far";
  EXPECT_EQ(content(this->disk_, "log"), all);
}

TYPED_TEST(AnyDisk, AnEmptyWriteMakesTheFileAndGrowsIt) {
  EXPECT_TRUE(put(this->disk_, "log", 0, ""));
  EXPECT_THAT(this->disk_.list(), ElementsAre("log"));
  EXPECT_TRUE(put(this->disk_, "log", 5, ""));
  EXPECT_EQ(content(this->disk_, "log"), std::string(5, '\0'));
  ASSERT_TRUE(this->disk_.sync("log"));
  this->disk_.lose_power();
  EXPECT_EQ(content(this->disk_, "log"), std::string(5, '\0'));
}

TYPED_TEST(AnyDisk, ListsByName) {
  for (const char* name : {"b", "B", "a/b", "..", "a b", "a", ""})
    EXPECT_TRUE(put(this->disk_, name, 0, name));
  EXPECT_THAT(this->disk_.list(), ElementsAre("", "..", "B", "a", "a b", "a/b", "b"));
  for (const std::string& name : this->disk_.list()) EXPECT_EQ(content(this->disk_, name), name);
}

TYPED_TEST(AnyDisk, LosingPowerForgetsWhatWasNotSynced) {
  EXPECT_TRUE(put(this->disk_, "log", 0, "synced"));
  EXPECT_EQ(*this->disk_.sync("log"), 6u);
  EXPECT_TRUE(put(this->disk_, "log", 0, "SYN"));
  EXPECT_TRUE(put(this->disk_, "log", 6, " not"));
  EXPECT_TRUE(put(this->disk_, "scratch", 0, "gone"));
  EXPECT_EQ(content(this->disk_, "log"), "SYNced not");
  this->disk_.lose_power();
  EXPECT_EQ(content(this->disk_, "log"), "synced");
  EXPECT_THAT(this->disk_.list(), ElementsAre("log"));
}

TYPED_TEST(AnyDisk, WhatIsForgottenDoesNotComeBackInAGap) {
  EXPECT_TRUE(put(this->disk_, "log", 0, "ab"));
  ASSERT_TRUE(this->disk_.sync("log"));
  EXPECT_TRUE(put(this->disk_, "log", 2, "cdefgh"));
  this->disk_.lose_power();
  EXPECT_TRUE(put(this->disk_, "log", 6, "!"));
  ASSERT_TRUE(this->disk_.sync("log"));
  EXPECT_EQ(content(this->disk_, "log"), std::string("ab\0\0\0\0!", 7));
}

TYPED_TEST(AnyDisk, WhatIsCutOffDoesNotComeBackInAGap) {
  EXPECT_TRUE(put(this->disk_, "log", 0, std::string(10'000, 'a')));
  ASSERT_TRUE(this->disk_.sync("log"));
  EXPECT_EQ(*this->disk_.truncate("log", 20'000), 10'000u);
  EXPECT_EQ(*this->disk_.truncate("log", 5000), 5000u);
  EXPECT_EQ(*this->disk_.size("log"), 5000u);
  EXPECT_EQ(content(this->disk_, "log"), std::string(5000, 'a'));
  EXPECT_TRUE(put(this->disk_, "log", 9500, "!"));
  const std::string all = std::string(5000, 'a') + std::string(4500, '\0') + "!";
  EXPECT_EQ(content(this->disk_, "log"), all);
  this->disk_.lose_power();
  EXPECT_EQ(content(this->disk_, "log"), std::string(10'000, 'a'));
  EXPECT_EQ(*this->disk_.truncate("log", 5000), 5000u);
  EXPECT_TRUE(put(this->disk_, "log", 9500, "!"));
  ASSERT_TRUE(this->disk_.sync("log"));
  this->disk_.lose_power();
  EXPECT_EQ(content(this->disk_, "log"), all);
  EXPECT_TRUE(refused(this->disk_.truncate("other", 0)));
  EXPECT_TRUE(refused(this->disk_.size("other")));
}

TYPED_TEST(AnyDisk, ASyncIsOfOneFile) {
  EXPECT_TRUE(put(this->disk_, "one", 0, "1"));
  EXPECT_TRUE(put(this->disk_, "two", 0, "2"));
  ASSERT_TRUE(this->disk_.sync("one"));
  this->disk_.lose_power();
  EXPECT_THAT(this->disk_.list(), ElementsAre("one"));
}

TYPED_TEST(AnyDisk, ARemovedFileDoesNotComeBack) {
  EXPECT_TRUE(put(this->disk_, "log", 0, "synced"));
  ASSERT_TRUE(this->disk_.sync("log"));
  this->disk_.remove("log");
  this->disk_.lose_power();
  EXPECT_THAT(this->disk_.list(), IsEmpty());
  EXPECT_TRUE(put(this->disk_, "log", 3, "x"));
  EXPECT_EQ(content(this->disk_, "log"), std::string("\0\0\0x", 4));
  this->disk_.lose_power();
  EXPECT_THAT(this->disk_.list(), IsEmpty());
}

TYPED_TEST(AnyDisk, LosingAllLeavesAnEmptyDisk) {
  EXPECT_TRUE(put(this->disk_, "one", 0, std::string(capacity - 1, '1')));
  ASSERT_TRUE(this->disk_.sync("one"));
  EXPECT_TRUE(put(this->disk_, "two", 0, "2"));
  this->disk_.lose_all();
  EXPECT_THAT(this->disk_.list(), IsEmpty());
  EXPECT_TRUE(put(this->disk_, "three", 0, std::string(capacity, '3')));
}

TYPED_TEST(AnyDisk, AFullDiskRefusesToGrowAndNothingElse) {
  EXPECT_TRUE(put(this->disk_, "log", 0, std::string(capacity - 10, 'x')));
  ASSERT_TRUE(this->disk_.sync("log"));
  EXPECT_FALSE(put(this->disk_, "other", 0, std::string(11, 'y')));
  EXPECT_THAT(this->disk_.list(), ElementsAre("log"));
  EXPECT_TRUE(put(this->disk_, "other", 0, std::string(10, 'y')));
  EXPECT_TRUE(refused(this->disk_.write("log", capacity - 10, bytes("z")), ErrorCode::full));
  EXPECT_TRUE(put(this->disk_, "log", capacity - 11, "z"));
  EXPECT_EQ(content(this->disk_, "log"), std::string(capacity - 11, 'x') + "z");
  this->disk_.remove("other");
  EXPECT_TRUE(put(this->disk_, "log", capacity - 10, std::string(10, 'z')));
}

TYPED_TEST(AnyDisk, RefusesOffsetsBeyondItsEnd) {
  for (const std::uint64_t offset : {capacity, capacity + 1, ~std::uint64_t{0}})
    EXPECT_TRUE(refused(this->disk_.write("log", offset, bytes("x")), ErrorCode::full));
  EXPECT_THAT(this->disk_.list(), IsEmpty());
}

TEST(MemoryDisk, TearsOnlyWhatWasNotSynced) {
  const std::string synced(4096, 's');
  const std::string fresh(4096, 'f');
  bool whole = false, lost = false, garbage = false, half = false;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Random random{seed};
    MemoryDisk disk;
    ASSERT_TRUE(put(disk, "safe", 0, synced));
    ASSERT_TRUE(disk.sync("safe"));
    ASSERT_TRUE(put(disk, "torn", 0, synced));
    ASSERT_TRUE(disk.sync("torn"));
    ASSERT_TRUE(put(disk, "torn", 1024, fresh.substr(0, 2048)));
    disk.lose_power(PowerLoss::tears, random);
    EXPECT_EQ(content(disk, "safe"), synced);
    const std::string torn = content(disk, "torn");
    ASSERT_EQ(torn.size(), synced.size());
    EXPECT_EQ(torn.substr(0, 1024), synced.substr(0, 1024));
    EXPECT_EQ(torn.substr(3072), synced.substr(3072));
    for (std::size_t at = 1024; at < 3072; at += 512) {
      const auto news = std::ranges::count(torn.substr(at, 512), 'f');
      const auto olds = std::ranges::count(torn.substr(at, 512), 's');
      whole |= news == 512;
      lost |= olds == 512;
      half |= news == 256 && olds == 256;
      garbage |= news + olds < 100;
    }
  }
  EXPECT_TRUE(whole && lost && half && garbage);
}

TEST(MemoryDisk, TearsTheLengthOfAFileAndFilesThatNeverWereSynced) {
  const std::string synced(512, '1');  // a sector; what is written beside it in one may spoil it
  std::set<std::size_t> lengths;
  int gone = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Random random{seed};
    MemoryDisk disk;
    ASSERT_TRUE(put(disk, "grows", 0, synced));
    ASSERT_TRUE(disk.sync("grows"));
    ASSERT_TRUE(put(disk, "grows", 512, std::string(2000, '2')));
    ASSERT_TRUE(put(disk, "new", 0, "x"));
    disk.lose_power(PowerLoss::tears, random);
    const std::string left = content(disk, "grows");
    EXPECT_EQ(left.substr(0, 512), synced);
    lengths.insert(left.size());
    gone += disk.list().size() == 1 ? 1 : 0;
  }
  EXPECT_GT(lengths.size(), 3u);
  EXPECT_GE(*lengths.begin(), 512u);
  EXPECT_GT(gone, 10);
  EXPECT_LT(gone, 40);
}

TEST(DirectoryDisk, DoesWhatMemoryDoesOverRandomOperations) {
  const Folder folder;
  const std::string directory = folder.file("disk");
  auto disk = std::make_unique<DirectoryDisk>(directory, capacity);
  MemoryDisk memory{capacity};
  Random random{11};
  for (int i = 0; i < 1000; ++i) {
    const std::string file(1, static_cast<char>('a' + random.below(4)));
    const std::uint64_t dice = random.below(100);
    if (dice < 70) {
      const std::uint64_t offset = random.below(random.below(10) == 0 ? 60'000 : 9000);
      const std::string what(random.below(random.below(4) == 0 ? 20'000 : 50),
                             static_cast<char>('A' + i % 26));
      ASSERT_EQ(put(*disk, file, offset, what), put(memory, file, offset, what));
    } else if (dice < 90) {
      ASSERT_EQ(disk->sync(file).has_value(), memory.sync(file).has_value());
    } else if (dice < 92) {
      const std::uint64_t size = random.below(20'000);
      ASSERT_EQ(disk->truncate(file, size).has_value(), memory.truncate(file, size).has_value());
    } else if (dice < 94) {
      disk->remove(file);
      memory.remove(file);
    } else {
      memory.lose_power();
      if (dice < 97)
        disk->lose_power();
      else  // the process is killed and started again
        disk = std::make_unique<DirectoryDisk>(directory, capacity);
    }
    ASSERT_EQ(disk->list(), memory.list());
    ASSERT_EQ(content(*disk, file),
              memory.read(file, 0, 0) ? content(memory, file) : "error: no file " + file);
    const std::uint64_t offset = random.below(20'000);
    ASSERT_EQ(text(disk->read(file, offset, 5000)), text(memory.read(file, offset, 5000)));
  }
}

TEST(DirectoryDisk, AnotherOnTheSameDirectorySeesWhatWasSynced) {
  const Folder folder;
  const std::string name = "../a b/\xC3\xBC";
  {
    DirectoryDisk disk{folder.file("deep/disk")};
    EXPECT_TRUE(put(disk, name, 0, "synced"));
    ASSERT_TRUE(disk.sync(name));
    EXPECT_TRUE(put(disk, name, 0, "not"));
    EXPECT_TRUE(put(disk, "scratch", 0, "not"));
  }
  const DirectoryDisk disk{folder.file("deep/disk")};
  EXPECT_THAT(disk.list(), ElementsAre(name));
  EXPECT_EQ(content(disk, name), "synced");
}

TEST(DirectoryDisk, NoNameLeadsOutOfTheDirectory) {
  const Folder folder;
  DirectoryDisk disk{folder.file("disk")};
  for (const std::string& name : {std::string{".."}, std::string{"."}, std::string{"../out"},
                                  std::string{"/out"}, std::string("a\0b", 3), std::string{}}) {
    EXPECT_TRUE(put(disk, name, 0, "in"));
    ASSERT_TRUE(disk.sync(name));
  }
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder.path()})
    if (entry.is_regular_file() && entry.path().parent_path() == folder.file("disk")) ++files;
  EXPECT_EQ(files, 6u);
  EXPECT_EQ(DirectoryDisk{folder.file("disk")}.list(), disk.list());
}

TEST(DirectoryDisk, RefusesNamesThatAreTooLong) {
  const Folder folder;
  DirectoryDisk disk{folder.path()};
  EXPECT_TRUE(put(disk, std::string(200, 'a'), 0, "x"));
  EXPECT_TRUE(disk.sync(std::string(200, 'a')));
  EXPECT_TRUE(refused(disk.write(std::string(201, 'a'), 0, bytes("x"))));
  EXPECT_TRUE(refused(disk.write(std::string(67, '/'), 0, bytes("x"))));
}

TEST(DirectoryDisk, ForgetsWhatAKilledProcessLeftUnfinished) {
  const Folder folder;
  folder.write("log", "synced");
  folder.write("log%new", "half");
  const DirectoryDisk disk{folder.path()};
  EXPECT_THAT(disk.list(), ElementsAre("log"));
  EXPECT_FALSE(std::filesystem::exists(folder.file("log%new")));
}

TEST(DirectoryDisk, RefusesADirectoryThatIsNotADisk) {
  for (const char* name : {"a b", ".bashrc", "folder/file", "%zz"}) {
    const Folder folder;
    folder.write(name, "precious");
    folder.write("other%new", "precious");
    EXPECT_THROW(DirectoryDisk{folder.path()}, UserError) << name;
    EXPECT_TRUE(std::filesystem::exists(folder.file("other%new")));
    EXPECT_TRUE(std::filesystem::exists(folder.file(name)));
    EXPECT_THROW(DirectoryDisk{folder.file(name)}, UserError) << name;
  }
}

TEST(DirectoryDisk, DoesNotFollowALinkOutOfTheDirectory) {
  const Folder folder;
  const std::string outside = folder.write("outside", "precious");
  DirectoryDisk disk{folder.file("disk")};
  EXPECT_TRUE(put(disk, "log", 0, "x"));
  std::filesystem::create_symlink(outside, folder.file("disk/log%new"));
  EXPECT_TRUE(refused(disk.sync("log")));
  EXPECT_TRUE(disk.sync("log"));  // the link is gone
  EXPECT_EQ(std::filesystem::file_size(outside), 8u);
}

TEST(DirectoryDisk, ReadsOfADamagedFileAreErrors) {
  const Folder folder;
  DirectoryDisk disk{folder.path()};
  EXPECT_TRUE(put(disk, "log", 0, std::string(10'000, 'x')));
  ASSERT_TRUE(disk.sync("log"));
  std::filesystem::resize_file(folder.file("log"), 5000);
  EXPECT_TRUE(disk.read("log", 0, 5000));
  EXPECT_TRUE(refused(disk.read("log", 0, 5001)));
  EXPECT_TRUE(refused(disk.write("log", 5000, bytes("y"))));
  std::filesystem::remove(folder.file("log"));
  EXPECT_TRUE(refused(disk.read("log", 0, 1)));
}

// Files of this process may have no more bytes, as if the real disk were full.
class FileLimit {
 public:
  explicit FileLimit(rlim_t most_bytes) {
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit now{most_bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &now);
  }
  FileLimit(const FileLimit&) = delete;
  ~FileLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    signal(SIGXFSZ, SIG_DFL);
  }

 private:
  rlimit before_{};
};

TEST(DirectoryDisk, ASyncThatFailsChangesNothingAndCanBeRepeated) {
  // One that appends, and one that rewrites the file.
  for (const std::uint64_t offset : {10'000, 5000}) {
    const Folder folder;
    DirectoryDisk disk{folder.path()};
    EXPECT_TRUE(put(disk, "log", 0, std::string(10'000, 'x')));
    ASSERT_TRUE(disk.sync("log"));
    EXPECT_TRUE(put(disk, "log", offset, std::string(20'000, 'y')));
    EXPECT_TRUE(put(disk, "new", 0, std::string(20'000, 'z')));
    {
      const FileLimit limit{16'000};
      EXPECT_TRUE(refused(disk.sync("log")));
      EXPECT_TRUE(refused(disk.sync("new")));
    }
    EXPECT_EQ(content(DirectoryDisk{folder.path()}, "log"), std::string(10'000, 'x'));
    EXPECT_THAT(DirectoryDisk{folder.path()}.list(), ElementsAre("log"));
    const std::string all = std::string(offset, 'x') + std::string(20'000, 'y');
    EXPECT_EQ(content(disk, "log"), all);
    EXPECT_TRUE(disk.sync("log"));
    EXPECT_EQ(content(DirectoryDisk{folder.path()}, "log"), all);
  }
}

}  // namespace
}  // namespace evenkeel::test
