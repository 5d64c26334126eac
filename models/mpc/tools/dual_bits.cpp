#include "models/mpc/tools/dual_bits.h"

#include <numeric>

#include "models/mpc/costs.h"
#include "models/mpc/tools/bit_matrix.h"
#include "models/mpc/tools/buckets.h"

namespace evenkeel {
namespace {

constexpr std::size_t fewest_opened = 64;

std::size_t entered_words(std::size_t count) {
  return lanes_of(bucket_size(count, fewest_opened) * count + fewest_opened);
}

// Those at the given places.
Words picked(const Authenticated& numbers, const Words& shares,
             std::span<const std::uint32_t> places) {
  const std::size_t width = numbers.domain().width();
  const std::size_t size = shares.size() / numbers.components();
  Words some;
  some.reserve(numbers.components() * places.size() * width);
  for (std::size_t c = 0; c < numbers.components(); ++c)
    for (const std::uint32_t place : places)
      for (std::size_t k = 0; k < width; ++k) some.push_back(shares[c * size + place * width + k]);
  return some;
}

Words picked(const Words& bit_words, std::span<const std::uint32_t> places) {
  Words some;
  some.reserve(places.size());
  for (const std::uint32_t place : places) some.push_back(bit_words[place]);
  return some;
}

// 0 and 1 as elements, of bits in words.
Words as_numbers(const Domain& domain, std::span<const Word> bits, std::size_t count) {
  Words numbers(count * domain.width(), 0);
  for (std::size_t i = 0; i < count; ++i)
    numbers[i * domain.width()] = bits[i / 64] >> (i % 64) & 1;
  return numbers;
}

}  // namespace

std::size_t DualBits::entered_bits(std::size_t count) { return 64 * entered_words(count); }

// Each ends with a mask, 64 bits of them and one number.
Task<DualBits::Entered> DualBits::entered(std::size_t bits) {
  AuthenticatedSeat& seat = authentication_.seat();
  const Domain& domain = seat.numbers().domain();
  const Words choices = seat.own_stream().words(bits / 64 + 1);
  Words rows_choices = choices;
  Task<PairwiseTransfers::Rows> extending =
      authentication_.transfers().rows(std::move(rows_choices));
  const PairwiseTransfers::Rows rows = co_await std::move(extending);
  Words mine = as_numbers(domain, choices, bits);
  Words mask = seat.own_stream().words(domain.width());
  domain.from_random(mask);
  mine.insert(mine.end(), mask.begin(), mask.end());
  std::vector<Seat> owners(seat.computing());
  std::iota(owners.begin(), owners.end(), 0);
  Task<std::vector<Words>> entering =
      authentication_.numbers_of(std::move(owners), std::move(mine));
  Entered all{authentication_.bits_of(rows, choices), {}};
  all.numbers = co_await std::move(entering);
  co_return all;
}

Task<BothDomains> DualBits::make(std::size_t count) {
  AuthenticatedSeat& seat = authentication_.seat();
  const std::size_t bits = entered_bits(count);
  Task<Entered> entering = entered(bits);
  const Entered all = co_await std::move(entering);
  const PrgKey drawn = co_await seat.coin();
  Prg coin{drawn};
  std::vector<Words> of_bits;
  for (const Words& words : all.bits) of_bits.push_back(Authentication::shares_of(words));
  co_await authentication_.open_sums(coin, all.numbers, of_bits);
  const std::vector<std::uint32_t> places = shuffled_places(bits, coin);
  seat.session().enter("bits in both domains");
  co_await compare(all, places, count);
  co_await seat.prove();
  Task<BothDomains> adding = added(all, places, count);
  BothDomains sum = co_await std::move(adding);
  co_return sum;
}

// What is opened of each owner: first what is behind all buckets, then v of the k-th of all
// buckets.
Task<> DualBits::compare(const Entered& all, const std::vector<std::uint32_t>& places,
                         std::size_t count) {
  Authenticated& numbers = authentication_.seat().numbers();
  const Domain& domain = numbers.domain();
  const std::size_t size = bucket_size(count, fewest_opened);
  const std::span<const std::uint32_t> kept = std::span{places}.first(count);
  const std::span<const std::uint32_t> looked_at = std::span{places}.subspan(size * count);
  Words told;
  for (const Words& bits : all.bits) {
    const Words seen = picked(bits, looked_at);
    told.insert(told.end(), seen.begin(), seen.end());
    const Words first = picked(bits, kept);
    for (std::size_t k = 1; k < size; ++k) {
      const Words other = picked(bits, std::span{places}.subspan(k * count, count));
      for (std::size_t i = 0; i < count; ++i) told.push_back(first[i] ^ other[i]);
    }
  }
  const Words opened = co_await authentication_.seat().bits().open(Authentication::shares_of(told));
  const Words v = as_numbers(domain, opened, told.size());
  const std::size_t width = domain.width();
  std::size_t at = 0;
  const auto next = [&](std::size_t some) {
    at += some;
    return std::span{v}.subspan((at - some) * width, some * width);
  };
  for (const Words& own : all.numbers) {
    // b - v
    Words zeros = picked(numbers, own, looked_at);
    Words known(looked_at.size() * width, 0);
    domain.subtract(known, next(looked_at.size()));
    numbers.add_known(zeros, known);
    numbers.expect_zero(zeros);
    const Words first = picked(numbers, own, kept);
    for (std::size_t k = 1; k < size; ++k) {
      // b_1 - (1 - 2 v) b_k - v
      const std::span<const Word> seen = next(count);
      const Words bits(seen.begin(), seen.end());
      Words factors(bits.size(), 0);
      for (std::size_t i = 0; i < count; ++i) factors[i * width] = 1;
      domain.subtract(factors, bits);
      domain.subtract(factors, bits);
      zeros = first;
      domain.subtract(
          zeros, numbers.times_known(
                     picked(numbers, own, std::span{places}.subspan(k * count, count)), factors));
      known.assign(bits.size(), 0);
      domain.subtract(known, bits);
      numbers.add_known(zeros, known);
      numbers.expect_zero(zeros);
    }
  }
}

Task<BothDomains> DualBits::added(const Entered& all, const std::vector<std::uint32_t>& places,
                                  std::size_t count) {
  AuthenticatedSeat& seat = authentication_.seat();
  Authenticated& numbers = seat.numbers();
  const Domain& domain = numbers.domain();
  const std::span<const std::uint32_t> kept = std::span{places}.first(count);
  Task<Triples> preparing = triples_.make((seat.computing() - 1) * count);
  const Triples triples = co_await std::move(preparing);
  Words bits = picked(all.bits[0], kept);
  Words sum = picked(numbers, all.numbers[0], kept);
  for (Seat owner = 1; owner < seat.computing(); ++owner) {
    const Words more_bits = picked(all.bits[owner], kept);
    for (std::size_t i = 0; i < count; ++i) bits[i] ^= more_bits[i];
    const Words more = picked(numbers, all.numbers[owner], kept);
    const auto part = [&](const Words& of) { return numbers.part(of, (owner - 1) * count, count); };
    const Triples some{part(triples.x), part(triples.y), part(triples.sums)};
    const Words product = co_await numbers.multiply(sum, more, 1, some);
    domain.add(sum, more);
    domain.subtract(sum, product);
    domain.subtract(sum, product);
  }
  co_return BothDomains{Authentication::shares_of(bits), std::move(sum)};
}

TransferCost DualBits::cost(const AuthenticatedSeat& seat, std::size_t count) {
  const Domain& domain = seat.numbers().domain();
  const std::uint64_t element = 8 * domain.width();
  const std::uint64_t n = seat.computing();
  const std::size_t words = entered_words(count);
  const std::size_t told = 64 * words - count;  // of each owner
  TransferCost cost{
      .to_each = PairwiseTransfers::rows_bytes(words + 1) +
                 PairwiseTransfers::product_bytes(domain, 64 * words + 1) +
                 AuthenticatedSeat::coin_bytes() + seat.prove_bytes(),
      .opened = n * (element + 8) + 8 * lanes_of(n * told) + 2 * element * count * (n - 1),
      .rounds = PairwiseTransfers::rows_rounds + 1 + AuthenticatedSeat::coin_rounds +
                AuthenticatedSeat::prove_rounds,
      .openings = 3 + static_cast<std::uint32_t>(n - 1),
      .work_ns =
          static_cast<double>(n - 1) * (PairwiseTransfers::rows_work(words + 1) +
                                        PairwiseTransfers::product_work(domain, 64 * words + 1)) +
          static_cast<double>(n * words) *
              (2 * bit_word_planes * costs::binary_product +
               256 * static_cast<double>(domain.width()) * costs::field_product)};
  cost += NumberTriples::cost(seat, (n - 1) * count);
  return cost;
}

}  // namespace evenkeel
