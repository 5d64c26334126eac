#include "models/mpc/tools/authentication.h"

#include <numeric>

#include "models/mpc/costs.h"
#include "models/mpc/tools/bit_matrix.h"

namespace evenkeel {
namespace {

constexpr Word keys_mask = bit_word_mask ^ 1;  // the bits of a row that are products with keys

}  // namespace

void Authentication::set_keys() {
  const Block& delta = transfers_.delta();
  seat_.numbers().set_keys(key_in(seat_.numbers().domain(), delta));
  Words bit_keys(AuthenticatedSeat::bit_keys);
  for (std::size_t k = 0; k < bit_keys.size(); ++k) bit_keys[k] = 0 - (delta.low >> (1 + k) & 1);
  seat_.bits().set_keys(std::move(bit_keys));
}

Task<std::vector<Words>> Authentication::numbers_of(std::vector<Seat> owners, Words mine) {
  Words entered = mine;
  Task<std::vector<Words>> multiplying =
      transfers_.products(seat_.numbers().domain(), owners, std::move(entered));
  std::vector<Words> products = co_await std::move(multiplying);
  std::vector<Words> shares(seat_.computing());
  for (const Seat owner : owners) {
    shares[owner] = owner == seat_.self() ? mine : Words(mine.size(), 0);
    shares[owner].insert(shares[owner].end(), products[owner].begin(), products[owner].end());
  }
  co_return shares;
}

Task<Words> Authentication::numbers(Words mine) {
  std::vector<Seat> all(seat_.computing());
  std::iota(all.begin(), all.end(), 0);
  Task<std::vector<Words>> entering = numbers_of(std::move(all), std::move(mine));
  const std::vector<Words> shares = co_await std::move(entering);
  Words sum = shares[0];
  for (Seat owner = 1; owner < seat_.computing(); ++owner)
    seat_.numbers().domain().add(sum, shares[owner]);
  co_return sum;
}

std::vector<Words> Authentication::bits_of(const PairwiseTransfers::Rows& rows,
                                           std::span<const Word> choices) {
  const std::size_t count = 64 * choices.size();
  const Word delta = transfers_.delta().low & keys_mask;
  std::vector<Words> words(seat_.computing());
  seat_.session().charge(costs::word_operation *
                         static_cast<double>(2 * count * seat_.computing()));
  Words& own = words[seat_.self()];
  own.resize(count);
  for (std::size_t j = 0; j < count; ++j) {
    const Word bit = choices[j / 64] >> (j % 64) & 1;
    own[j] = bit | (delta & (0 - bit));
  }
  for (Seat seat = 0; seat < seat_.computing(); ++seat) {
    if (seat == seat_.self()) continue;
    words[seat].resize(count);
    for (std::size_t j = 0; j < count; ++j) {
      own[j] ^= rows.chosen[seat][j].low & keys_mask;
      words[seat][j] = rows.offered[seat][j].low & keys_mask;
    }
  }
  return words;
}

Words Authentication::bits(const PairwiseTransfers::Rows& rows, std::span<const Word> choices) {
  const std::vector<Words> words = bits_of(rows, choices);
  Words sum = words[0];
  for (Seat owner = 1; owner < seat_.computing(); ++owner)
    seat_.bits().domain().add(sum, words[owner]);
  return sum;
}

Words Authentication::shares_of(const Words& bit_words) {
  return planes_of(bit_words, bit_word_planes);
}

Task<> Authentication::open_sums(Prg& factors, const std::vector<Words>& numbers,
                                 const std::vector<Words>& bits) {
  for (Authenticated* domain : {&seat_.numbers(), &seat_.bits()}) {
    const std::vector<Words>& all = domain == &seat_.bits() ? bits : numbers;
    if (all.empty()) continue;
    Words sums = domain->combination(factors, all[0]);
    for (std::size_t i = 1; i < all.size(); ++i) {
      const Words next = domain->combination(factors, all[i]);
      sums = domain->joined({&sums, &next});
    }
    const Words opened = co_await domain->open(sums);
  }
}

}  // namespace evenkeel
