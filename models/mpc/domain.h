// The numbers that a protocol computes with, and arithmetic on whole vectors of them.
#pragma once

#include <string_view>

#include "models/mpc/words.h"

namespace evenkeel {

class Domain {
 public:
  virtual ~Domain() = default;
  virtual std::string_view name() const = 0;
  /// Words an element.
  virtual std::size_t width() const = 0;
  /// Magnitudes below 2^value_bits are safe: the difference of two has a sign.
  virtual int value_bits() const = 0;

  virtual void add(std::span<Word> to, std::span<const Word> other) const = 0;
  virtual void subtract(std::span<Word> from, std::span<const Word> other) const = 0;
  /// Every element of `of` times one element.
  virtual void scale(std::span<Word> of, std::span<const Word> factor) const = 0;
  /// to[i] += a[i] * b[i]
  virtual void add_products(std::span<Word> to, std::span<const Word> a,
                            std::span<const Word> b) const = 0;
  /// Negative numbers from the top.
  virtual void encode(std::span<const std::int64_t> values, std::span<Word> into) const = 0;
  virtual void decode(std::span<const Word> elements, std::span<std::int64_t> into) const = 0;
  /// Makes uniform elements of uniform words.
  virtual void from_random(std::span<Word> words) const = 0;

  Words encoded(std::span<const std::int64_t> values) const {
    Words words(values.size() * width());
    encode(values, words);
    return words;
  }
};

/// The integers modulo 2^64.
const Domain& ring64();
/// The integers modulo 2^61 - 1.
const Domain& field61_domain();

}  // namespace evenkeel
