// Hashes of 16-byte blocks from AES-128 under a key that everybody knows, taken as a random
// permutation P (Guo, Katz, Wang and Yu, "Efficient and secure multiparty computation from
// fixed-key block ciphers", S&P 2020). AES is OpenSSL's, which looks at run time for the
// processor's own instructions, and is fast where many blocks are hashed at once.
#pragma once

#include <memory>
#include <string_view>

#include "models/mpc/words.h"

struct evp_cipher_ctx_st;

namespace evenkeel {

struct Block {
  Word low;
  Word high;

  friend Block operator^(Block a, const Block& b) { return {a.low ^ b.low, a.high ^ b.high}; }
  Block& operator^=(const Block& other) { return *this = *this ^ other; }
  friend bool operator==(const Block&, const Block&) = default;
  /// This one where the bit is 1, else nothing; in constant time.
  Block times(Word bit) const { return {low & (0 - bit), high & (0 - bit)}; }
};
static_assert(sizeof(Block) == 16);

/// `Blocks(n)` holds anything.
using Blocks = std::vector<Block, WipingAllocator<Block>>;

class FixedKeyHash {
 public:
  /// Hashes of other purposes have other keys.
  explicit FixedKeyHash(std::string_view purpose);

  /// P(x) ^ x, in place: correlation-robust, so that H(x) and H(x ^ delta) look independent.
  void hash(std::span<Block> blocks);
  /// P(P(x) ^ t) ^ P(x), in place: robust also where what is encrypted depends on delta. The tweaks
  /// are `first_tweak`, `first_tweak` + 1, ...
  void hash(std::span<Block> blocks, Word first_tweak);

 private:
  struct Free {
    void operator()(evp_cipher_ctx_st* context) const;
  };
  void permute(std::span<const Block> blocks, Block* to);

  std::unique_ptr<evp_cipher_ctx_st, Free> context_;
};

}  // namespace evenkeel
