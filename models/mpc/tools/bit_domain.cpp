#include "models/mpc/tools/bit_domain.h"

namespace evenkeel {
namespace {

class BitDomain final : public Domain {
 public:
  std::string_view name() const override { return "GF(2)"; }
  std::size_t width() const override { return 1; }
  int value_bits() const override { return 0; }
  void add(std::span<Word> to, std::span<const Word> other) const override {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] ^= other[i];
  }
  void subtract(std::span<Word> from, std::span<const Word> other) const override {
    add(from, other);
  }
  void scale(std::span<Word> of, std::span<const Word> factor) const override {
    for (Word& word : of) word &= factor[0];
  }
  void add_products(std::span<Word> to, std::span<const Word> a,
                    std::span<const Word> b) const override {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] ^= a[i] & b[i];
  }
  void encode(std::span<const std::int64_t> values, std::span<Word> into) const override {
    for (std::size_t i = 0; i < values.size(); ++i) into[i] = static_cast<Word>(values[i]);
  }
  void decode(std::span<const Word> elements, std::span<std::int64_t> into) const override {
    for (std::size_t i = 0; i < into.size(); ++i) into[i] = static_cast<std::int64_t>(elements[i]);
  }
  void from_random(std::span<Word>) const override {}
};

}  // namespace

const Domain& bit_domain() {
  static const BitDomain domain;
  return domain;
}

}  // namespace evenkeel
