#include "models/mpc/tools/ring128.h"

namespace evenkeel {
namespace {

using wide::at;
using wide::set;

class Ring128 final : public Domain {
 public:
  std::string_view name() const override { return "Z_2^128"; }
  std::size_t width() const override { return 2; }
  int value_bits() const override { return 62; }
  void add(std::span<Word> to, std::span<const Word> other) const override {
    for (std::size_t i = 0; i < to.size() / 2; ++i) set(to, i, at(to, i) + at(other, i));
  }
  void subtract(std::span<Word> from, std::span<const Word> other) const override {
    for (std::size_t i = 0; i < from.size() / 2; ++i) set(from, i, at(from, i) - at(other, i));
  }
  void scale(std::span<Word> of, std::span<const Word> factor) const override {
    for (std::size_t i = 0; i < of.size() / 2; ++i) set(of, i, at(of, i) * at(factor, 0));
  }
  void add_products(std::span<Word> to, std::span<const Word> a,
                    std::span<const Word> b) const override {
    for (std::size_t i = 0; i < to.size() / 2; ++i) set(to, i, at(to, i) + at(a, i) * at(b, i));
  }
  void encode(std::span<const std::int64_t> values, std::span<Word> into) const override {
    for (std::size_t i = 0; i < values.size(); ++i) {
      into[2 * i] = static_cast<Word>(values[i]);
      into[2 * i + 1] = 0 - (static_cast<Word>(values[i]) >> 63);
    }
  }
  void decode(std::span<const Word> elements, std::span<std::int64_t> into) const override {
    for (std::size_t i = 0; i < into.size(); ++i)
      into[i] = static_cast<std::int64_t>(elements[2 * i]);
  }
  void from_random(std::span<Word>) const override {}
};

}  // namespace

const Domain& ring128() {
  static const Ring128 domain;
  return domain;
}

}  // namespace evenkeel
