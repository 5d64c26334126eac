// Cut and choose: of many things made of which a cheat made some wrong, each of what is kept is
// checked against, or merged with, the rest of a bucket into which a coin throws it. A cheat passes
// only if the wrong ones are just those of whole buckets.
#pragma once

#include <cstddef>
#include <vector>

#include "models/mpc/tools/prg.h"

namespace evenkeel {

/// The smallest size of a bucket for which this has chance 2^-40 at most, when `opened` things (or
/// more) are looked at beside those in `buckets` of them: with n in all, C(n, size) > 2^40 buckets.
std::size_t bucket_size(std::size_t buckets, std::size_t opened);

/// Places 0 .. n-1 in an order that the coin decides (Fisher and Yates).
std::vector<std::uint32_t> shuffled_places(std::size_t n, Prg& coin);

}  // namespace evenkeel
