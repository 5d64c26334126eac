// The top bit of a sum of several secret numbers, of which each is bit planes that are shared: the
// sign of a difference whose additive shares are those numbers.
//
// Three numbers become two with the same sum (x ^ y ^ z, and the majority one place up) until two
// are left, whose carries are found by a tree (carry.h).
#pragma once

#include <vector>

#include "models/mpc/tools/carry.h"

namespace evenkeel {

/// `addends`, two or more: `width` planes of `lanes` words in each component, place 0 first.
/// Plane width - 1 of their sum; width above 1.
Task<Words> top_bit_of_sum(BitSharing& sharing, std::vector<Words> addends, std::size_t width,
                           std::size_t lanes);

/// Words that it multiplies, and in how many rounds.
std::size_t sum_products(std::size_t addends, std::size_t width, std::size_t lanes);
std::uint32_t sum_rounds(std::size_t addends, std::size_t width);

}  // namespace evenkeel
