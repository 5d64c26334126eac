// Functions shared between two: each evaluates its key where it likes, and the outcomes add up to
// the function's, while a key alone says nothing about where the function is not zero.
//
// Point functions: Boyle, Gilboa and Ishai, "Function secret sharing: improvements and extensions",
// CCS 2016. Comparisons: Boyle, Chandran, Gilboa, Gupta, Ishai, Kumar and Rathee, "Function secret
// sharing for mixed-mode and fixed-point secure computation", EUROCRYPT 2021, figure 1. Both
// walk down a tree of seeds (seed_tree.h).
//
// A key is a root seed of 16 bytes, uniform and each holder's own, and corrections, the same for
// both. All come in batches of `count` functions, one after another in each level of the tree.
// Making keys takes the same time whatever the secrets are.
#pragma once

#include "models/mpc/tools/seed_tree.h"

namespace evenkeel {

// Comparisons: beta where x < alpha, else 0, of numbers below 2^bits, in Z_2^64.

/// 24 bits + 8 bytes a function, and the controls: a quarter byte a level and function, rounded up
/// over all.
constexpr std::size_t comparison_bytes(std::size_t bits, std::size_t count) {
  return count * (24 * bits + 8) + (bits * count + 3) / 4;
}
/// For functions with these secrets, and the roots of both holders.
Corrections share_comparisons(std::span<const Word> alpha, std::span<const Word> beta,
                              std::size_t bits, std::span<const Word> first_roots,
                              std::span<const Word> second_roots);
/// Empty ones of the right size, to receive into.
Corrections room_for_comparisons(std::size_t bits, std::size_t count);
/// One point of each function. `holder` is 0 or 1.
Words evaluate_comparisons(unsigned holder, std::span<const Word> x, std::size_t bits,
                           std::span<const Word> roots, const Corrections& corrections);

// Points: the two words beta at alpha, 0 at all others of 2^bits places, in GF(2)^128.

/// 16 bits + 16 bytes, and the controls: a quarter byte a level, rounded up.
constexpr std::size_t point_bytes(std::size_t bits) { return 16 * bits + 16 + (bits + 3) / 4; }
Corrections share_point(Word alpha, std::span<const Word> beta, std::size_t bits,
                        std::span<const Word> first_root, std::span<const Word> second_root);
Corrections room_for_point(std::size_t bits);
/// Of the first `places` places; two words each.
Words evaluate_point_everywhere(unsigned holder, std::size_t places, std::size_t bits,
                                std::span<const Word> root, const Corrections& corrections);

}  // namespace evenkeel
