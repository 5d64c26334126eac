// Polynomials over GF(2^61-1) from their values at n points of which some are wrong: Reed-Solomon
// decoding by Gao ("A new algorithm for decoding Reed-Solomon codes", 2003). Of a polynomial of
// degree d, up to (n-1-d)/2 wrong values are corrected.
//
// Not in constant time: what is decoded is being opened to the one who decodes.
#pragma once

#include <optional>

#include "models/mpc/tools/shamir.h"

namespace evenkeel {

struct DecodedPolynomial {
  shamir::Elements coefficients = {};   // degree + 1
  std::vector<std::size_t> wrong = {};  // places among the points, in order
};

/// Nothing if no polynomial is near enough.
std::optional<DecodedPolynomial> decode_polynomial(std::span<const Word> points,
                                                   std::span<const Word> values,
                                                   std::size_t degree);

struct DecodedShares {
  std::vector<Words> values = {};       // a vector a target
  std::vector<std::size_t> wrong = {};  // places among the points, in order
};

/// Of many polynomials at once, given as one vector of values a point: their values at each target.
/// A point with a wrong value is not read any further: of all points (n-1-degree)/2 may be wrong,
/// and each costs its search once. Nothing if one polynomial cannot be decoded.
std::optional<DecodedShares> decode_shares(std::span<const Word> points,
                                           std::span<const Words> vectors, std::size_t degree,
                                           std::span<const Word> targets);

/// Which of the vectors' elements lie on no polynomial of that degree.
std::vector<std::size_t> inconsistent_places(std::span<const Word> points,
                                             std::span<const Words> vectors, std::size_t degree);

}  // namespace evenkeel
