// What the disk in memory does beyond what all disks do, against a model that copies whole files.
#include "sim/world/memory_disk.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace evenkeel::test {
namespace {

constexpr std::size_t sector = 512;
constexpr std::uint64_t capacity = 60'000;

using Bytes = std::vector<std::byte>;

Bytes bytes(std::string_view text) {
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  return {data, data + text.size()};
}

std::string text(const Bytes& content) {
  return {reinterpret_cast<const char*>(content.data()), content.size()};
}

Bytes content(const Disk& disk, std::string_view file) {
  const Result<Bytes> read = disk.read(file, 0, 1 << 30);
  return read ? *read : bytes("no such file");
}

bool put(Disk& disk, std::string_view file, std::uint64_t offset, std::string_view what) {
  return disk.write(file, offset, bytes(what)).has_value();
}

// The same by the simplest means.
class CopyingDisk {
 public:
  struct File {
    Bytes now, synced;
    bool was_synced = false;
  };

  bool write(const std::string& name, std::uint64_t offset, const Bytes& what) {
    const std::uint64_t end = offset + what.size();
    const std::uint64_t old = files.contains(name) ? files[name].now.size() : 0;
    if (end > capacity || (end > old && used() + end - old > capacity)) return false;
    Bytes& now = files[name].now;
    if (now.size() < end) now.resize(end);
    std::ranges::copy(what, now.begin() + static_cast<std::ptrdiff_t>(offset));
    return true;
  }
  void sync(const std::string& name) {
    if (!files.contains(name)) return;
    files[name].synced = files[name].now;
    files[name].was_synced = true;
  }
  void truncate(const std::string& name, std::uint64_t size) {
    if (files.contains(name) && files[name].now.size() > size) files[name].now.resize(size);
  }
  void lose_power() {
    std::erase_if(files, [](const auto& file) { return !file.second.was_synced; });
    for (auto& [name, file] : files) file.now = file.synced;
  }
  std::uint64_t used() const {
    std::uint64_t total = 0;
    for (const auto& [name, file] : files) total += file.now.size();
    return total;
  }

