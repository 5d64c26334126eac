// Prices of arithmetic, of streams and of hashes: loops as the protocols have them, over vectors
// that stay in the cache.
#include <openssl/crypto.h>

#include <array>
#include <utility>

#include "models/crypto/crypto.h"
#include "models/mpc/tools/binary_field64.h"
#include "models/mpc/tools/bit_matrix.h"
#include "models/mpc/tools/field128.h"
#include "models/mpc/tools/field61.h"
#include "models/mpc/tools/field64.h"
#include "models/mpc/tools/fixed_key_hash.h"
#include "models/mpc/tools/modular_vector.h"
#include "models/mpc/tools/prg.h"
#include "models/mpc/tools/ring128.h"
#include "models/mpc/tools/turbo_shake.h"
#include "sim/mpc/measures.h"
#include "sim/mpc/stopwatch.h"

namespace evenkeel {
namespace {

constexpr std::size_t many = 2048;  // words of a vector

Prg a_stream() { return Prg{PrgKey{std::byte{1}}}; }

// c_i = operation(a_i, b_i)
template <class T, class Operation>
double elementwise_ns(std::vector<T> a, const std::vector<T>& b, Operation operation) {
  std::vector<T> c = a;
  return least_ns(a.size(), [&] {
    for (std::size_t i = 0; i < a.size(); ++i) c[i] = operation(a[i], b[i]);
    std::swap(a, c);
    use_result(a);
  });
}

template <class Operation>
double word_ns(Operation operation) {
  Prg random = a_stream();
  const auto drawn = [&random] {
    std::vector<Word> words(many);
    for (Word& word : words) word = field61::from_random(random.word());
    return words;
  };
  std::vector<Word> a = drawn();
  return elementwise_ns(std::move(a), drawn(), operation);
}

template <class F>
double field_ns() {
  Prg random = a_stream();
  std::vector<F> a;
  std::vector<F> b;
  for (std::size_t i = 0; i < many; ++i) {
    a.emplace_back(random.word());
    b.emplace_back(random.word());
  }
  return elementwise_ns(std::move(a), b, [](F x, F y) { return x * y; });
}

// x y + x y' + x' y of two summands each.
double replicated_ns() {
  Prg random = a_stream();
  const std::array<Words, 4> in{random.words(many), random.words(many), random.words(many),
                                random.words(many)};
  Words sums(many);
  return least_ns(many, [&] {
    for (std::size_t i = 0; i < many; ++i)
      sums[i] = in[0][i] * (in[2][i] + in[3][i]) + in[1][i] * in[2][i];
    use_result(sums);
  });
}

double nine_products_ns() {
  Prg random = a_stream();
  const Words a = random.words(3 * many);
  const Words b = random.words(3 * many);
  Words sums(many, 0);
  return least_ns(many, [&] {
    for (std::size_t p = 0; p < 3; ++p)
      for (std::size_t q = 0; q < 3; ++q)
        for (std::size_t i = 0; i < many; ++i) sums[i] += a[p * many + i] * b[q * many + i];
    use_result(sums);
  });
}

double ring128_ns() {
  Prg random = a_stream();
  const Words a = random.words(2 * many);
  const Words b = random.words(2 * many);
  Words c(2 * many);
  return least_ns(many, [&] {
    for (std::size_t i = 0; i < many; ++i) wide::set(c, i, wide::at(a, i) * wide::at(b, i));
    use_result(c);
  });
}

double prg_word_ns() {
  Prg random = a_stream();
  Words words(many);
  return least_ns(many, [&] {
    random.fill(words);
    use_result(words);
  });
}

double prg_key_ns() {
  PrgKey key{};
  return least_ns(1, [&key] {
    Prg random{key};
    random.fill(key);
  });
}

double hashed_seed_ns() {
  FixedKeyHash hash{"calibration"};
  Blocks blocks(256);
  std::ranges::fill(blocks, Block{1, 2});
  return least_ns(blocks.size(), [&] {
    hash.hash(blocks);
    use_result(blocks);
  });
}

double hashed_word_ns() {
  const Blob bytes(1 << 16);
  Digest digest;
  return least_ns(bytes.size() / 8, [&] {
    digest = sha256(bytes);
    use_result(digest);
  });
}

double turbo_shake_ns() {
  Blob bytes(1 << 14);
  return least_ns(2 * bytes.size(), [&bytes] {
    TurboShake128 sponge;
    sponge.absorb(bytes);
    sponge.finish(1);
    sponge.squeeze(bytes);
  });
}

double transposed_ns() {
  Words words = a_stream().words(many);
  return least_ns(many, [&] {
    for (std::size_t start = 0; start < many; start += 64) transpose64(words.data() + start);
    use_result(words);
  });
}

double packed_ns() {
  ModularVector numbers{many, 30};
  numbers.add_mask(PrgKey{std::byte{1}});
  Blob bytes(numbers.packed_bytes());
  return least_ns(many, [&] {
    numbers.pack(bytes);
    use_result(bytes);
  });
}

// What is drawn decides which two change places.
double shuffled_ns() {
  constexpr std::size_t count = std::size_t{1} << 18;
  Prg random = a_stream();
  std::vector<std::uint8_t> bits(count, 1);
  Words drawn(count);
  return least_ns(count, [&] {
    random.fill(drawn);
    for (std::size_t left = count; left > 1; --left) {
      const auto chosen =
          static_cast<std::size_t>((static_cast<field61::Wide>(drawn[left - 1]) * left) >> 64);
      std::swap(bits[left - 1], bits[chosen]);
    }
    use_result(bits);
  });
}

}  // namespace

std::vector<Measure> arithmetic_measures() {
  return {
      {costs::word_operation, [] { return word_ns([](Word a, Word b) { return a + b; }); }},
      {costs::prg_word, prg_word_ns},
      {costs::prg_key, prg_key_ns},
      {costs::hashed_seed, hashed_seed_ns},
      {costs::hashed_word, hashed_word_ns},
      {costs::turbo_shake_byte, turbo_shake_ns},
      {costs::transposed_word, transposed_ns},
      {costs::packed_word, packed_ns},
      {costs::shuffled_bit, shuffled_ns},
      {costs::replicated_product, replicated_ns},
      {costs::replicated4_product, nine_products_ns},
      {costs::ring104_product, ring128_ns},
      {costs::field_product, [] { return word_ns(field61::multiply); }},
      {costs::goldilocks_product, field_ns<Field64>},
      {costs::field128_product, field_ns<Field128>},
      {costs::binary_product, [] { return word_ns(binary_field64::multiply); }},
  };
}

}  // namespace evenkeel
