// The disk of a simulated node: files in memory, with what a power failure would take away.
#pragma once

#include <map>
#include <utility>

#include "models/runtime/disk.h"
#include "models/runtime/random.h"

namespace evenkeel {

/// What becomes of writes that were not synced.
enum class PowerLoss : std::uint8_t { drops, tears };

/// What was asked of a disk.
struct DiskUse {
  std::uint64_t written_bytes = 0;
  std::uint64_t read_bytes = 0;
  std::uint64_t syncs = 0;
};

/// Holds one copy of the data, and beside it what the last sync left in the sectors that were
/// changed since: a sync costs what was changed, whatever the size of the file. Removing a file is
/// durable at once.
class MemoryDisk final : public Disk {
 public:
  explicit MemoryDisk(std::uint64_t capacity = std::uint64_t{1} << 40) : capacity_(capacity) {}

  Result<std::size_t> write(std::string_view file, std::uint64_t offset,
                            std::span<const std::byte> bytes) override;
  Result<std::vector<std::byte>> read(std::string_view file, std::uint64_t offset,
                                      std::size_t size) const override;
  Result<std::size_t> sync(std::string_view file) override;
  Result<std::uint64_t> size(std::string_view file) const override;
  Result<std::size_t> truncate(std::string_view file, std::uint64_t size) override;
  void remove(std::string_view file) override;
  std::vector<std::string> list() const override;

  /// The power fails: what was not synced is gone.
  void lose_power();
  /// The same, but the disk was caught writing: each sector of 512 bytes that was not synced may be
  /// there, not there, half there or garbage; a file that grew may end at any sector between, one
  /// that was cut off may be whole again, and one that was never synced may be gone.
  void lose_power(PowerLoss how, Random& random);
  /// Full: no file grows beyond what all files take now. Until it is not.
  void fill(bool full) { limit_ = full ? used_ : capacity_; }
  /// From now on a sync does nothing but say that it did.
  void lying_sync(bool lies) { sync_lies_ = lies; }
  /// The disk is replaced by an empty one.
  void lose_all();

  /// The bytes of all files.
  std::uint64_t used() const { return used_; }
  /// What was asked since the last call.
  DiskUse take_use() { return std::exchange(use_, {}); }

 private:
  /// A file as if it had no end: what was never written reads as zeros.
  class Content {
   public:
    void write(std::uint64_t offset, std::span<const std::byte> bytes);
    void read(std::uint64_t offset, std::span<std::byte> bytes) const;
    /// What is at `size` and beyond becomes zeros.
    void cut(std::uint64_t size);

   private:
    std::vector<std::vector<std::byte>> chunks_;  // each a beginning; the rest of it is zeros
  };

  /// What the last sync left in sectors, in the order in which they were changed.
  class Before {
   public:
    bool has(std::uint64_t sector) const;
    void add(std::uint64_t sector, const Content& content);
    void clear();
    const std::vector<std::uint64_t>& sectors() const { return sectors_; }
    std::span<const std::byte> of(std::size_t position) const;

   private:
    std::vector<std::uint64_t> has_;  // a bit for each sector of the file
    std::vector<std::uint64_t> sectors_;
    std::vector<std::byte> bytes_;
  };

  struct File {
    Content now;
    std::uint64_t size = 0;
    Before before;  // of what lies within `synced_size`
    std::uint64_t synced_size = 0;
    bool was_synced = false;
  };

  File* find(std::string_view file);
  const File* find(std::string_view file) const;
  static void keep_before(File& file, std::uint64_t from, std::uint64_t to);
  void resize(File& file, std::uint64_t size);
  void restore(File& file);
  void tear(File& file, Random& random);

  std::map<std::string, File, std::less<>> files_;
  std::uint64_t capacity_;
  std::uint64_t limit_ = capacity_;
  std::uint64_t used_ = 0;
  bool sync_lies_ = false;
  mutable DiskUse use_;
};

}  // namespace evenkeel
