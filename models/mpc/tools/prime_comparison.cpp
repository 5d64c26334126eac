#include "models/mpc/tools/prime_comparison.h"

#include <algorithm>

#include "models/mpc/costs.h"
#include "models/mpc/tools/field61.h"

namespace evenkeel {
namespace {

constexpr std::size_t places = 61;
constexpr std::int64_t half = std::int64_t{1} << 60;  // 1/2 modulo 2^61 - 1

Word squared(Word a, int times) {
  for (int i = 0; i < times; ++i) a = field61::multiply(a, a);
  return a;
}

// Secrets that are 0 or 1, each with the same probability.
Task<Secrets> random_bits(Protocol& protocol, std::size_t count) {
  const Domain& domain = protocol.domain();
  Secrets bits = co_await protocol.random(count);
  const Secrets squares = co_await protocol.multiply(bits, bits);
  const std::vector<std::int64_t> opened = co_await protocol.open(squares);
  Words factors = domain.encoded(opened);
  protocol.session().charge(70 * costs::field_product * static_cast<double>(count));
  for (Word& factor : factors) factor = inverse_root(factor);
  Words zeros(factors.size(), 0);
  for (std::size_t c = 0; c < protocol.components(); ++c) {
    const std::span<Word> signs = std::span{bits.words}.subspan(c * count, count);
    Words products(count, 0);
    domain.add_products(products, signs, factors);
    std::ranges::copy(products, signs.begin());
  }
  bits = protocol.add(std::move(bits), protocol.constant(1, count));
  bits = protocol.scale(std::move(bits), half);
  co_return bits;
}

// What is left of `nodes` nodes a comparison after one level of the tree.
std::size_t after_level(std::size_t nodes) { return (nodes + 1) / 2; }
std::size_t products_of_level(std::size_t nodes) { return 2 * (nodes / 2) - 1; }

// Places `from`, `from` + 2, ... of each comparison, of so many; place-major.
std::vector<std::size_t> every_other(std::size_t from, std::size_t taken, std::size_t count) {
  std::vector<std::size_t> chosen;
  chosen.reserve(taken * count);
  for (std::size_t place = from; chosen.size() < taken * count; place += 2)
    for (std::size_t i = 0; i < count; ++i) chosen.push_back(place * count + i);
  return chosen;
}

// Whether the number above is greater: from `greater` and `same` of each place, place 0 first. A
// level joins neighbours: greater = g_high + s_high g_low, same = s_high s_low; the lowest pair's
// `same` is never asked for. An odd place at the top stays as it is.
Task<Secrets> greater_above(Protocol& protocol, Secrets greater, Secrets same, std::size_t count) {
  for (std::size_t nodes = places; nodes > 1; nodes = after_level(nodes)) {
    const std::size_t pairs = nodes / 2;
    const std::vector<std::size_t> low = every_other(0, pairs, count);
    const std::vector<std::size_t> high = every_other(1, pairs, count);
    const std::span low_without_first = std::span{low}.subspan(count);
    const std::vector<Secrets> left{protocol.pick(same, high),
                                    protocol.pick(same, std::span{high}.subspan(count))};
    const std::vector<Secrets> right{protocol.pick(greater, low),
                                     protocol.pick(same, low_without_first)};
    const Secrets factors = protocol.joined(left);
    const Secrets others = protocol.joined(right);
    const Secrets products = co_await protocol.multiply(factors, others);
    std::vector<Secrets> greaters{
        protocol.add(protocol.pick(greater, high), protocol.slice(products, 0, pairs * count))};
    std::vector<Secrets> sames{
        // the first place is only there to be counted
        protocol.constant(0, count), protocol.slice(products, pairs * count, (pairs - 1) * count)};
    if (nodes % 2 == 1) {
      greaters.push_back(protocol.slice(greater, (nodes - 1) * count, count));
      sames.push_back(protocol.slice(same, (nodes - 1) * count, count));
    }
    greater = protocol.joined(greaters);
    same = protocol.joined(sames);
  }
  co_return greater;
}

}  // namespace

Word inverse_root(Word square) {  // the exponent is 2^59 - 1, built from runs of ones
  const auto run = [](Word a, Word b, int ones) { return field61::multiply(squared(a, ones), b); };
  const Word two = run(square, square, 1);
  const Word three = run(two, square, 1);
  const Word seven = run(run(three, three, 3), square, 1);
  const Word fourteen = run(seven, seven, 7);
  const Word twenty_nine = run(run(fourteen, fourteen, 14), square, 1);
  return run(run(twenty_nine, twenty_nine, 29), square, 1);
}

Task<Secrets> prime_less(Protocol& protocol, const Secrets& a, const Secrets& b) {
  const std::size_t count = a.count;
  protocol.session().enter("compare");
  const Secrets bits = co_await random_bits(protocol, places * count);
  Secrets mask = protocol.slice(bits, 0, count);
  for (std::size_t j = 1; j < places; ++j)
    mask = protocol.add(std::move(mask), protocol.scale(protocol.slice(bits, j * count, count),
                                                        std::int64_t{1} << j));
  const Secrets doubled = protocol.scale(protocol.subtract(a, b), 2);
  const Secrets masked = protocol.add(doubled, mask);
  const std::vector<std::int64_t> opened = co_await protocol.open(masked);
  const Words c = protocol.domain().encoded(opened);

  // Where c has a 0: greater = r, same = 1 - r; where it has a 1: greater = 0, same = r.
  const std::vector<Secrets> parts{bits, protocol.subtract(protocol.constant(1, bits.count), bits),
                                   protocol.constant(0, 1)};
  const Secrets choices = protocol.joined(parts);
  std::vector<std::size_t> greater(bits.count);
  std::vector<std::size_t> same(bits.count);
  for (std::size_t j = 0, k = 0; j < places; ++j)
    for (std::size_t i = 0; i < count; ++i, ++k) {
      const bool is_set = (c[i] >> j & 1) != 0;
      greater[k] = is_set ? 2 * bits.count : k;
      same[k] = is_set ? k : bits.count + k;
    }
  Task<Secrets> climbing =
      greater_above(protocol, protocol.pick(choices, greater), protocol.pick(choices, same), count);
  const Secrets wraps = co_await std::move(climbing);

  std::vector<std::size_t> lowest(count);  // c_0 ^ r_0
  for (std::size_t i = 0; i < count; ++i) lowest[i] = (c[i] & 1) != 0 ? bits.count + i : i;
  const Secrets parity = protocol.pick(choices, lowest);
  const Secrets both = co_await protocol.multiply(parity, wraps);
  Secrets is_less = protocol.subtract(protocol.add(parity, wraps), protocol.scale(both, 2));
  co_return is_less;
}

std::size_t prime_comparison_products() {
  std::size_t products = places + 1;
  for (std::size_t nodes = places; nodes > 1; nodes = after_level(nodes))
    products += products_of_level(nodes);
  return products;
}

void add_cost(Cost& to, const Cost& other) {
  to.add_bytes(other);
  to.add_rounds(other);
}

Cost prime_comparison_cost(std::size_t count,
                           const std::function<Cost(const SecureOperation&)>& cost_of) {
  using Kind = SecureOperation::Kind;
  Cost cost = cost_of({.kind = Kind::random, .count = places * count});
  const auto pay = [&](Kind kind, std::size_t each) {
    add_cost(cost, cost_of({.kind = kind, .count = each * count}));
  };
  pay(Kind::multiply, places);
  pay(Kind::open, places);
  pay(Kind::open, 1);
  for (std::size_t nodes = places; nodes > 1; nodes = after_level(nodes))
    pay(Kind::multiply, products_of_level(nodes));
  pay(Kind::multiply, 1);
  return cost;
}

}  // namespace evenkeel
