// A node's disk: files by name that survive a restart, may be lost by a fault, and forget what was
// not synced when the power fails.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/runtime/result.h"

namespace evenkeel {

/// Bounded: at most `capacity` bytes over all files; ErrorCode::full when there is no room, and
/// ErrorCode::disk for a file that is not there or a disk that fails.
class Disk {
 public:
  virtual ~Disk() = default;

  /// Writes at the offset, growing the file (a gap reads as zeros) or making it.
  virtual Result<std::size_t> write(std::string_view file, std::uint64_t offset,
                                    std::span<const std::byte> bytes) = 0;
  /// Up to `size` bytes from the offset; fewer at the end of the file.
  virtual Result<std::vector<std::byte>> read(std::string_view file, std::uint64_t offset,
                                              std::size_t size) const = 0;
  /// What was written to the file so far now survives a crash.
  virtual Result<std::size_t> sync(std::string_view file) = 0;
  virtual Result<std::uint64_t> size(std::string_view file) const = 0;
  /// Cuts the file off at `size`, if it is longer; durable when synced. Gives what is its size now.
  virtual Result<std::size_t> truncate(std::string_view file, std::uint64_t size) = 0;
  virtual void remove(std::string_view file) = 0;
  virtual std::vector<std::string> list() const = 0;  // ordered by name
};

}  // namespace evenkeel
