#include "models/mpc/tools/grouped_bits.h"

#include <algorithm>
#include <bit>

namespace evenkeel {
namespace {

// Products are ordered by group, then by the set of their places as a number.
std::size_t size_of_group(std::size_t g, std::size_t places) {
  return std::min(places_in_group, places - g * places_in_group);
}
bool is_product(std::size_t set) { return std::popcount(set) > 1; }

}  // namespace

std::size_t group_products(std::size_t places) {
  std::size_t planes = 0;
  for (std::size_t g = 0; g < groups_of(places); ++g) {
    const std::size_t size = size_of_group(g, places);
    planes += (std::size_t{1} << size) - 1 - size;
  }
  return planes;
}

std::vector<GroupProduct> products_of_groups(std::size_t places) {
  std::vector<GroupProduct> all;
  for (std::size_t g = 0; g < groups_of(places); ++g)
    for (std::size_t set = 1; set < std::size_t{1} << size_of_group(g, places); ++set)
      if (is_product(set)) all.push_back({g, set, all.size()});
  return all;
}

// Only the last group may have fewer products, so that those before it all have eleven.
GroupFactors factors_of(const GroupProduct& product) {
  const auto index_of = [&](std::size_t set) {
    std::size_t index = product.group * ((std::size_t{1} << places_in_group) - 1 - places_in_group);
    for (std::size_t smaller = 1; smaller < set; ++smaller) index += is_product(smaller) ? 1 : 0;
    return index;
  };
  const auto place_of = [&](std::size_t set) {
    return product.group * places_in_group + static_cast<std::size_t>(std::countr_zero(set));
  };
  const std::size_t without_lowest = product.set & (product.set - 1);
  const std::size_t rest = without_lowest & (without_lowest - 1);
  if (rest == 0) return {place_of(product.set), 0, place_of(without_lowest)};
  const std::size_t pair = index_of(product.set ^ rest);
  return {0, pair, is_product(rest) ? index_of(rest) : place_of(rest)};
}

std::uint32_t product_levels(std::size_t places) {
  if (places < 2) return 0;
  return places == 2 ? 1 : 2;
}

Words products_in_groups(std::span<const Word> planes, std::size_t places, std::size_t lanes) {
  Words products(group_products(places) * lanes, ~Word{0});
  Word* to = products.data();
  for (std::size_t g = 0; g < groups_of(places); ++g)
    for (std::size_t set = 1; set < std::size_t{1} << size_of_group(g, places); ++set) {
      if (!is_product(set)) continue;
      for (std::size_t left = set; left != 0; left &= left - 1) {
        const auto place = g * places_in_group + static_cast<std::size_t>(std::countr_zero(left));
        for (std::size_t i = 0; i < lanes; ++i) to[i] &= planes[place * lanes + i];
      }
      to += lanes;
    }
  return products;
}

// Place j generates a borrow where the secret bit r_j is 1 and the known bit z_j is 0, and passes
// one on where they are alike: g_j = r_j (1+z_j), p_j = r_j + (1+z_j). Each known word below is the
// factor of one product of secret bits, in the polynomials of the places so far.
Borrows borrows_of(std::span<const Word> known, std::span<const Word> secret,
                   std::span<const Word> products, std::size_t places, std::size_t lanes,
                   Word one) {
  constexpr std::size_t sets = std::size_t{1} << places_in_group;
  const std::size_t groups = groups_of(places);
  Borrows borrows{Words(groups * lanes, 0), Words(groups * lanes, 0)};
  std::size_t first_product = 0;
  for (std::size_t g = 0; g < groups; ++g) {
    const std::size_t size = size_of_group(g, places);
    for (std::size_t i = 0; i < lanes; ++i) {
      Word generate[sets] = {};
      Word propagate[sets] = {~Word{0}};
      for (std::size_t j = 0; j < size; ++j) {
        const Word off = ~known[(g * places_in_group + j) * lanes + i];
        const std::size_t bit = std::size_t{1} << j;
        for (std::size_t set = 0; set < bit; ++set) {
          generate[set | bit] = generate[set];
          propagate[set | bit] = propagate[set];
          generate[set] &= off;
          propagate[set] &= off;
        }
        generate[bit] ^= off;
      }
      Word g_share = generate[0] & one;
      Word p_share = propagate[0] & one;
      std::size_t product = first_product;
      for (std::size_t set = 1; set < std::size_t{1} << size; ++set) {
        const auto place = g * places_in_group + static_cast<std::size_t>(std::countr_zero(set));
        const Word share =
            is_product(set) ? products[product++ * lanes + i] : secret[place * lanes + i];
        g_share ^= generate[set] & share;
        p_share ^= propagate[set] & share;
      }
      borrows.generate[g * lanes + i] = g_share;
      borrows.propagate[g * lanes + i] = p_share;
    }
    first_product += (std::size_t{1} << size) - 1 - size;
  }
  return borrows;
}

}  // namespace evenkeel
