#include "models/mpc/functions/interval_test.h"

#include <algorithm>
#include <cmath>

namespace evenkeel {

Needs IntervalTest::needs(const Problem& problem) const {
  if (tests_ == Of::totals)
    return {.entered = problem.size,
            .opened = lists_ ? problem.size : 1,
            .value_bits = std::max(total_bits(problem) + 1, bits_of(problem.size + 1)),
            .compares = true};
  if (lists_)
    return {.entered = problem.size, .opened = problem.owners * problem.size, .value_bits = 1};
  return {.value_bits = bits_of(problem.size + 1) + bits_of(problem.owners)};
}

std::vector<std::int64_t> IntervalTest::prepare(std::span<const double> own,
                                                const Problem& problem) const {
  std::vector<std::int64_t> numbers = fixed_point(own, problem.fraction);
  if (tests_ == Of::totals) return numbers;
  const Interval inside = interval(std::ldexp(1.0, problem.fraction));
  for (std::int64_t& number : numbers) {
    const auto value = static_cast<double>(number);
    number = value >= inside.lowest && value < inside.end ? 1 : 0;
  }
  if (lists_) return numbers;
  return {std::ranges::count(numbers, 1)};
}

Task<Secrets> IntervalTest::compute(Protocol& protocol, const std::vector<Secrets>& entered,
                                    const Problem& problem) const {
  if (tests_ == Of::values && lists_) co_return protocol.joined(entered);
  Task<Secrets> adding = Function::compute(protocol, entered, problem);
  Secrets sum = co_await std::move(adding);
  if (tests_ == Of::values) co_return sum;
  const Secrets bits = co_await tested(protocol, sum, problem);
  if (lists_) co_return bits;
  co_return protocol.sums(bits, bits.count);
}

// In it is who is below the end and not below the lowest. An end that no total can reach is moved
// to where comparisons still have room; one that is infinite is not compared at all.
Task<Secrets> IntervalTest::tested(Protocol& protocol, const Secrets& totals,
                                   const Problem& problem) const {
  const Interval inside = interval(std::ldexp(1.0, problem.fraction));
  const double most = std::ldexp(1.0, total_bits(problem));
  const auto limit_of = [&](double end) {
    return protocol.constant(static_cast<std::int64_t>(std::clamp(end, -most, most)), totals.count);
  };
  Secrets limits = limit_of(inside.lowest);
  Secrets compared = totals;
  const bool has_end = std::isfinite(inside.end);
  if (has_end) {
    limits = protocol.joined(limits, limit_of(std::max(inside.lowest, inside.end)));
    compared = protocol.joined(totals, totals);
  }
  const Secrets below = co_await protocol.less(compared, limits, total_bits(problem) + 1);
  const Secrets below_end = has_end ? protocol.slice(below, totals.count, totals.count)
                                    : protocol.constant(1, totals.count);
  co_return protocol.subtract(below_end, protocol.slice(below, 0, totals.count));
}

std::vector<double> IntervalTest::finish(std::span<const std::int64_t> opened,
                                         const Problem&) const {
  if (!lists_) return {static_cast<double>(opened[0])};
  std::vector<double> places;
  for (std::size_t i = 0; i < opened.size(); ++i)
    if (opened[i] != 0) places.push_back(static_cast<double>(i));
  return places;
}

std::vector<double> IntervalTest::plain(const std::vector<std::vector<double>>& all,
                                        const Problem& problem) const {
  const double unit = std::ldexp(1.0, -problem.fraction);
  std::vector<double> tested(tests_ == Of::totals ? problem.size : 0, 0);
  for (const std::vector<double>& own : all)
    for (std::size_t i = 0; i < own.size(); ++i) {
      const double value = std::round(own[i] / unit) * unit;
      if (tests_ == Of::totals) {
        tested[i] += value;
      } else {
        tested.push_back(value);
      }
    }
  std::vector<double> places;
  for (std::size_t i = 0; i < tested.size(); ++i)
    if (contains(tested[i])) places.push_back(static_cast<double>(i));
  if (lists_) return places;
  return {static_cast<double>(places.size())};
}

}  // namespace evenkeel
