#include "models/mpc/tools/pseudorandom_sharing.h"

#include <algorithm>
#include <bit>

namespace evenkeel {
namespace {

constexpr std::size_t block = 4096;  // words that stay in the cache

// At `seat`, of the polynomial of degree t that is 1 at 0 and 0 outside the set.
Word coefficient_of(PseudorandomSharing::Members set, std::uint32_t n, Seat seat) {
  shamir::Elements points{0};
  for (Seat other = 0; other < n; ++other)
    if (!PseudorandomSharing::holds(set, other)) points.push_back(shamir::point_of(other));
  return shamir::lagrange(points, shamir::point_of(seat))[0];
}

}  // namespace

std::vector<PseudorandomSharing::Members> PseudorandomSharing::sets(std::uint32_t n,
                                                                    std::uint32_t t) {
  EVENKEEL_CHECK(n < 64 && t < n, "sets of seats that are not there");
  std::vector<Members> all;
  const Members end = Members{1} << n;
  for (Members set = (Members{1} << (n - t)) - 1; set < end;) {  // the next with as many members
    all.push_back(set);
    const Members lowest = set & (~set + 1);
    const Members ripple = set + lowest;
    set = (((ripple ^ set) >> 2) / lowest) | ripple;
  }
  return all;
}

Seat PseudorandomSharing::leader(Members set) { return static_cast<Seat>(std::countr_zero(set)); }

PseudorandomSharing::PseudorandomSharing(std::uint32_t n, std::uint32_t t, Seat self)
    : t_(t), self_(self) {
  const std::vector<Members> all = sets(n, t);
  for (std::size_t place = 0; place < all.size(); ++place)
    if (holds(all[place], self))
      held_.push_back({.place = place, .coefficient = coefficient_of(all[place], n, self)});
}

void PseudorandomSharing::set_key(std::size_t place, const PrgKey& key) {
  const auto held = std::ranges::find(held_, place, &Held::place);
  EVENKEEL_CHECK(held != held_.end(), "a key of a set without this seat");
  held->stream.emplace(key);
}

Words PseudorandomSharing::random(std::size_t count) {
  Words shares(count, 0);
  for (Held& held : held_)
    for (std::size_t start = 0; start < count; start += block) {
      const std::size_t size = std::min(block, count - start);
      const Words drawn = shamir::random_elements(*held.stream, size);
      for (std::size_t i = 0; i < size; ++i)
        shares[start + i] =
            field61::add(shares[start + i], field61::multiply(held.coefficient, drawn[i]));
    }
  return shares;
}

Words PseudorandomSharing::zeros(std::size_t count) {
  std::vector<Words> terms;
  for (std::uint32_t j = 0; j < t_; ++j) terms.push_back(random(count));
  return zeros_from(terms, self_);
}

Words PseudorandomSharing::zeros_from(std::span<const Words> terms, Seat seat) {
  shamir::Elements powers{shamir::point_of(seat)};
  while (powers.size() < terms.size())
    powers.push_back(field61::multiply(powers.back(), shamir::point_of(seat)));
  return shamir::combined(powers, terms);
}

}  // namespace evenkeel
