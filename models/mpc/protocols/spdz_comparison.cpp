// How spdz compares (the messages are in spdz.cpp), and what of it spdz2k does in the same way.
#include <algorithm>

#include "models/mpc/costs.h"
#include "models/mpc/protocols/spdz.h"
#include "models/mpc/tools/bit_domain.h"
#include "models/mpc/tools/bit_matrix.h"
#include "models/mpc/tools/field61.h"
#include "models/mpc/tools/grouped_bits.h"

namespace evenkeel {

Task<Secrets> Spdz::less(const Secrets& a, const Secrets& b, int bits) {
  session().enter("compare");
  Secrets difference = subtract(a, b);
  const std::size_t count = difference.count;
  Task<Words> looking = sign(std::move(difference.words), count, bits);
  const Words is_negative = co_await std::move(looking);
  Words shares = co_await arithmetic(is_negative, count);
  co_return Secrets{count, std::move(shares)};
}

Task<Spdz::Masked> Spdz::mask(Words shares, std::size_t count, int bits) {
  const ComparisonShape shape = comparison_of(bits);
  session().charge(
      costs::transposed_word * 4 * static_cast<double>(count) +
      costs::word_operation * 8 *
          static_cast<double>(shape.places * lanes_of(count) * seat_.bits().components()));
  Task<ComparisonMask> making = preprocessing_->comparison_masks(shape, count);
  ComparisonMask made = co_await std::move(making);
  session().enter("compare");
  Masked masked{{}, std::move(made.planes), std::move(made.products)};
  if (seat_.computes()) domain().add(shares, made.numbers);
  masked.opened = co_await numbers().open(shares);
  masked.opened.resize(count * domain().width());
  co_return masked;
}

Task<Words> Spdz::below_mask(const std::vector<Words>& numbers, const Masked& masked, int bits) {
  const std::size_t places = comparison_of(bits).places;
  const std::size_t groups = groups_of(places);
  const std::size_t components = seat_.bits().components();
  const std::size_t planes = masked.mask.size() / components;
  const std::size_t products = masked.products.size() / components;
  const std::size_t lanes = planes / comparison_of(bits).planes;
  const std::size_t together = numbers.size() * lanes;
  Words ones(components, 0);
  const Word one = ~Word{0};
  seat_.bits().add_known(ones, {&one, 1});
  Words generate(components * groups * together);
  Words propagate(components * groups * together);
  for (std::size_t c = 0; c < components; ++c)
    for (std::size_t number = 0; number < numbers.size(); ++number) {
      const Borrows borrows = borrows_of(
          numbers[number], std::span{masked.mask}.subspan(c * planes, planes),
          std::span{masked.products}.subspan(c * products, products), places, lanes, ones[c]);
      for (std::size_t g = 0; g < groups; ++g) {
        const std::size_t to = (c * groups + g) * together + number * lanes;
        std::copy_n(borrows.generate.data() + g * lanes, lanes, generate.data() + to);
        std::copy_n(borrows.propagate.data() + g * lanes, lanes, propagate.data() + to);
      }
    }
  Task<Words> borrowing =
      carry_out(*this, std::move(generate), std::move(propagate), groups, together);
  Words below = co_await std::move(borrowing);
  co_return below;
}

Task<Words> Spdz::multiply_bits(const Words& a, const Words& b) {
  Task<Triples> preparing = preprocessing_->bit_triples(a.size() / seat_.bits().components());
  const Triples triples = co_await std::move(preparing);
  session().enter("compare");
  Words product = co_await seat_.bits().multiply(a, b, 1, triples);
  co_return product;
}

// As in additive.cpp.
Task<Words> Spdz::arithmetic(const Words& bits, std::size_t count) {
  Task<BothDomains> preparing = preprocessing_->bits_in_both(count);
  const BothDomains mask = co_await std::move(preparing);
  Words masked = bits;
  bit_domain().add(masked, mask.planes);
  Words opened = co_await seat_.bits().open(masked);
  opened.resize(lanes_of(count));
  const Words v = numbers_of(opened, count);
  std::vector<std::int64_t> is_set(count);
  std::vector<std::int64_t> factors(count);
  for (std::size_t i = 0; i < count; ++i) {
    is_set[i] = static_cast<std::int64_t>(v[i]);
    factors[i] = 1 - 2 * is_set[i];
  }
  Words converted = numbers().times_known(mask.numbers, domain().encoded(factors));
  numbers().add_known(converted, domain().encoded(is_set));
  co_return converted;
}

ComparisonShape Spdz::comparison_of(int) const { return {61, 61, 2}; }

// With y = x + c, c = 2^b, in [0, 2c): z = y + r and z' = z - c modulo p. Adding -c first or last,
// y wraps around p as often: [z < r] + [z' < p - c] = [y >= c] + [z' < r].
Task<Words> Spdz::sign(Words difference, std::size_t count, int bits) {
  const Word c = Word{1} << std::min(bits, 60);
  const Words shift(count, c);
  numbers().add_known(difference, shift);
  Task<Masked> masking = mask(std::move(difference), count, bits);
  const Masked masked = co_await std::move(masking);
  Words shifted = masked.opened;
  domain().subtract(shifted, shift);
  const std::size_t lanes = lanes_of(count);
  Words known(count);
  for (std::size_t i = 0; i < count; ++i) known[i] = 1 ^ (shifted[i] - (field61::prime - c)) >> 63;
  const Words known_plane = planes_of(known, 1);
  const std::vector<Words> numbers{planes_of(masked.opened, 61), planes_of(shifted, 61)};
  const Words below = co_await below_mask(numbers, masked, bits);
  Words sign(seat_.bits().components() * lanes);
  for (std::size_t k = 0; k < seat_.bits().components(); ++k)
    for (std::size_t i = 0; i < lanes; ++i)
      sign[k * lanes + i] = below[2 * k * lanes + i] ^ below[(2 * k + 1) * lanes + i];
  seat_.bits().add_known(sign, known_plane);
  co_return sign;
}

void Spdz::pay_comparison(Cost& cost, const SecureOperation& operation) const {
  const ComparisonShape shape = comparison_of(operation.bits);
  const std::size_t lanes = lanes_of(operation.count);
  const std::size_t groups = groups_of(shape.places);
  const std::uint64_t ands = carry_products(groups, shape.numbers * lanes);
  preprocessing_->pay(
      cost, {.kind = Material::Kind::comparison, .count = operation.count, .shape = shape});
  pay_openings(cost, 8 * domain().width() * operation.count, 1);
  pay_openings(cost, 16 * ands, carry_rounds(groups));
  pay_openings(cost, 8 * lanes, 1);
}

}  // namespace evenkeel
