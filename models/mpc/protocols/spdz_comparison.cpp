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
  const Comparison comparison = comparison_of(bits);
  const std::size_t lanes = lanes_of(count);
  const std::size_t width = domain().width();
  session().charge(costs::transposed_word * 4 * static_cast<double>(count) +
                   costs::word_operation * 8 *
                       static_cast<double>(comparison.places * lanes * bits_.components()));
  Words numbers(count * width, 0);
  Words planes(comparison.planes * lanes, 0);
  Words products(group_products(comparison.places) * lanes, 0);
  if (seat_.deals()) {
    numbers = masks(count, bits);
    Words low(count);
    for (std::size_t i = 0; i < count; ++i) low[i] = numbers[i * width];
    planes = planes_of(low, comparison.planes);
    products = products_in_groups(planes, comparison.places, lanes);
  }
  Masked masked;
  Task<Words> dealing_planes = bits_.deal(std::move(planes));
  masked.mask = co_await std::move(dealing_planes);
  Task<Words> dealing_products = bits_.deal(std::move(products));
  masked.products = co_await std::move(dealing_products);
  Task<Words> dealing_numbers = numbers_.deal(std::move(numbers));
  const Words dealt = co_await std::move(dealing_numbers);
  if (!seat_.deals()) domain().add(shares, dealt);
  masked.opened = co_await numbers_.open(shares);
  masked.opened.resize(count * width);
  co_return masked;
}

Task<Words> Spdz::below_mask(const std::vector<Words>& numbers, const Masked& masked, int bits) {
  const std::size_t places = comparison_of(bits).places;
  const std::size_t groups = groups_of(places);
  const std::size_t components = bits_.components();
  const std::size_t planes = masked.mask.size() / components;
  const std::size_t products = masked.products.size() / components;
  const std::size_t lanes = planes / comparison_of(bits).planes;
  const std::size_t together = numbers.size() * lanes;
  Words ones(components, 0);
  const Word one = ~Word{0};
  bits_.add_known(ones, {&one, 1});
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

// As in additive.cpp.
Task<Words> Spdz::arithmetic(const Words& bits, std::size_t count) {
  const std::size_t width = domain().width();
  Words masked = bits;
  Words planes(lanes_of(count), 0);
  Words numbers(count * width, 0);
  if (seat_.deals()) {
    own_stream().fill(planes);
    const Words low = numbers_of(planes, count);
    for (std::size_t i = 0; i < count; ++i) numbers[i * width] = low[i];
  }
  Task<Words> dealing_planes = bits_.deal(std::move(planes));
  const Words mask = co_await std::move(dealing_planes);
  Task<Words> dealing_numbers = numbers_.deal(std::move(numbers));
  const Words mask_number = co_await std::move(dealing_numbers);
  bit_domain().add(masked, mask);
  Words opened = co_await bits_.open(masked);
  opened.resize(lanes_of(count));
  const Words v = numbers_of(opened, count);
  std::vector<std::int64_t> is_set(count);
  std::vector<std::int64_t> factors(count);
  for (std::size_t i = 0; i < count; ++i) {
    is_set[i] = static_cast<std::int64_t>(v[i]);
    factors[i] = 1 - 2 * is_set[i];
  }
  Words converted = numbers_.times_known(mask_number, domain().encoded(factors));
  numbers_.add_known(converted, domain().encoded(is_set));
  co_return converted;
}

Spdz::Comparison Spdz::comparison_of(int) const { return {61, 61, 2}; }

Words Spdz::masks(std::size_t count, int) {
  Words masks = own_stream().words(count);
  domain().from_random(masks);
  return masks;
}

// With y = x + c, c = 2^b, in [0, 2c): z = y + r and z' = z - c modulo p. Adding -c first or last,
// y wraps around p as often: [z < r] + [z' < p - c] = [y >= c] + [z' < r].
Task<Words> Spdz::sign(Words difference, std::size_t count, int bits) {
  const Word c = Word{1} << std::min(bits, 60);
  const Words shift(count, c);
  numbers_.add_known(difference, shift);
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
  Words sign(bits_.components() * lanes);
  for (std::size_t k = 0; k < bits_.components(); ++k)
    for (std::size_t i = 0; i < lanes; ++i)
      sign[k * lanes + i] = below[2 * k * lanes + i] ^ below[(2 * k + 1) * lanes + i];
  bits_.add_known(sign, known_plane);
  co_return sign;
}

Cost Spdz::cost_of_comparison(const SecureOperation& operation) const {
  Cost cost{std::vector<std::uint64_t>(session().seats(), 0), 0};
  const Comparison comparison = comparison_of(operation.bits);
  const std::size_t lanes = lanes_of(operation.count);
  const std::size_t groups = groups_of(comparison.places);
  const std::uint64_t numbers = 8 * domain().width() * operation.count;
  const std::uint64_t ands = carry_products(groups, comparison.numbers * lanes);
  const std::uint64_t planes = comparison.planes + group_products(comparison.places) + 1;
  cost.send_offline(
      seat_.dealer(),
      8 * (bits_.components() * planes * lanes + bits_.dealt_elements(ands, ands)) + 4 * numbers);
  std::fill_n(cost.sent_bytes.begin(), seat_.computing(),
              (seat_.computing() - 1) * (numbers + 16 * ands + 8 * lanes));
  cost.rounds = 2 + carry_rounds(groups);
  return cost;
}

}  // namespace evenkeel
