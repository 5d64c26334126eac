// The field of integers modulo p = 2^128 - 7 * 2^66 + 1: Field128 of the VDAF draft
// (draft-irtf-cfrg-vdaf, section 6.1). It has roots of unity of order 2^66. Elements are kept
// times 2^128 (Montgomery's form), which is cheap since p = 1 modulo 2^64. All in constant time.
#pragma once

#include <cstring>
#include <optional>

#include "models/mpc/disclosure.h"
#include "models/mpc/words.h"

namespace evenkeel {

class Field128 {
 public:
  __extension__ using Wide = unsigned __int128;

  static constexpr Wide modulus = (Wide{0xffffffffffffffe4} << 64) | 1;
  static constexpr std::size_t encoded_bytes = 16;
  static constexpr int root_order_bits = 66;

  Field128() = default;  // anything
  constexpr explicit Field128(Wide number) : value_(0) {
    constexpr Wide squared_radix = (Wide{0x5587} << 64) | 0xfffffffffffffcf1;  // 2^256
    value_ = product(once_less(number, 0), squared_radix);
  }

  friend constexpr Field128 operator+(Field128 a, Field128 b) {
    const Wide sum = a.value_ + b.value_;
    const Wide carry = ((a.value_ & b.value_) | ((a.value_ | b.value_) & ~sum)) >> 127;
    return raw(once_less(sum, carry));
  }
  friend constexpr Field128 operator-(Field128 a, Field128 b) {
    const Wide difference = a.value_ - b.value_;
    return raw(difference + (modulus & (0 - borrow(a.value_, b.value_, difference))));
  }
  friend constexpr Field128 operator*(Field128 a, Field128 b) {
    return raw(product(a.value_, b.value_));
  }
  constexpr Field128& operator+=(Field128 other) { return *this = *this + other; }
  constexpr Field128& operator*=(Field128 other) { return *this = *this * other; }
  friend constexpr bool operator==(Field128, Field128) = default;

  constexpr Field128 power(Wide exponent) const {
    Field128 result{1};
    Field128 base = *this;
    for (; exponent != 0; exponent >>= 1, base *= base)
      if ((exponent & 1) != 0) result *= base;
    return result;
  }
  /// Of what is not 0; 0 gives 0.
  constexpr Field128 inverse() const { return power(modulus - 2); }
  /// Of order 2^bits.
  static constexpr Field128 root_of_order(int bits) {
    Field128 root = Field128{7}.power(modulus >> 66);
    for (int i = bits; i < root_order_bits; ++i) root *= root;
    return root;
  }

  /// The number in [0, p) that it stands for.
  constexpr Wide number() const { return product(value_, 1); }
  void encode(std::byte* into) const {
    const Wide plain = number();
    std::memcpy(into, &plain, encoded_bytes);
  }
  /// Nothing if the bytes are no number below p.
  static std::optional<Field128> decoded(const std::byte* from) {
    Wide number;
    std::memcpy(&number, from, encoded_bytes);
    if (disclosed(number >= modulus)) return std::nullopt;  // of what is not used then
    return Field128{number};
  }

 private:
  // Of a number below 2 p, its bit of 2^128 apart.
  static constexpr Wide once_less(Wide number, Wide above) {
    const Wide difference = number - modulus;
    const Wide is_less = borrow(number, modulus, difference) & ~above;
    return difference + (modulus & (0 - is_less));
  }
  // Of a - b, from the highest bits alone, so that no compiler makes a branch of it.
  static constexpr Wide borrow(Wide a, Wide b, Wide difference) {
    return ((~a & b) | ((~a | b) & difference)) >> 127;
  }
  // a b / 2^128, a word of b at a time: adding -low * p makes the lowest word of the sum 0.
  static constexpr Wide product(Wide a, Wide b) {
    Word sum[3] = {0, 0, 0};
    for (const Word factor : {static_cast<Word>(b), static_cast<Word>(b >> 64)}) {
      const Wide low = Wide{static_cast<Word>(a)} * factor + sum[0];
      const Wide high = Wide{static_cast<Word>(a >> 64)} * factor + sum[1] + (low >> 64);
      const Word multiple = 0 - static_cast<Word>(low);
      const Wide reduced = Wide{multiple} * static_cast<Word>(modulus >> 64) +
                           static_cast<Word>(high) + (static_cast<Word>(low) != 0 ? 1 : 0);
      const Wide rest = Wide{sum[2]} + (high >> 64) + (reduced >> 64);
      sum[0] = static_cast<Word>(reduced);
      sum[1] = static_cast<Word>(rest);
      sum[2] = static_cast<Word>(rest >> 64);
    }
    return once_less((Wide{sum[1]} << 64) | sum[0], sum[2]);
  }
  static constexpr Field128 raw(Wide value) {
    Field128 element{};
    element.value_ = value;
    return element;
  }

  Wide value_;
};

}  // namespace evenkeel
