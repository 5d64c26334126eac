// Comparison in GF(2^61-1) without slack, for every protocol that computes in it: of numbers with
// |a - b| < 2^59, exactly, where a statistical mask would leave room for 20 bits only.
//
// Nishide & Ohta (PKC 2007): with d = a - b, d is negative if and only if 2 d mod p is odd, as p
// is. The parity of x = 2 d comes from c = x + r, opened, for a random r whose bits are shared:
// x = c - r, and p more if c < r, so that the parity is c_0 ^ r_0 ^ (c < r). c < r is found over
// the bits by a tree (Makri, Rotaru, Vercauteren & Wagh, "Rabbit", FC 2021, compare so too).
//
//   random bits   61 a comparison: s / sqrt(s^2), halved and moved to {0, 1}, of a random s
//                 (Damgard et al., TCC 2006): random, multiply, open 61
//   mask          open 1
//   c < r         6 levels: 30, 29 + 14, 15 + 14 ... in all 114 multiplied
//   parity        multiply 1
//   in all        61 random, 176 multiplied in 1 + 6 + 1 layers, 62 opened in 2 layers
//
// A comparison goes wrong with probability below 2^-54: if some s is 0 or all bits of r are 1.
#pragma once

#include <functional>

#include "models/mpc/protocol.h"

namespace evenkeel {

/// 1 where a < b, else 0. The protocol's domain is field61_domain().
Task<Secrets> prime_less(Protocol& protocol, const Secrets& a, const Secrets& b);

/// Products that one comparison takes.
std::size_t prime_comparison_products();

/// Of `count` comparisons, by the formulas for what they consist of.
Cost prime_comparison_cost(std::size_t count,
                           const std::function<Cost(const SecureOperation&)>& cost_of);

/// Adds what comes after to what came before.
void add_cost(Cost& to, const Cost& other);

/// A square root's inverse, of what is a square: a^((p-3)/4).
Word inverse_root(Word square);

}  // namespace evenkeel
