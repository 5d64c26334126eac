// Which of all values is the smallest, the first of them if several are: a tournament in groups of
// k. In a group all pairs are compared at once; the winner is who wins all its pairs, a product;
// its value and its place are the sums of all values and places, each times whether it is the
// winner.
//
// With k = 2 it is the tree (n-1 comparisons, log2 n levels), with k = n all pairs at once
// (n (n-1) / 2 comparisons, one level). Which k is fastest is a matter of round trips and
// bandwidth: `groups_of: 0` takes the one whose bytes and rounds, by the protocol's own formula,
// take least time.
#include <algorithm>
#include <bit>
#include <limits>

#include "models/mpc/function.h"

namespace evenkeel {
namespace {

// What a level looks like: groups of at most k.
struct Level {
  std::size_t candidates = 0;
  std::size_t k = 0;
  std::size_t groups() const { return (candidates + k - 1) / k; }
  std::size_t in_group(std::size_t g) const { return std::min(k, candidates - g * k); }
};

class Argmin final : public Function {
 public:
  struct Settings {
    std::int64_t groups_of = 0;
    void describe(Fields& fields) {
      fields.integer("groups_of", groups_of,
                     {"values compared with each other at once; 0: what is fastest", 0, 1024});
    }
  };
  explicit Argmin(const Settings& settings) : settings_(settings) {}

  Needs needs(const Problem& problem) const override {
    return {.entered = problem.size,
            .opened = 1,
            .value_bits = std::max(problem.bits + problem.fraction + 1,
                                   bits_of(problem.owners * problem.size)),
            .multiplies = true,
            .compares = true};
  }
  std::vector<std::int64_t> prepare(std::span<const double> own,
                                    const Problem& problem) const override {
    return fixed_point(own, problem.fraction);
  }

  Task<Secrets> compute(Protocol& protocol, const std::vector<Secrets>& entered,
                        const Problem& problem) const override {
    Secrets values = protocol.joined(entered);
    std::vector<std::int64_t> numbers(values.count);
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<std::int64_t>(i);
    Secrets places = protocol.constants(numbers);
    const int bits = problem.bits + problem.fraction + 1;
    const std::size_t k = best_k(protocol, values.count, bits, problem);
    while (values.count > 1) {
      const Level level{values.count, std::min(k, values.count)};
      const Secrets winners = co_await winners_of(protocol, values, level, bits);
      const bool is_last = level.groups() == 1;
      Secrets both = padded(protocol, places, level);
      if (!is_last) {
        const Secrets of_values = padded(protocol, values, level);
        both = joined(protocol, of_values, both);
      }
      const Secrets twice = is_last ? winners : joined(protocol, winners, winners);
      const Secrets chosen = co_await protocol.dot(twice, both, level.k);
      places = protocol.slice(chosen, chosen.count - level.groups(), level.groups());
      values = protocol.slice(chosen, 0, level.groups());
    }
    co_return places;
  }

  std::vector<double> finish(std::span<const std::int64_t> opened, const Problem&) const override {
    return {static_cast<double>(opened[0])};
  }
  std::vector<double> plain(const std::vector<std::vector<double>>& all,
                            const Problem& problem) const override {
    std::vector<std::int64_t> joined;
    for (const std::vector<double>& own : all)
      for (const double value : own) joined.push_back(fixed_point(value, problem.fraction));
    return {static_cast<double>(std::ranges::min_element(joined) - joined.begin())};
  }
  double error_bound(const Problem&) const override { return 0; }

 private:
  static Secrets joined(Protocol& protocol, const Secrets& a, const Secrets& b) {
    const std::vector<Secrets> parts{a, b};
    return protocol.joined(parts);
  }

  // Groups of exactly k: the last filled up with zeros.
  static Secrets padded(Protocol& protocol, const Secrets& a, const Level& level) {
    const std::size_t missing = level.groups() * level.k - a.count;
    return missing == 0 ? a : joined(protocol, a, protocol.constant(0, missing));
  }

