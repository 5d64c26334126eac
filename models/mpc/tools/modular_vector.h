// A vector of numbers modulo 2^bits that masks are added to and taken from, and that travels with
// exactly so many bits a number. Up to 32 bits a lane has 32 bits, and so has its mask: half the
// work of wider ones.
#pragma once

#include "models/mpc/tools/prg.h"

namespace evenkeel {

class ModularVector {
 public:
  /// Zeros; 1 <= bits <= 64.
  ModularVector(std::size_t count, int bits);

  std::size_t count() const { return count_; }
  int bits() const { return bits_; }
  std::size_t packed_bytes() const { return packed_bytes(count_, bits_); }
  static std::size_t packed_bytes(std::size_t count, int bits) {
    return (count * static_cast<std::size_t>(bits) + 7) / 8;
  }
  /// Of a mask.
  std::size_t mask_bytes() const { return count_ * (is_narrow() ? 4 : 8); }

  void add(std::span<const Word> numbers);
  /// Adds or subtracts what the key's stream gives.
  void add_mask(const PrgKey& key);
  void subtract_mask(const PrgKey& key);
  /// Number after number, low bits first.
  void pack(std::span<std::byte> into) const;
  void add_packed(std::span<const std::byte> packed);
  /// Each below 2^bits.
  std::vector<Word> values() const;

 private:
  bool is_narrow() const { return bits_ <= 32; }
  Word reduced(Word number) const { return number & (~Word{0} >> (64 - bits_)); }

  std::size_t count_;
  int bits_;
  std::vector<std::uint32_t, WipingAllocator<std::uint32_t>> narrow_;  // one of the two is empty
  Words wide_;
};

}  // namespace evenkeel
