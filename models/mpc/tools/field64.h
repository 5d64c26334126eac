// The "Goldilocks" field of integers modulo p = 2^64 - 2^32 + 1: Field64 of the VDAF draft
// (draft-irtf-cfrg-vdaf, section 6.1). It has roots of unity of order 2^32. All in constant time.
#pragma once

#include <cstring>
#include <optional>

#include "models/mpc/disclosure.h"
#include "models/mpc/words.h"

namespace evenkeel {

class Field64 {
 public:
  __extension__ using Wide = unsigned __int128;

  static constexpr Word modulus = 0xffffffff00000001;
  static constexpr std::size_t encoded_bytes = 8;
  static constexpr int root_order_bits = 32;

  Field64() = default;  // anything
  constexpr explicit Field64(Word number) : value_(once_less(number, 0)) {}

  friend constexpr Field64 operator+(Field64 a, Field64 b) {
    const Word sum = a.value_ + b.value_;
    return raw(once_less(sum, sum < a.value_ ? 1 : 0));
  }
  friend constexpr Field64 operator-(Field64 a, Field64 b) {
    const Word borrow = a.value_ < b.value_ ? 1 : 0;
    return raw(a.value_ - b.value_ + (modulus & (0 - borrow)));
  }
  friend constexpr Field64 operator*(Field64 a, Field64 b) {
    // 2^64 = 2^32 - 1 and 2^96 = -1
    const Wide product = Wide{a.value_} * b.value_;
    const auto low = static_cast<Word>(product);
    const auto high = static_cast<Word>(product >> 64);
    const Word borrow = low < high >> 32 ? 1 : 0;
    const Word rest = low - (high >> 32) - (fold & (0 - borrow));
    const Word folded = (high & fold) * fold;
    const Word sum = rest + folded;
    const Word carry = sum < rest ? 1 : 0;
    return raw(once_less(sum + (fold & (0 - carry)), 0));
  }
  constexpr Field64& operator+=(Field64 other) { return *this = *this + other; }
  constexpr Field64& operator*=(Field64 other) { return *this = *this * other; }
  friend constexpr bool operator==(Field64, Field64) = default;

  constexpr Field64 power(Word exponent) const {
    Field64 result{1};
    Field64 base = *this;
    for (; exponent != 0; exponent >>= 1, base *= base)
      if ((exponent & 1) != 0) result *= base;
    return result;
  }
  /// Of what is not 0; 0 gives 0.
  constexpr Field64 inverse() const { return power(modulus - 2); }
  /// Of order 2^bits.
  static constexpr Field64 root_of_order(int bits) {
    Field64 root = Field64{7}.power(modulus >> 32);
    for (int i = bits; i < root_order_bits; ++i) root *= root;
    return root;
  }

  /// The number in [0, p) that it stands for.
  constexpr Wide number() const { return value_; }
  void encode(std::byte* into) const { std::memcpy(into, &value_, encoded_bytes); }
  /// Nothing if the bytes are no number below p.
  static std::optional<Field64> decoded(const std::byte* from) {
    Word number;
    std::memcpy(&number, from, encoded_bytes);
    if (disclosed(number >= modulus)) return std::nullopt;  // of what is not used then
    return raw(number);
  }

 private:
  static constexpr Word fold = 0xffffffff;  // 2^64 mod p

  // Of a number below 2 p, its bit of 2^64 apart.
  static constexpr Word once_less(Word number, Word above) {
    const Word reaches = above | (number >= modulus ? 1 : 0);
    return number - (modulus & (0 - reaches));
  }
  static constexpr Field64 raw(Word value) {
    Field64 element{0};
    element.value_ = value;
    return element;
  }

  Word value_;
};

}  // namespace evenkeel
