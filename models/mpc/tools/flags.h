// A bit for each of several, packed to bytes as they travel: the first in the lowest bit.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace evenkeel {

class Flags {
 public:
  explicit Flags(std::size_t count) : bytes_((count + 7) / 8, std::byte{0}) {}

  bool has(std::size_t i) const {
    return (bytes_[i / 8] >> (i % 8) & std::byte{1}) != std::byte{0};
  }
  void set(std::size_t i) { bytes_[i / 8] |= std::byte{1} << (i % 8); }
  void clear(std::size_t i) { bytes_[i / 8] &= ~(std::byte{1} << (i % 8)); }
  std::size_t count() const {
    std::size_t set = 0;
    for (const std::byte byte : bytes_)
      set += static_cast<std::size_t>(std::popcount(static_cast<std::uint8_t>(byte)));
    return set;
  }
  /// Whether none is set that the others lack, bits beyond the last included.
  bool is_within(const Flags& others) const {
    for (std::size_t i = 0; i < bytes_.size(); ++i)
      if ((bytes_[i] & ~others.bytes_[i]) != std::byte{0}) return false;
    return true;
  }

  std::span<std::byte> bytes() { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace evenkeel
