#include "models/mpc/functions/tournament.h"

#include <limits>
#include <numeric>

#include "models/mpc/functions/pricing.h"
#include "models/mpc/functions/products.h"

namespace evenkeel {
namespace {

// What a level looks like: groups of at most k.
struct TournamentLevel {
  std::size_t candidates = 0;
  std::size_t k = 0;
  std::size_t groups() const { return (candidates + k - 1) / k; }
  std::size_t in_group(std::size_t g) const { return std::min(k, candidates - g * k); }
  bool is_last() const { return groups() == 1; }
  bool carries_values(Prize prize) const { return !is_last() || prize == Prize::value; }
};

// Groups of exactly k: the last filled up with zeros.
Secrets padded(Protocol& protocol, const Secrets& a, const TournamentLevel& level) {
  const std::size_t missing = level.groups() * level.k - a.count;
  return missing == 0 ? a : protocol.joined(a, protocol.constant(0, missing));
}

// For each place of each group its k-1 outcomes side by side, as places in: 1 for each pair whose
// first loses, its opposite, a 1 and a 0. A missing rival is beaten, a missing place never wins.
std::vector<std::size_t> outcomes_of(const TournamentLevel& level, std::size_t pairs) {
  std::vector<std::size_t> outcomes;
  std::size_t before = 0;
  for (std::size_t g = 0; g < level.groups(); ++g) {
    const std::size_t size = level.in_group(g);
    const auto pair_of = [&](std::size_t i, std::size_t j) { return before + j * (j - 1) / 2 + i; };
    for (std::size_t i = 0; i < level.k; ++i)
      for (std::size_t j = 0; j < level.k; ++j) {
        if (j == i) continue;
        if (i >= size) {
          outcomes.push_back(2 * pairs + 1);
        } else if (j >= size) {
          outcomes.push_back(2 * pairs);
        } else {
          outcomes.push_back(i < j ? pairs + pair_of(i, j) : pair_of(j, i));
        }
      }
    before += size * (size - 1) / 2;
  }
  return outcomes;
}

// For each place of each group 1 if it wins, else 0.
Task<Secrets> winners_of(Protocol& protocol, const Secrets& values, const TournamentLevel& level,
                         int bits) {
  std::vector<std::size_t> first;
  std::vector<std::size_t> second;
  for (std::size_t g = 0; g < level.groups(); ++g)
    for (std::size_t j = 1; j < level.in_group(g); ++j)
      for (std::size_t i = 0; i < j; ++i) {
        first.push_back(g * level.k + i);
        second.push_back(g * level.k + j);
      }
  const Secrets left = protocol.pick(values, first);
  const Secrets right = protocol.pick(values, second);
  const Secrets loses = co_await protocol.less(right, left, bits);  // the first of the pair
  const Secrets one = protocol.constant(1, loses.count);
  const std::vector<Secrets> parts{loses, protocol.subtract(one, loses), protocol.constant(1, 1),
                                   protocol.constant(0, 1)};
  const Secrets known = protocol.joined(parts);
  const std::vector<std::size_t> places = outcomes_of(level, loses.count);
  const Secrets outcomes = protocol.pick(known, places);
  Secrets winners = co_await products(protocol, outcomes, level.k - 1);
  co_return winners;
}

double seconds_of(const Protocol& protocol, std::size_t candidates, std::size_t k,
                  const TournamentTerms& terms, const Problem& problem) {
  using Kind = SecureOperation::Kind;
  Pricing pricing{protocol, problem};
  for (TournamentLevel level{candidates, k}; level.candidates > 1;
       level.candidates = level.groups()) {
    level.k = std::min(k, level.candidates);
    std::size_t pairs = 0;
    for (std::size_t g = 0; g < level.groups(); ++g)
      pairs += level.in_group(g) * (level.in_group(g) - 1) / 2;
    pricing.pay({.kind = Kind::compare, .count = pairs, .bits = terms.bits});
    for (std::size_t each = level.k - 1; each > 1; each = (each + 1) / 2)
      pricing.pay({.kind = Kind::multiply, .count = level.groups() * level.k * (each / 2)});
    const std::size_t carried =
        (level.carries_values(terms.prize) ? 1U : 0U) + (terms.prize == Prize::place ? 1U : 0U);
    pricing.pay({.kind = Kind::dot, .count = carried * level.groups(), .length = level.k});
  }
  return pricing.seconds();
}

std::size_t best_k(const Protocol& protocol, std::size_t candidates, const TournamentTerms& terms,
                   const Problem& problem) {
  if (terms.k >= 2) return terms.k;
  if (candidates <= 2) return 2;
  std::size_t best = 2;
  double best_seconds = std::numeric_limits<double>::infinity();
  for (std::size_t k = 2; k <= candidates;
       k = k < candidates ? std::min(2 * k, candidates) : candidates + 1) {
    const double takes = seconds_of(protocol, candidates, k, terms, problem);
    if (takes < best_seconds) best_seconds = takes, best = k;
  }
  return best;
}

}  // namespace

Task<Secrets> smallest(Protocol& protocol, const Secrets& entered, const TournamentTerms& terms,
                       const Problem& problem) {
  Secrets values = entered;
  std::vector<std::int64_t> numbers(values.count);
  std::iota(numbers.begin(), numbers.end(), 0);
  Secrets places = protocol.constants(numbers);
  const std::size_t k = best_k(protocol, values.count, terms, problem);
  for (TournamentLevel level{values.count, k}; level.candidates > 1;
       level.candidates = level.groups()) {
    level.k = std::min(k, level.candidates);
    const Secrets winners = co_await winners_of(protocol, values, level, terms.bits);
    const bool carries_values = level.carries_values(terms.prize);
    const bool carries_places = terms.prize == Prize::place;
    std::vector<Secrets> carried;
    if (carries_values) carried.push_back(padded(protocol, values, level));
    if (carries_places) carried.push_back(padded(protocol, places, level));
    const std::vector<Secrets> repeated(carried.size(), winners);
    const Secrets wins = protocol.joined(repeated);
    const Secrets all = protocol.joined(carried);
    const Secrets chosen = co_await protocol.dot(wins, all, level.k);
    if (carries_values) values = protocol.slice(chosen, 0, level.groups());
    if (carries_places)
      places = protocol.slice(chosen, chosen.count - level.groups(), level.groups());
  }
  if (terms.prize == Prize::value) co_return values;
  co_return places;
}

}  // namespace evenkeel
