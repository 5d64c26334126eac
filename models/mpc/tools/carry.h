// The carry out of a sum of two secret numbers, from the generate and propagate bits of its places:
// a tree (Brent & Kung, 1982) over shared bit planes, for any sharing of GF(2).
#pragma once

#include "models/mpc/words.h"
#include "models/runtime/task.h"

namespace evenkeel {

/// A sharing of bits whose shares are `bit_components` vectors of words, and how two are
/// multiplied.
class BitSharing {
 public:
  virtual std::size_t bit_components() const = 0;
  /// Both hold all words of the first component, then of the second, and so on; so does the
  /// product.
  virtual Task<Words> multiply_bits(const Words& a, const Words& b) = 0;

 protected:
  ~BitSharing() = default;
};

/// `generate` and `propagate`: `places` planes of `lanes` words in each component, place 0 first.
/// The carry out of the last place: one plane. ceil(log2 places) rounds,
/// (2 (places - 1) - ceil(log2 places)) lanes words multiplied.
Task<Words> carry_out(BitSharing& sharing, Words generate, Words propagate, std::size_t places,
                      std::size_t lanes);

/// Words that carry_out multiplies.
std::size_t carry_products(std::size_t places, std::size_t lanes);
std::uint32_t carry_rounds(std::size_t places);

}  // namespace evenkeel