  // For each place of each group 1 if it wins, else 0.
  static Task<Secrets> winners_of(Protocol& protocol, const Secrets& values, const Level& level,
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
    const Secrets outcomes = protocol.joined(parts);
    // Each place's k-1 outcomes side by side: a missing rival is beaten, a missing place never
    // wins.
    const std::size_t pairs = loses.count;
    std::vector<std::size_t> factors;
    std::size_t pair = 0;
    for (std::size_t g = 0; g < level.groups(); ++g) {
      const std::size_t size = level.in_group(g);
      const auto pair_of = [&](std::size_t i, std::size_t j) { return pair + j * (j - 1) / 2 + i; };
      for (std::size_t i = 0; i < level.k; ++i)
        for (std::size_t j = 0; j < level.k; ++j) {
          if (j == i) continue;
          if (i >= size) {
            factors.push_back(2 * pairs + 1);
          } else if (j >= size) {
            factors.push_back(2 * pairs);
          } else {
            factors.push_back(i < j ? pairs + pair_of(i, j) : pair_of(j, i));
          }
        }
      pair += size * (size - 1) / 2;
    }
    Secrets left_over = protocol.pick(outcomes, factors);
    for (std::size_t each = level.k - 1; each > 1; each = (each + 1) / 2) {
      Task<Secrets> halving = halved(protocol, std::move(left_over), each);
      left_over = co_await std::move(halving);
    }
    co_return left_over;
  }

  // Multiplies neighbours among each `each` factors.
  static Task<Secrets> halved(Protocol& protocol, Secrets factors, std::size_t each) {
    std::vector<std::size_t> left;
    std::vector<std::size_t> right;
    for (std::size_t start = 0; start < factors.count; start += each)
      for (std::size_t i = 0; i + 1 < each; i += 2) {
        left.push_back(start + i);
        right.push_back(start + i + 1);
      }
    const Secrets a = protocol.pick(factors, left);
    const Secrets b = protocol.pick(factors, right);
    Secrets products = co_await protocol.multiply(a, b);
    if (each % 2 == 0) co_return products;
    const std::vector<Secrets> parts{products, factors};
    const Secrets all = protocol.joined(parts);
    std::vector<std::size_t> order;
    const std::size_t pairs = each / 2;
    for (std::size_t g = 0; g < factors.count / each; ++g) {
      for (std::size_t i = 0; i < pairs; ++i) order.push_back(g * pairs + i);
      order.push_back(products.count + g * each + each - 1);
    }
    co_return protocol.pick(all, order);
  }

  std::size_t best_k(const Protocol& protocol, std::size_t candidates, int bits,
                     const Problem& problem) const {
    if (settings_.groups_of >= 2) return static_cast<std::size_t>(settings_.groups_of);
    std::size_t best = 2;
    double best_seconds = std::numeric_limits<double>::infinity();
    for (std::size_t k = 2; k <= std::max<std::size_t>(2, candidates); k = next_k(k, candidates)) {
      const double takes = seconds_of(protocol, candidates, k, bits, problem);
      if (takes < best_seconds) best_seconds = takes, best = k;
    }
    return best;
  }
  static std::size_t next_k(std::size_t k, std::size_t candidates) {
    return k < candidates ? std::min(2 * k, candidates) : candidates + 1;
  }

  static double seconds_of(const Protocol& protocol, std::size_t candidates, std::size_t k,
                           int bits, const Problem& problem) {
    using Kind = SecureOperation::Kind;
    double bytes = 0;
    double rounds = 0;
    const auto pay = [&](const SecureOperation& operation) {
      const Cost cost = protocol.cost(operation);
      bytes += static_cast<double>(std::ranges::max(cost.sent_bytes));
      rounds += cost.rounds;
    };
    for (Level level{candidates, k}; level.candidates > 1; level.candidates = level.groups()) {
      level.k = std::min(k, level.candidates);
      std::size_t pairs = 0;
      for (std::size_t g = 0; g < level.groups(); ++g)
        pairs += level.in_group(g) * (level.in_group(g) - 1) / 2;
      pay({.kind = Kind::compare, .count = pairs, .bits = bits});
      for (std::size_t each = level.k - 1; each > 1; each = (each + 1) / 2)
        pay({.kind = Kind::multiply, .count = level.groups() * level.k * (each / 2)});
      const std::size_t chosen = level.groups() == 1 ? 1 : 2 * level.groups();
      pay({.kind = Kind::dot, .count = chosen, .length = level.k});
    }
    return rounds * to_seconds(problem.round_trip) / 2 + bytes * 8 / problem.bandwidth;
  }

  Settings settings_;
};

const Registered entry{functions(),
                       function_entry<Argmin>("argmin", "which of all values is the smallest")};

}  // namespace
}  // namespace evenkeel
