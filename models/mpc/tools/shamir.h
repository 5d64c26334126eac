// Shamir's secret sharing (1979) over GF(2^61-1): a secret is the value at 0 of a polynomial of
// degree t whose values at 1 .. n are the shares of seats 0 .. n-1. Any t of them are uniform,
// whatever the secret; any t+1 give it back.
#pragma once

#include <vector>

#include "models/mpc/session.h"
#include "models/mpc/tools/field61.h"
#include "models/mpc/tools/prg.h"

namespace evenkeel::shamir {

/// Public numbers: points and coefficients.
using Elements = std::vector<Word>;

/// Where a seat's share is the polynomial's value.
constexpr Word point_of(Seat seat) { return Word{seat} + 1; }
Elements points_of(std::span<const Seat> seats);
/// Of the seats 0 .. n-1.
Elements first_points(std::size_t n);

/// The c_i with f(at) = sum of c_i f(points[i]) for every polynomial f of a degree below the number
/// of points, which are distinct.
Elements lagrange(std::span<const Word> points, Word at);

/// into[k] = sum over i of coefficients[i] vectors[i][k], in constant time.
void combine(std::span<const Word> coefficients, std::span<const Words> vectors,
             std::span<Word> into);
Words combined(std::span<const Word> coefficients, std::span<const Words> vectors);

/// One vector of values at `at` of the polynomials whose values at `points` are given, a vector a
/// point. With at = 0 it reconstructs secrets from shares.
Words interpolated(std::span<const Word> points, std::span<const Words> values, Word at);

/// A vector of shares of all secrets for each point, by polynomials of degree t drawn from `prg`.
std::vector<Words> shares_of(std::span<const Word> secrets, std::span<const Word> points,
                             std::size_t t, Prg& prg);

/// From vectors at the points 1 .. n, of which t may be known to an enemy: the coefficients, by
/// rows, of `rows` vectors at other points. Every square part of the matrix has an inverse, so that
/// any n-t rows are uniform, and of more any n-t are (hyper-invertible, Beerliova & Hirt, TCC
/// 2008).
std::vector<Elements> extraction(std::size_t n, std::size_t rows);

/// Uniform elements.
Words random_elements(Prg& prg, std::size_t count);

/// Whether bytes from a peer are elements.
bool are_elements(std::span<const Word> words);

}  // namespace evenkeel::shamir
