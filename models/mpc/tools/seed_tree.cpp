#include "models/mpc/tools/seed_tree.h"

#include <algorithm>

#include "models/runtime/check.h"

namespace evenkeel {
namespace {

void set_control(Corrections& corrections, std::size_t place, std::size_t side, Word bit) {
  corrections.controls[place / 4] |= static_cast<std::byte>(bit << (2 * (place % 4) + side));
}

}  // namespace

SeedHash::SeedHash() {
  for (std::size_t i = 0; i < contexts_.size(); ++i) {
    std::array<unsigned char, 16> key;
    key.fill(static_cast<unsigned char>(i));
    contexts_[i].reset(EVP_CIPHER_CTX_new());
    const int ok =
        EVP_EncryptInit_ex(contexts_[i].get(), EVP_aes_128_ecb(), nullptr, key.data(), nullptr);
    EVENKEEL_CHECK(ok == 1 && EVP_CIPHER_CTX_set_padding(contexts_[i].get(), 0) == 1,
                   "AES-128-ECB failed");
  }
}

Words SeedHash::operator()(std::size_t which, std::span<const Word> seeds) const {
  Words mixed(seeds.size());
  for (std::size_t i = 0; i < seeds.size(); i += seed_words) {
    mixed[i] = seeds[i + 1];
    mixed[i + 1] = seeds[i] ^ seeds[i + 1];
  }
  Words hashed(seeds.size());
  constexpr std::size_t most = std::size_t{1} << 20;  // words at once, which OpenSSL counts as int
  for (std::size_t start = 0; start < seeds.size(); start += most) {
    const std::size_t words = std::min(most, seeds.size() - start);
    int written = 0;
    const int ok = EVP_EncryptUpdate(
        contexts_[which].get(), reinterpret_cast<unsigned char*>(hashed.data() + start), &written,
        reinterpret_cast<const unsigned char*>(mixed.data() + start), static_cast<int>(8 * words));
    EVENKEEL_CHECK(ok == 1, "AES-128-ECB failed");
  }
  for (std::size_t i = 0; i < seeds.size(); ++i) hashed[i] ^= mixed[i];
  return hashed;
}

SeedChildren children_of(const SeedHash& hash, std::span<const Word> seeds, bool with_values) {
  const std::size_t count = seeds.size() / seed_words;
  SeedChildren children;
  for (const std::size_t side : {0U, 1U}) {
    children.seeds[side] = hash(side, seeds);
    children.controls[side].resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      Word& low = children.seeds[side][2 * i];
      children.controls[side][i] = low & 1;
      low &= ~Word{1};
    }
    if (with_values) children.values[side] = hash(2 + side, seeds);
  }
  return children;
}

Word control_at(const Corrections& corrections, std::size_t place, std::size_t side) {
  const auto byte = std::to_integer<Word>(corrections.controls[place / 4]);
  return byte >> (2 * (place % 4) + side) & 1;
}
void correct_level(const SeedChildren (&both)[2], std::span<const Word> bits,
                   std::size_t first_place, Corrections& corrections, SeedNodes (&nodes)[2]) {
  for (std::size_t i = 0; i < bits.size(); ++i) {
    const Word right = all_ones_if(bits[i]);  // kept; the other side is lost
    const std::size_t place = first_place + i;
    Word seed[seed_words];
    for (std::size_t k = 0; k < seed_words; ++k) {
      const std::size_t at = 2 * i + k;
      const Word left_sum = both[0].seeds[0][at] ^ both[1].seeds[0][at];
      const Word right_sum = both[0].seeds[1][at] ^ both[1].seeds[1][at];
      seed[k] = (left_sum & right) | (right_sum & ~right);
      corrections.seeds[2 * place + k] = seed[k];
    }
    const Word control[2] = {both[0].controls[0][i] ^ both[1].controls[0][i] ^ bits[i] ^ 1,
                             both[0].controls[1][i] ^ both[1].controls[1][i] ^ bits[i]};
    for (const std::size_t side : {0U, 1U}) set_control(corrections, place, side, control[side]);
    const Word kept_control = (control[1] & right) | (control[0] & ~right);
    for (const std::size_t holder : {0U, 1U}) {
      const SeedChildren& of = both[holder];
      SeedNodes& node = nodes[holder];
      const Word was = node.controls[i];
      for (std::size_t k = 0; k < seed_words; ++k) {
        const std::size_t at = 2 * i + k;
        node.seeds[at] =
            ((of.seeds[1][at] & right) | (of.seeds[0][at] & ~right)) ^ (seed[k] & all_ones_if(was));
      }
      node.controls[i] =
          ((of.controls[1][i] & right) | (of.controls[0][i] & ~right)) ^ (kept_control & was);
    }
  }
}

void begin_trees(SeedNodes (&nodes)[2], std::span<const Word> first_roots,
                 std::span<const Word> second_roots) {
  const std::size_t count = first_roots.size() / seed_words;
  nodes[0] = {Words(first_roots.begin(), first_roots.end()), Words(count, 0)};
  nodes[1] = {Words(second_roots.begin(), second_roots.end()), Words(count, 1)};
}

Corrections room_for_corrections(std::size_t bits, std::size_t count, std::size_t values) {
  Corrections corrections{Words(seed_words * bits * count), Words(values), {}};
  corrections.controls.assign((bits * count + 3) / 4, std::byte{0});
  return corrections;
}

}  // namespace evenkeel
