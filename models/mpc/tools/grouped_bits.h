// Is a number that all know smaller than a secret one whose bits are shared: what stands ready when
// the products of up to four neighbouring secret bits are shared too. Then a group of four places
// needs no message: whether it generates or passes on a borrow is linear in those products, with
// factors that all know (the many-input products of Boyle, Gilboa & Ishai, "Secure computation with
// preprocessing via function secret sharing", TCC 2019, and of ABY2.0). What is left is the tree of
// tools/carry.h over groups.
//
// Bits are planes of `lanes` words (tools/bit_matrix.h); all here is local.
#pragma once

#include <vector>

#include "models/mpc/words.h"

namespace evenkeel {

inline constexpr std::size_t places_in_group = 4;

constexpr std::size_t groups_of(std::size_t places) {
  return (places + places_in_group - 1) / places_in_group;
}
/// Planes of products of two and more bits: 11 a group of four.
std::size_t group_products(std::size_t places);

/// One of them: the set of its group's places that are multiplied, as a number.
struct GroupProduct {
  std::size_t group;
  std::size_t set;
  std::size_t index;  // among all
};
std::vector<GroupProduct> products_of_groups(std::size_t places);
/// How it is made of two factors, which are there one level before: the product of the two lowest
/// places is one of bits, and other ones of that and of the rest, a bit or a product of two.
struct GroupFactors {
  std::size_t low_place;  // of two bits, the lowest
  std::size_t pair;       // else the index of the product of the lowest two,
  std::size_t rest;       // and the other factor: a place or, of two bits, an index
};
GroupFactors factors_of(const GroupProduct& product);
/// Of multiplications, one after another: none for one place, 1 for two, else 2.
std::uint32_t product_levels(std::size_t places);

/// Those planes, from all bits in the clear.
Words products_in_groups(std::span<const Word> planes, std::size_t places, std::size_t lanes);

/// By group, one plane each.
struct Borrows {
  Words generate;
  Words propagate;
};
/// Shares of what each group of `known` - `secret` does to a borrow. `one` is this seat's share of
/// a word of ones.
Borrows borrows_of(std::span<const Word> known, std::span<const Word> secret,
                   std::span<const Word> products, std::size_t places, std::size_t lanes, Word one);

}  // namespace evenkeel
