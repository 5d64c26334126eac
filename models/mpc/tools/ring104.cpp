#include "models/mpc/tools/ring104.h"

#include <cstring>

namespace evenkeel {
namespace ring104 {
namespace {

class Ring104 final : public Domain {
 public:
  std::string_view name() const override { return "Z_2^104"; }
  std::size_t width() const override { return 2; }
  int value_bits() const override { return 62; }
  void add(std::span<Word> to, std::span<const Word> other) const override {
    for (std::size_t i = 0; i < to.size(); i += 2) store(&to[i], load(&to[i]) + load(&other[i]));
  }
  void subtract(std::span<Word> from, std::span<const Word> other) const override {
    for (std::size_t i = 0; i < from.size(); i += 2)
      store(&from[i], load(&from[i]) - load(&other[i]));
  }
  void scale(std::span<Word> of, std::span<const Word> factor) const override {
    for (std::size_t i = 0; i < of.size(); i += 2)
      store(&of[i], load(&of[i]) * load(factor.data()));
  }
  void add_products(std::span<Word> to, std::span<const Word> a,
                    std::span<const Word> b) const override {
    for (std::size_t i = 0; i < to.size(); i += 2)
      store(&to[i], load(&to[i]) + load(&a[i]) * load(&b[i]));
  }
  void encode(std::span<const std::int64_t> values, std::span<Word> into) const override {
    for (std::size_t i = 0; i < values.size(); ++i) {
      into[2 * i] = static_cast<Word>(values[i]);
      into[2 * i + 1] = static_cast<Word>(values[i] >> 63);
    }
  }
  // What is above the value says nothing: a check does not cover it.
  void decode(std::span<const Word> elements, std::span<std::int64_t> into) const override {
    for (std::size_t i = 0; i < into.size(); ++i)
      into[i] = static_cast<std::int64_t>(elements[2 * i]);
  }
  void from_random(std::span<Word>) const override {}
};

}  // namespace

void pack(std::span<const Word> elements, SecretBytes& to) {
  const std::size_t start = to.size();
  to.resize(start + elements.size() / 2 * element_bytes);
  std::byte* out = to.data() + start;
  for (std::size_t i = 0; i < elements.size(); i += 2, out += element_bytes)
    std::memcpy(out, &elements[i], element_bytes);
}

void unpack(std::span<const std::byte> bytes, std::span<Word> into) {
  const std::byte* in = bytes.data();
  for (std::size_t i = 0; i < into.size(); i += 2, in += element_bytes) {
    into[i + 1] = 0;
    std::memcpy(&into[i], in, element_bytes);
  }
}

}  // namespace ring104

const Domain& ring104_domain() {
  static const ring104::Ring104 domain;
  return domain;
}

}  // namespace evenkeel