  std::map<std::string, File> files;
};

Bytes sector_of(const Bytes& all, std::size_t number) {
  Bytes one(sector);
  const std::size_t from = std::min(number * sector, all.size());
  std::copy_n(all.begin() + static_cast<std::ptrdiff_t>(from), std::min(sector, all.size() - from),
              one.begin());
  return one;
}

// What became of the sectors of a file, beside those that nobody wrote to.
struct Fates {
  int kept = 0, dropped = 0, half = 0, garbage = 0;
};

// `written`: which sectors were written to since the last sync.
void check_torn(const Bytes& left, const CopyingDisk::File& was, const std::vector<bool>& written,
                Fates& fates) {
  ASSERT_GE(left.size(), std::min(was.now.size(), was.synced.size()));
  ASSERT_LE(left.size(), std::max(was.now.size(), was.synced.size()));
  for (std::size_t i = 0; i < left.size() / sector; ++i) {
    const Bytes now = sector_of(left, i);
    const Bytes before = sector_of(was.synced, i);
    const Bytes after = sector_of(was.now, i);
    if (!written[i]) {
      if (was.now.size() >= was.synced.size()) {
        ASSERT_TRUE(now == before) << i;
      }
      continue;
    }
    if ((i + 1) * sector > was.now.size()) continue;
    Bytes half = before;
    std::copy_n(after.begin(), sector / 2, half.begin());
    if (before == after) continue;
    ++(now == after    ? fates.kept
       : now == before ? fates.dropped
       : now == half   ? fates.half
                       : fates.garbage);
  }
}

TEST(MemoryDisk, DoesWhatCopiesOfWholeFilesWouldDo) {
  Random random{5};
  MemoryDisk disk{capacity};
  CopyingDisk model;
  std::map<std::string, std::vector<bool>> written;
  Fates fates;
  for (int i = 0; i < 8000; ++i) {
    const std::string name(1, static_cast<char>('a' + random.below(3)));
    const std::uint64_t dice = random.below(100);
    if (dice < 60) {
      const std::uint64_t offset = random.below(random.below(10) == 0 ? 40'000 : 9000);
      Bytes what(random.below(random.below(5) == 0 ? 9000 : 600));
      for (std::byte& byte : what) byte = static_cast<std::byte>(random.below(255) + 1);
      // A gap is written too: with zeros.
      const std::uint64_t old = model.files.contains(name) ? model.files[name].now.size() : 0;
      const bool done = disk.write(name, offset, what).has_value();
      ASSERT_EQ(done, model.write(name, offset, what));
      written[name].resize(1000);
      if (done && offset + what.size() > std::min(offset, old))
        for (std::size_t s = std::min(offset, old) / sector;
             s <= (offset + what.size() - 1) / sector; ++s)
          written[name][s] = true;
    } else if (dice < 80) {
      ASSERT_EQ(disk.sync(name).has_value(), model.files.contains(name));
      model.sync(name);
      written[name].assign(1000, false);
    } else if (dice < 92) {
      const std::uint64_t size = random.below(12'000);
      ASSERT_EQ(disk.truncate(name, size).has_value(), model.files.contains(name));
      if (model.files.contains(name) && size < model.files[name].now.size())
        std::fill(written[name].begin() + static_cast<std::ptrdiff_t>(size / sector),
                  written[name].end(), true);
      model.truncate(name, size);
    } else if (dice < 95) {
      disk.remove(name);
      model.files.erase(name);
      written[name].assign(1000, false);
    } else if (dice < 97) {
      disk.lose_power();
      model.lose_power();
      for (auto& [file, sectors] : written) sectors.assign(1000, false);
    } else {
      disk.lose_power(PowerLoss::tears, random);
      for (auto file = model.files.begin(); file != model.files.end();) {
        const auto& [its_name, was] = *file;
        if (!disk.size(its_name)) {
          ASSERT_FALSE(was.was_synced);
          file = model.files.erase(file);
          continue;
        }
        const Bytes left = content(disk, its_name);
        written[its_name].resize(1000);
        check_torn(left, was, written[its_name], fates);
        if (HasFatalFailure()) return;
        file->second = {.now = left, .synced = left, .was_synced = true};
        ++file;
      }
      for (auto& [file, sectors] : written) sectors.assign(1000, false);
    }
    std::vector<std::string> names;
    for (const auto& [file, its] : model.files) names.push_back(file);
    ASSERT_EQ(disk.list(), names);
    for (const std::string& file : names) ASSERT_EQ(content(disk, file), model.files[file].now);
    ASSERT_EQ(disk.used(), model.used());
  }
  // A quarter each, but for halves that look like something else.
  const int all = fates.kept + fates.dropped + fates.half + fates.garbage;
  ASSERT_GT(all, 1000);
  for (const int count : {fates.kept, fates.dropped, fates.half, fates.garbage})
    EXPECT_NEAR(count, all / 4, all / 10);
}

TEST(MemoryDisk, TearsTheSameWithTheSameRandomNumbers) {
  const auto torn = [](std::uint64_t seed) {
    MemoryDisk disk;
    Random random{seed};
    EXPECT_TRUE(put(disk, "log", 0, std::string(10'000, 'a')));
    EXPECT_TRUE(disk.sync("log"));
    EXPECT_TRUE(put(disk, "log", 5000, std::string(10'000, 'b')));
    disk.lose_power(PowerLoss::tears, random);
    return content(disk, "log");
  };
  EXPECT_EQ(torn(1), torn(1));
  EXPECT_NE(torn(1), torn(2));
}

TEST(MemoryDisk, TearsATruncationWhole) {
  int kept = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    MemoryDisk disk;
    Random random{seed};
    EXPECT_TRUE(put(disk, "log", 0, std::string(10'000, 'a')));
    ASSERT_TRUE(disk.sync("log"));
    ASSERT_TRUE(disk.truncate("log", 1024));
    disk.lose_power(PowerLoss::tears, random);
    const bool is_kept = *disk.size("log") == 1024;
    EXPECT_EQ(text(content(disk, "log")), std::string(is_kept ? 1024 : 10'000, 'a'));
    kept += is_kept;
  }
  EXPECT_NEAR(kept, 50, 20);
}

TEST(MemoryDisk, KeepsWhatIsSyncedWhenWritesTear) {
  MemoryDisk disk;
  Random random{3};
  EXPECT_TRUE(put(disk, "log", 0, std::string(5000, 'a')));
  ASSERT_TRUE(disk.sync("log"));
  EXPECT_TRUE(put(disk, "log", 5000, std::string(5000, 'b')));
  disk.lose_power(PowerLoss::tears, random);
  // The last sector that was synced is the first that was written to.
  EXPECT_EQ(text(content(disk, "log")).substr(0, 4608), std::string(4608, 'a'));
}

TEST(MemoryDisk, ALyingSyncKeepsNothing) {
  MemoryDisk disk;
  EXPECT_TRUE(put(disk, "log", 0, "old"));
  ASSERT_TRUE(disk.sync("log"));
  disk.lying_sync(true);
  EXPECT_TRUE(put(disk, "log", 0, "new"));
  EXPECT_TRUE(put(disk, "other", 0, "new"));
  EXPECT_EQ(*disk.sync("log"), 3u);
  EXPECT_TRUE(disk.sync("other"));
  disk.lose_power();
  EXPECT_EQ(text(content(disk, "log")), "old");
  EXPECT_THAT(disk.list(), testing::ElementsAre("log"));
  disk.lying_sync(false);
  EXPECT_TRUE(put(disk, "log", 0, "new"));
  ASSERT_TRUE(disk.sync("log"));
  disk.lose_power();
  EXPECT_EQ(text(content(disk, "log")), "new");
}

TEST(MemoryDisk, AFilledDiskTakesChangesButNoGrowth) {
  MemoryDisk disk;
  EXPECT_TRUE(put(disk, "log", 0, "0123456789"));
  disk.fill(true);
  EXPECT_TRUE(put(disk, "log", 5, "abcde"));
  EXPECT_EQ(disk.write("log", 10, bytes("x")).error().code, ErrorCode::full);
  EXPECT_EQ(disk.write("new", 0, bytes("x")).error().code, ErrorCode::full);
  ASSERT_TRUE(disk.truncate("log", 5));
  EXPECT_TRUE(put(disk, "new", 0, "fits!"));
  EXPECT_FALSE(put(disk, "new", 0, "fits!!"));
  disk.fill(false);
  EXPECT_TRUE(put(disk, "new", 0, "fits!!"));
}

TEST(MemoryDisk, CountsWhatIsAskedOfIt) {
  MemoryDisk disk;
  EXPECT_TRUE(put(disk, "log", 0, std::string(1000, 'a')));
  ASSERT_TRUE(disk.sync("log"));
  ASSERT_TRUE(disk.sync("log"));
  EXPECT_EQ(disk.read("log", 900, 500)->size(), 100u);
  EXPECT_FALSE(disk.sync("other"));
  const DiskUse use = disk.take_use();
  EXPECT_EQ(use.written_bytes, 1000u);
  EXPECT_EQ(use.read_bytes, 100u);
  EXPECT_EQ(use.syncs, 2u);
  EXPECT_EQ(disk.take_use().written_bytes, 0u);
}

TEST(MemoryDisk, HoldsAFarGapInLittleMemory) {
  MemoryDisk disk;
  const std::uint64_t far = 1'000'000'000;
  EXPECT_TRUE(put(disk, "log", far, "end"));
  ASSERT_TRUE(disk.sync("log"));
  EXPECT_EQ(disk.used(), far + 3);
  EXPECT_EQ(text(*disk.read("log", far - 2, 10)), std::string("\0\0end", 5));
}

}  // namespace
}  // namespace evenkeel::test
