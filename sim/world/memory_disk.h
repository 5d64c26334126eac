// The disk of a simulated node: files in memory, with what a power failure would take away.
#pragma once

#include <map>

#include "models/runtime/disk.h"
#include "models/runtime/random.h"

namespace evenkeel {

/// What becomes of writes that were not synced.
enum class PowerLoss : std::uint8_t { drops, tears };

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
  /// The same, but the disk was caught writing: of what was not synced, each sector may be there,
  /// not there, half there or garbage, and a file may have any length between the two.
  void lose_power(PowerLoss how, Random& random);
  /// Full: no file grows beyond what all files take now. Until it is not.
  void fill(bool full) { limit_ = full ? used() : capacity_; }
  /// The disk is replaced by an empty one.
  void lose_all() { files_.clear(); }

 private:
  struct File {
    std::vector<std::byte> now;
    std::vector<std::byte> synced;
    bool was_synced = false;
  };

  std::uint64_t used() const;

  std::map<std::string, File, std::less<>> files_;
  std::uint64_t capacity_;
  std::uint64_t limit_ = capacity_;
};

}  // namespace evenkeel
