// The tree of seeds that two holders of a shared function (function_secret_sharing.h) walk down:
// off the function's path their nodes are the same, on it each is uniform and the other's control
// bit the opposite. Boyle, Gilboa and Ishai, CCS 2016. It grows by AES with fixed keys (Guo, Katz,
// Wang and Yu, S&P 2020); seeds have 127 bits.
//
// Trees come in batches, one node of each after another; all in constant time.
#pragma once

#include <openssl/evp.h>
#include <array>
#include <memory>

#include "models/mpc/words.h"

namespace evenkeel {

/// Words of a seed.
inline constexpr std::size_t seed_words = 2;

struct Corrections {
  Words seeds;           // by level and function: two words
  Words values;          // the words that outcomes are corrected by
  SecretBytes controls;  // by level and function: two bits, four functions a byte
};

/// All ones or none.
constexpr Word all_ones_if(Word bit) { return 0 - bit; }

// Four functions of a seed: x -> AES(s(x)) + s(x) with s(x1, x0) = (x1 + x0, x1), each under a
// fixed key of its own.
class SeedHash {
 public:
  SeedHash();
  Words operator()(std::size_t which, std::span<const Word> seeds) const;

 private:
  struct Free {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
  };
  std::array<std::unique_ptr<EVP_CIPHER_CTX, Free>, 4> contexts_;
};

// The children of nodes: their seeds, the control bit apart, and words for outcomes.
struct SeedChildren {
  Words seeds[2];
  Words controls[2];
  Words values[2];
};
SeedChildren children_of(const SeedHash& hash, std::span<const Word> seeds, bool with_values);

/// Of the control bit on one side, at a place: level times count, and the function.
Word control_at(const Corrections& corrections, std::size_t place, std::size_t side);

// One holder's nodes on the way down, while keys are made.
struct SeedNodes {
  Words seeds;
  Words controls;
};
void begin_trees(SeedNodes (&nodes)[2], std::span<const Word> first_roots,
                 std::span<const Word> second_roots);
/// Chooses the children on the side of `bit` and corrects them; the level's corrections are made
/// such that the nodes of both holders become the same on the other side.
void correct_level(const SeedChildren (&both)[2], std::span<const Word> bits,
                   std::size_t first_place, Corrections& corrections, SeedNodes (&nodes)[2]);
/// Corrections of so many levels and functions, without any yet.
Corrections room_for_corrections(std::size_t bits, std::size_t count, std::size_t values);

}  // namespace evenkeel
