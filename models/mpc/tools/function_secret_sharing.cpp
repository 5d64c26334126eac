#include "models/mpc/tools/function_secret_sharing.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>

#include "models/runtime/check.h"

namespace evenkeel {
namespace {

constexpr Word all_of(Word bit) { return 0 - bit; }

// Four functions of a seed: x -> AES(s(x)) + s(x) with s(x1, x0) = (x1 + x0, x1), each under a
// fixed key of its own.
class SeedHash {
 public:
  SeedHash() {
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

  Words operator()(std::size_t which, std::span<const Word> seeds) const {
    Words mixed(seeds.size());
    for (std::size_t i = 0; i < seeds.size(); i += seed_words) {
      mixed[i] = seeds[i + 1];
      mixed[i + 1] = seeds[i] ^ seeds[i + 1];
    }
    Words hashed(seeds.size());
    constexpr std::size_t most = std::size_t{1}
                                 << 20;  // words at once, which OpenSSL counts as int
    for (std::size_t start = 0; start < seeds.size(); start += most) {
      const std::size_t words = std::min(most, seeds.size() - start);
      int written = 0;
      const int ok = EVP_EncryptUpdate(
          contexts_[which].get(), reinterpret_cast<unsigned char*>(hashed.data() + start), &written,
          reinterpret_cast<const unsigned char*>(mixed.data() + start),
          static_cast<int>(8 * words));
      EVENKEEL_CHECK(ok == 1, "AES-128-ECB failed");
    }
    for (std::size_t i = 0; i < seeds.size(); ++i) hashed[i] ^= mixed[i];
    return hashed;
  }

 private:
  struct Free {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
  };
  std::array<std::unique_ptr<EVP_CIPHER_CTX, Free>, 4> contexts_;
};

// The children of nodes: their seeds, the control bit apart, and words for outcomes.
struct Children {
  Words seeds[2];
  Words controls[2];
  Words values[2];
};

Children children_of(const SeedHash& hash, std::span<const Word> seeds, bool with_values) {
  const std::size_t count = seeds.size() / seed_words;
  Children children;
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
void set_control(Corrections& corrections, std::size_t place, std::size_t side, Word bit) {
  corrections.controls[place / 4] |= static_cast<std::byte>(bit << (2 * (place % 4) + side));
}

// One holder's nodes on the way down, while keys are made.
struct Nodes {
  Words seeds;
  Words controls;
};

// Chooses the children on the side of `bit` and corrects them; the level's corrections are made
// such that the nodes of both holders become the same on the other side.
void correct_level(const Children (&both)[2], std::span<const Word> bits, std::size_t first_place,
                   Corrections& corrections, Nodes (&nodes)[2]) {
  for (std::size_t i = 0; i < bits.size(); ++i) {
    const Word right = all_of(bits[i]);  // kept; the other side is lost
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
      const Children& of = both[holder];
      Nodes& node = nodes[holder];
      const Word was = node.controls[i];
      for (std::size_t k = 0; k < seed_words; ++k) {
        const std::size_t at = 2 * i + k;
        node.seeds[at] =
            ((of.seeds[1][at] & right) | (of.seeds[0][at] & ~right)) ^ (seed[k] & all_of(was));
      }
      node.controls[i] =
          ((of.controls[1][i] & right) | (of.controls[0][i] & ~right)) ^ (kept_control & was);
    }
  }
}

void start(Nodes (&nodes)[2], std::span<const Word> first_roots,
           std::span<const Word> second_roots) {
  const std::size_t count = first_roots.size() / seed_words;
  nodes[0] = {Words(first_roots.begin(), first_roots.end()), Words(count, 0)};
  nodes[1] = {Words(second_roots.begin(), second_roots.end()), Words(count, 1)};
}

Corrections room(std::size_t bits, std::size_t count, std::size_t values) {
  Corrections corrections{Words(seed_words * bits * count), Words(values), {}};
  corrections.controls.assign((bits * count + 3) / 4, std::byte{0});
  return corrections;
}

// Word 1 of a seed has no control bit in it.
Word outcome_of(std::span<const Word> blocks, std::size_t i) { return blocks[2 * i + 1]; }
Word negated_if(Word bit, Word value) { return (value ^ all_of(bit)) + bit; }

}  // namespace

Corrections room_for_comparisons(std::size_t bits, std::size_t count) {
  return room(bits, count, (bits + 1) * count);
}

Corrections share_comparisons(std::span<const Word> alpha, std::span<const Word> beta,
                              std::size_t bits, std::span<const Word> first_roots,
                              std::span<const Word> second_roots) {
  const std::size_t count = alpha.size();
  const SeedHash hash;
  Corrections corrections = room_for_comparisons(bits, count);
  Nodes nodes[2];
  start(nodes, first_roots, second_roots);
  Words so_far(count, 0);  // what the outcomes on alpha's path add up to
  Words path(count);
  for (std::size_t level = 0; level < bits; ++level) {
    for (std::size_t i = 0; i < count; ++i) path[i] = alpha[i] >> (bits - 1 - level) & 1;
    const Children both[2] = {children_of(hash, nodes[0].seeds, true),
                              children_of(hash, nodes[1].seeds, true)};
    for (std::size_t i = 0; i < count; ++i) {
      const Word right = all_of(path[i]);
      const Word left_gap = outcome_of(both[1].values[0], i) - outcome_of(both[0].values[0], i);
      const Word right_gap = outcome_of(both[1].values[1], i) - outcome_of(both[0].values[1], i);
      const Word lost = (left_gap & right) | (right_gap & ~right);
      const Word kept = (right_gap & right) | (left_gap & ~right);
      const Word sign = nodes[1].controls[i];
      const Word value = negated_if(sign, lost - so_far[i] + (beta[i] & right));
      corrections.values[level * count + i] = value;
      so_far[i] += negated_if(sign, value) - kept;
    }
    correct_level(both, path, level * count, corrections, nodes);
  }
  for (std::size_t i = 0; i < count; ++i)
    corrections.values[bits * count + i] =
        negated_if(nodes[1].controls[i],
                   outcome_of(nodes[1].seeds, i) - outcome_of(nodes[0].seeds, i) - so_far[i]);
  return corrections;
}

Words evaluate_comparisons(unsigned holder, std::span<const Word> x, std::size_t bits,
                           std::span<const Word> roots, const Corrections& corrections) {
  const std::size_t count = x.size();
  const SeedHash hash;
  Words seeds(roots.begin(), roots.end());
  Words controls(count, holder);
  Words outcome(count, 0);
  for (std::size_t level = 0; level < bits; ++level) {
    const Children children = children_of(hash, seeds, true);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t place = level * count + i;
      const std::size_t side = x[i] >> (bits - 1 - level) & 1;  // x is known to all
      const Word corrected = all_of(controls[i]);
      outcome[i] += outcome_of(children.values[side], i) + (corrections.values[place] & corrected);
      for (std::size_t k = 0; k < seed_words; ++k)
        seeds[2 * i + k] =
            children.seeds[side][2 * i + k] ^ (corrections.seeds[2 * place + k] & corrected);
      controls[i] =
          children.controls[side][i] ^ (control_at(corrections, place, side) & controls[i]);
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    outcome[i] +=
        outcome_of(seeds, i) + (corrections.values[bits * count + i] & all_of(controls[i]));
    outcome[i] = negated_if(holder, outcome[i]);
  }
  return outcome;
}

Corrections room_for_point(std::size_t bits) { return room(bits, 1, seed_words); }

// The last block of a path is the value that the last seed hashes to: the seed lacks a bit.
Corrections share_point(Word alpha, std::span<const Word> beta, std::size_t bits,
                        std::span<const Word> first_root, std::span<const Word> second_root) {
  const SeedHash hash;
  Corrections corrections = room_for_point(bits);
  Nodes nodes[2];
  start(nodes, first_root, second_root);
  for (std::size_t level = 0; level < bits; ++level) {
    const Word bit = alpha >> (bits - 1 - level) & 1;
    const Children both[2] = {children_of(hash, nodes[0].seeds, false),
                              children_of(hash, nodes[1].seeds, false)};
    correct_level(both, {&bit, 1}, level, corrections, nodes);
  }
  const Words first = hash(2, nodes[0].seeds);
  const Words second = hash(2, nodes[1].seeds);
  for (std::size_t k = 0; k < seed_words; ++k)
    corrections.values[k] = beta[k] ^ first[k] ^ second[k];
  return corrections;
}

Words evaluate_point_everywhere(unsigned holder, std::size_t places, std::size_t bits,
                                std::span<const Word> root, const Corrections& corrections) {
  const SeedHash hash;
  Words seeds(root.begin(), root.end());
  Words controls(1, holder);
  for (std::size_t level = 0; level < bits; ++level) {
    const Children children = children_of(hash, seeds, false);
    // Of 2^bits places only the first are wanted, and what leads to them.
    const std::size_t below = bits - 1 - level;
    const std::size_t wanted = (places + (std::size_t{1} << below) - 1) >> below;
    seeds.resize(seed_words * wanted);
    Words next(wanted);
    for (std::size_t i = 0; i < wanted; ++i) {
      const std::size_t side = i & 1;
      const Word corrected = all_of(controls[i / 2]);
      for (std::size_t k = 0; k < seed_words; ++k)
        seeds[2 * i + k] =
            children.seeds[side][2 * (i / 2) + k] ^ (corrections.seeds[2 * level + k] & corrected);
      next[i] =
          children.controls[side][i / 2] ^ (control_at(corrections, level, side) & controls[i / 2]);
    }
    controls = std::move(next);
  }
  Words values = hash(2, seeds);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] ^= corrections.values[i % seed_words] & all_of(controls[i / seed_words]);
  return values;
}

}  // namespace evenkeel
