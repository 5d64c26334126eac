#include "models/mpc/domain.h"

#include "models/mpc/tools/field61.h"

namespace evenkeel {
namespace {

struct Ring64 {
  static constexpr std::string_view name = "Z_2^64";
  static constexpr int value_bits = 62;
  static Word add(Word a, Word b) { return a + b; }
  static Word subtract(Word a, Word b) { return a - b; }
  static Word multiply(Word a, Word b) { return a * b; }
  static Word encode(std::int64_t value) { return static_cast<Word>(value); }
  static std::int64_t decode(Word word) { return static_cast<std::int64_t>(word); }
  static Word from_random(Word word) { return word; }
};

struct Field61 {
  static constexpr std::string_view name = "GF(2^61-1)";
  static constexpr int value_bits = 59;
  static Word add(Word a, Word b) { return field61::add(a, b); }
  static Word subtract(Word a, Word b) { return field61::subtract(a, b); }
  static Word multiply(Word a, Word b) { return field61::multiply(a, b); }
  static Word encode(std::int64_t value) {
    const Word is_below = static_cast<Word>(value) >> 63;
    return field61::reduce_once(static_cast<Word>(value) + (field61::prime & (0 - is_below)));
  }
  static std::int64_t decode(Word word) {
    const Word is_below = (field61::prime / 2 - word) >> 63;  // of 0
    return static_cast<std::int64_t>(word - (field61::prime & (0 - is_below)));
  }
  static Word from_random(Word word) { return field61::from_random(word); }
};

template <class Ring>
class OneWord final : public Domain {
 public:
  std::string_view name() const override { return Ring::name; }
  std::size_t width() const override { return 1; }
  int value_bits() const override { return Ring::value_bits; }
  void add(std::span<Word> to, std::span<const Word> other) const override {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = Ring::add(to[i], other[i]);
  }
  void subtract(std::span<Word> from, std::span<const Word> other) const override {
    for (std::size_t i = 0; i < from.size(); ++i) from[i] = Ring::subtract(from[i], other[i]);
  }
  void scale(std::span<Word> of, std::span<const Word> factor) const override {
    for (Word& word : of) word = Ring::multiply(word, factor[0]);
  }
  void add_products(std::span<Word> to, std::span<const Word> a,
                    std::span<const Word> b) const override {
    for (std::size_t i = 0; i < to.size(); ++i)
      to[i] = Ring::add(to[i], Ring::multiply(a[i], b[i]));
  }
  void encode(std::span<const std::int64_t> values, std::span<Word> into) const override {
    for (std::size_t i = 0; i < values.size(); ++i) into[i] = Ring::encode(values[i]);
  }
  void decode(std::span<const Word> elements, std::span<std::int64_t> into) const override {
    for (std::size_t i = 0; i < into.size(); ++i) into[i] = Ring::decode(elements[i]);
  }
  void from_random(std::span<Word> words) const override {
    for (Word& word : words) word = Ring::from_random(word);
  }
};

}  // namespace

const Domain& ring64() {
  static const OneWord<Ring64> domain;
  return domain;
}

const Domain& field61_domain() {
  static const OneWord<Field61> domain;
  return domain;
}

}  // namespace evenkeel
