// A disk that can fail for good in the middle of a write, and keeps a fingerprint of all that was
// asked of it.
#pragma once

#include <xxhash.h>

#include "models/runtime/disk.h"

namespace evenkeel::test {

class WatchedDisk final : public Disk {
 public:
  explicit WatchedDisk(Disk& disk) : disk_(disk) {}

  /// It stops in the course of the change (write, sync, truncation or removal) after so many.
  void cut_after(std::uint64_t changes) { changes_left_ = changes; }
  bool is_cut() const { return is_cut_; }
  std::uint64_t fingerprint() const { return fingerprint_; }

  Result<std::size_t> write(std::string_view file, std::uint64_t offset,
                            std::span<const std::byte> bytes) override {
    note('w', file, offset, bytes);
    const bool was_cut = is_cut_;
    if (!stops()) return disk_.write(file, offset, bytes);
    if (!was_cut) (void)disk_.write(file, offset, bytes.first(bytes.size() / 2));
    return broken();
  }
  Result<std::vector<std::byte>> read(std::string_view file, std::uint64_t offset,
                                      std::size_t size) const override {
    if (is_cut_) return broken();
    Result<std::vector<std::byte>> bytes = disk_.read(file, offset, size);
    note('r', file, offset, bytes ? std::span<const std::byte>{*bytes} : std::span<std::byte>{});
    return bytes;
  }
  Result<std::size_t> sync(std::string_view file) override {
    note('s', file, 0, {});
    if (stops()) return broken();
    return disk_.sync(file);
  }
  Result<std::uint64_t> size(std::string_view file) const override { return disk_.size(file); }
  Result<std::size_t> truncate(std::string_view file, std::uint64_t size) override {
    note('t', file, size, {});
    if (stops()) return broken();
    return disk_.truncate(file, size);
  }
  void remove(std::string_view file) override {
    note('x', file, 0, {});
    if (!stops()) disk_.remove(file);
  }
  std::vector<std::string> list() const override { return disk_.list(); }

 private:
  static Error broken() { return {ErrorCode::disk, "the power is off"}; }

  bool stops() {
    if (!is_cut_ && changes_left_ > 0) {
      --changes_left_;
      return false;
    }
    is_cut_ = true;
    return true;
  }

  void note(char what, std::string_view file, std::uint64_t offset,
            std::span<const std::byte> bytes) const {
    fingerprint_ = XXH3_64bits_withSeed(&what, 1, fingerprint_);
    fingerprint_ = XXH3_64bits_withSeed(file.data(), file.size(), fingerprint_);
    fingerprint_ = XXH3_64bits_withSeed(&offset, sizeof offset, fingerprint_);
    fingerprint_ = XXH3_64bits_withSeed(bytes.data(), bytes.size(), fingerprint_);
  }

  Disk& disk_;
  std::uint64_t changes_left_ = ~std::uint64_t{0};
  bool is_cut_ = false;
  mutable std::uint64_t fingerprint_ = 0;
};

}  // namespace evenkeel::test
