#include "models/mpc/tools/bit_triples.h"

#include "models/mpc/costs.h"
#include "models/mpc/tools/bit_matrix.h"
#include "models/mpc/tools/buckets.h"

namespace evenkeel {

// This seat's bit words of x y.
Task<Words> BitTriples::cross_products(const PairwiseTransfers::Rows& rows,
                                       std::span<const Word> choices, const Words& x,
                                       const Words& y) {
  AuthenticatedSeat& seat = authentication_.seat();
  PairwiseTransfers& transfers = authentication_.transfers();
  const std::size_t count = x.size();
  const auto where_chosen = [&](std::size_t j, Word word) {
    return word & (0 - (choices[j / 64] >> (j % 64) & 1));
  };
  seat.session().enter("triples of bits");
  seat.session().charge(PairwiseTransfers::masks_work(count) * (seat.computing() - 1));
  Words products(count);
  for (std::size_t j = 0; j < count; ++j) products[j] = where_chosen(j, y[j]);
  for (Seat other = 0; other < seat.computing(); ++other) {
    if (other == seat.self()) continue;
    const std::span offered = std::span{rows.offered[other]}.first(count);
    const BlockPairs pairs = transfers.offered_masks(other, offered);
    Words told(count);
    for (std::size_t j = 0; j < count; ++j) {
      told[j] = (pairs.first[j].low ^ pairs.second[j].low ^ y[j]) & bit_word_mask;
      products[j] ^= pairs.first[j].low & bit_word_mask;
    }
    seat.session().send(other, told);
  }
  for (Seat other = 0; other < seat.computing(); ++other) {
    if (other == seat.self()) continue;
    const std::span chosen = std::span{rows.chosen[other]}.first(count);
    const Blocks masks = transfers.chosen_masks(other, chosen);
    const Words told = co_await seat.session().receive(other, count);
    for (std::size_t j = 0; j < count; ++j)
      products[j] ^= (masks[j].low ^ where_chosen(j, told[j])) & bit_word_mask;
  }
  co_return products;
}

Task<Triples> BitTriples::make(std::size_t words) {
  AuthenticatedSeat& seat = authentication_.seat();
  const std::size_t buckets = 64 * words;
  const std::size_t raw_words = bucket_size(buckets, 0) * words;
  const std::size_t raw = 64 * raw_words;
  const Words choices = seat.own_stream().words(2 * raw_words + 1);  // x, y, a mask
  Words rows_choices = choices;
  Task<PairwiseTransfers::Rows> extending =
      authentication_.transfers().rows(std::move(rows_choices));
  const PairwiseTransfers::Rows rows = co_await std::move(extending);
  const Words bits = authentication_.bits(rows, choices);
  const auto part = [&](std::size_t first) {
    const auto some = std::span{bits}.subspan(first, raw);
    return Words(some.begin(), some.end());
  };
  Leaky leaky{part(0), part(raw), {}};
  Task<Words> multiplying = cross_products(rows, choices, leaky.x, leaky.y);
  leaky.z = co_await std::move(multiplying);

  const PrgKey drawn = co_await seat.coin();
  Prg coin{drawn};
  Words all = leaky.z;
  all.insert(all.end(), bits.begin(), bits.end());
  const std::vector<Words> entered{Authentication::shares_of(all)};
  co_await authentication_.open_sums(coin, {}, entered);
  co_await seat.prove();
  seat.session().enter("triples of bits");
  Task<Triples> merging = merged(leaky, buckets, coin);
  Triples triples = co_await std::move(merging);
  co_return triples;
}

// Of x = sum of all x_k, y = y_1 and d_k = y_1 + y_k in the open the product is z_1 and all
// z_k + d_k x_k.
Task<Triples> BitTriples::merged(const Leaky& leaky, std::size_t buckets, Prg& coin) {
  AuthenticatedSeat& seat = authentication_.seat();
  const std::size_t size = leaky.x.size() / buckets;
  const std::vector<std::uint32_t> places = shuffled_places(leaky.x.size(), coin);
  seat.session().charge(costs::shuffled_bit * static_cast<double>(leaky.x.size()));
  Words apart((size - 1) * buckets);
  for (std::size_t k = 1; k < size; ++k)
    for (std::size_t i = 0; i < buckets; ++i)
      apart[(k - 1) * buckets + i] = leaky.y[places[i]] ^ leaky.y[places[k * buckets + i]];
  const Words opened = co_await seat.bits().open(Authentication::shares_of(apart));
  Leaky kept{Words(buckets), Words(buckets), Words(buckets)};
  for (std::size_t i = 0; i < buckets; ++i) {
    kept.x[i] = leaky.x[places[i]];
    kept.y[i] = leaky.y[places[i]];
    kept.z[i] = leaky.z[places[i]];
    for (std::size_t k = 1; k < size; ++k) {
      const std::size_t bit = (k - 1) * buckets + i;
      const std::uint32_t place = places[k * buckets + i];
      const Word is_apart = opened[bit / 64] >> (bit % 64) & 1;
      kept.x[i] ^= leaky.x[place];
      kept.z[i] ^= leaky.z[place] ^ (leaky.x[place] & (0 - is_apart));
    }
  }
  co_return Triples{Authentication::shares_of(kept.x), Authentication::shares_of(kept.y),
                    Authentication::shares_of(kept.z)};
}

TransferCost BitTriples::cost(const AuthenticatedSeat& seat, std::size_t words) {
  const std::size_t size = bucket_size(64 * words, 0);
  return {.to_each = PairwiseTransfers::rows_bytes(2 * size * words + 1) + 8 * 64 * size * words +
                     AuthenticatedSeat::coin_bytes() + seat.prove_bytes(),
          .opened = 8 * (1 + (size - 1) * words),
          .rounds = PairwiseTransfers::rows_rounds + 1 + AuthenticatedSeat::coin_rounds +
                    AuthenticatedSeat::prove_rounds,
          .openings = 2,
          .work_ns = (seat.computing() - 1) * (PairwiseTransfers::rows_work(2 * size * words + 1) +
                                               PairwiseTransfers::masks_work(64 * size * words)) +
                     static_cast<double>(size * words) *
                         (4 * bit_word_planes * costs::binary_product + 64 * costs::shuffled_bit)};
}

}  // namespace evenkeel
