// How `additive` compares: the sign of x = a - b, of w = bits + 1 bits, with a mask r of which the
// dealer shares the number and the bits.
//
//   lanes L, of 64 comparisons each; G = ceil(bits / 4) groups of bits
//              offline: the dealer -> 0   online, by each of the n that compute             rounds
//   the mask   ceil(w / 8) B              z = x + r modulo 2^w: ceil(w / 8) B to each other     1
//   groups     11 L words a group         nothing: bits of r and their products are dealt       0
//   the tree   A words                    the borrow of z - r: 2 A words to each other    log2(G)
//   the bit    8 B                        to Z_2^64: masked by a bit dealt in both: L words     1
//   with A = (2 (G-1) - log2(G)) L; at 64 bits: 6 rounds, 8 B and 53 bits to each other, 40.4 B
//   by the dealer
//
// Paper and promises: additive.cpp; the groups: tools/grouped_bits.h.
#include "models/mpc/costs.h"
#include "models/mpc/protocols/additive.h"
#include "models/mpc/tools/bit_matrix.h"
#include "models/mpc/tools/grouped_bits.h"

namespace evenkeel {

// With z = x + r modulo 2^w in the open, the sign of x is that of z, of r, and of the borrow that
// z - r takes from it.
Task<Secrets> Additive::less(const Secrets& a, const Secrets& b, int bits) {
  session().enter("compare");
  const Secrets difference = subtract(a, b);
  const std::size_t count = difference.count;
  const std::size_t lanes = lanes_of(count);
  const auto places = static_cast<std::size_t>(bits);  // under the sign
  const std::size_t bytes = places / 8 + 1;            // of a number modulo 2^w
  const Word low = ~Word{0} >> (63 - places);
  session().charge(costs::transposed_word * 4 * static_cast<double>(count) +
                   costs::word_operation * 8 * static_cast<double>(places * lanes));

  const Words mask = seat_.uniform(bit_domain(), (places + 1) * lanes);
  Words known_products(group_products(places) * lanes);
  if (seat_.deals()) known_products = products_in_groups(mask, places, lanes);
  Task<Words> dealing = seat_.deal(bit_domain(), std::move(known_products));
  const Words products = co_await std::move(dealing);
  Words mask_number = numbers_of(mask, count);
  Task<Words> masking = seat_.deal(domain(), std::move(mask_number), bytes);
  Words masked = co_await std::move(masking);
  domain().add(masked, difference.words);
  for (Word& word : masked) word &= low;  // what is above is not masked
  Task<Words> opening = seat_.open(domain(), std::move(masked), bytes);
  const Words z = co_await std::move(opening);
  const Words known = planes_of(z, places + 1);

  const Word one = self() == 0 ? ~Word{0} : 0;
  Borrows borrows = borrows_of(known, mask, products, places, lanes, one);
  Task<Words> borrowing = carry_out(*this, std::move(borrows.generate),
                                    std::move(borrows.propagate), groups_of(places), lanes);
  Words sign = co_await std::move(borrowing);
  for (std::size_t i = 0; i < lanes; ++i)
    sign[i] ^= mask[places * lanes + i] ^ (known[places * lanes + i] & one);
  Task<Secrets> converting = arithmetic(std::move(sign), count);
  Secrets is_less = co_await std::move(converting);
  co_return is_less;
}

// With a bit t dealt in both domains and the opened v = bit ^ t: bit = v + t - 2 v t.
Task<Secrets> Additive::arithmetic(Words bits, std::size_t count) {
  const Words mask = seat_.uniform(bit_domain(), bits.size());
  Words mask_number = numbers_of(mask, count);
  Task<Words> dealing = seat_.deal(domain(), std::move(mask_number));
  Words converted = co_await std::move(dealing);
  bit_domain().add(bits, mask);
  Task<Words> opening = seat_.open(bit_domain(), std::move(bits));
  const Words opened = co_await std::move(opening);
  const Words v = numbers_of(opened, count);
  for (std::size_t i = 0; i < count; ++i)
    converted[i] = converted[i] * (1 - 2 * v[i]) + (self() == 0 ? v[i] : 0);
  co_return Secrets{count, std::move(converted)};
}

Cost Additive::cost_of_comparison(std::size_t count, int bits) const {
  Cost cost = no_cost();
  const std::size_t lanes = lanes_of(count);
  const auto places = static_cast<std::size_t>(bits);
  const std::uint64_t narrow = count * (places / 8 + 1);
  const std::uint64_t tree = 8 * carry_products(groups_of(places), lanes);
  cost.send_offline(seat_.dealer(), narrow + 8 * group_products(places) * lanes + tree + 8 * count);
  pay_opening(cost, narrow);
  pay_opening(cost, 2 * tree, carry_rounds(groups_of(places)));
  pay_opening(cost, 8 * lanes);
  return cost;
}

}  // namespace evenkeel
