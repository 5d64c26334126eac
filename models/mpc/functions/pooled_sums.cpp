#include "models/mpc/functions/pooled_sums.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/mpc/functions/noise.h"

namespace evenkeel {
namespace {

constexpr std::size_t entered_of_group = 3;
constexpr std::size_t told_of_group = 2;

// Of each group the number at that place of its three.
Secrets every(const Protocol& protocol, const Secrets& secrets, std::size_t first) {
  std::vector<std::size_t> places;
  for (std::size_t i = first; i < secrets.count; i += entered_of_group) places.push_back(i);
  return protocol.pick(secrets, places);
}

class PooledSums final : public Function {
 public:
  using Settings = PooledSumsSettings;
  explicit PooledSums(const Settings& settings) : settings_(settings) {}

  std::optional<std::string> objection(const Problem& problem) const override {
    if (problem.size % entered_of_group == 0) return std::nullopt;
    return "an owner has three numbers a group: give a size of 3, 6, 9, ...";
  }
  Needs needs(const Problem& problem) const override {
    const std::size_t groups = problem.size / entered_of_group;
    const int of_sums = std::max(problem.bits + problem.fraction, bits_of(most_noise(problem)));
    return {.entered = problem.size,
            .opened = groups * (is_sum() ? entered_of_group : told_of_group),
            .value_bits = std::max(of_sums + 1 + bits_of(problem.owners), compared_bits(problem)),
            .multiplies = settings_.hides_some(),
            .compares = settings_.hides_some()};
  }
  std::vector<std::int64_t> prepare(std::span<const double> own,
                                    const Problem& problem) const override {
    std::vector<std::int64_t> numbers;
    for (std::size_t i = 0; i < own.size(); ++i)
      numbers.push_back(fixed_point(own[i], i % entered_of_group == 2 ? problem.fraction : 0));
    return numbers;
  }
  void blur(std::span<std::int64_t> entered, const Problem& problem,
            Random& random) const override {
    if (settings_.epsilon <= 0) return;
    Prg prg{draw_prg_key(random)};
    for (std::size_t i = 0; i < entered.size(); ++i)
      if (i % entered_of_group > 0) {
        const int fraction = i % entered_of_group == 2 ? problem.fraction : 0;
        entered[i] += noise(fraction).share(prg, problem.owners);
      }
  }
  bool is_sum() const override { return !settings_.hides_some(); }

  Task<Secrets> compute(Protocol& protocol, const std::vector<Secrets>& entered,
                        const Problem& problem) const override {
    Task<Secrets> adding = Function::compute(protocol, entered, problem);
    const Secrets sums = co_await std::move(adding);
    if (is_sum()) co_return sums;
    const Secrets owners = every(protocol, sums, 0);
    const Secrets rows = every(protocol, sums, 1);
    const Secrets values = every(protocol, sums, 2);
    const std::size_t groups = rows.count;
    const Secrets counts = protocol.joined(rows, owners);
    const Secrets least = protocol.joined(
        protocol.constant(least_rows(problem), groups),
        protocol.constant(std::min<std::int64_t>(settings_.min_owners, problem.owners + 1),
                          groups));
    const Secrets too_few = co_await protocol.less(counts, least, compared_bits(problem));
    const Secrets enough = protocol.subtract(protocol.constant(1, 2 * groups), too_few);
    const Secrets enough_rows = protocol.slice(enough, 0, groups);
    const Secrets enough_owners = protocol.slice(enough, groups, groups);
    const Secrets shown = co_await protocol.multiply(enough_rows, enough_owners);
    const Secrets told = protocol.joined(rows, values);
    const Secrets shown_of_both = protocol.joined(shown, shown);
    const Secrets masked = co_await protocol.multiply(told, shown_of_both);
    co_return masked;
  }

  // Of groups that are hidden all rows come first, then all sums.
  std::vector<double> finish(std::span<const std::int64_t> opened,
                             const Problem& problem) const override {
    const std::size_t groups = problem.size / entered_of_group;
    std::vector<double> told;
    for (std::size_t g = 0; g < groups; ++g) {
      const std::size_t rows = is_sum() ? entered_of_group * g + 1 : g;
      const std::size_t sum = is_sum() ? rows + 1 : groups + g;
      told.push_back(static_cast<double>(opened[rows]));
      told.push_back(real_number(opened[sum], problem.fraction));
    }
    return told;
  }

  std::vector<double> drawn(const Problem& problem, Random& random) const override {
    std::vector<double> own = Function::drawn(problem, random);
    for (std::size_t i = 0; i + 2 < own.size(); i += entered_of_group) {
      const bool has_rows = own[i] > 0;
      const double rows = has_rows ? std::trunc(std::abs(own[i + 1])) : 0;
      own[i + 2] = rows * std::min(1.0, std::abs(own[i + 2]) * std::ldexp(1.0, -problem.bits));
      own[i + 1] = rows;
      own[i] = rows > 0 ? 1 : 0;
    }
    return own;
  }
  std::vector<double> plain(const std::vector<std::vector<double>>& all,
                            const Problem& problem) const override {
    std::vector<double> told;
    for (std::size_t i = 0; i < problem.size; i += entered_of_group) {
      double owners = 0;
      double rows = 0;
      double sum = 0;
      for (const std::vector<double>& own : all) {
        owners += std::round(own[i]);
        rows += std::round(own[i + 1]);
        sum += own[i + 2];
      }
      const bool shown = rows >= static_cast<double>(settings_.min_group) &&
                         owners >= static_cast<double>(settings_.min_owners);
      told.push_back(shown || is_sum() ? rows : 0);
      told.push_back(shown || is_sum() ? sum : 0);
    }
    return told;
  }
  /// Each owner's sum is off by half a unit of the last place. Noise of up to z, exceeded with a
  /// chance of 2^-40, adds z; it may also lift a group over the least number of rows or push it
  /// below: then no bound holds.
  double error_bound(const Problem& problem) const override {
    const double rounding = problem.owners * std::ldexp(0.5, -problem.fraction);
    if (settings_.epsilon <= 0) return rounding;
    if (settings_.hides_some()) return std::numeric_limits<double>::infinity();
    const double of_sums =
        std::ldexp(static_cast<double>(noise(problem.fraction).tail()), -problem.fraction);
    return rounding + std::max(of_sums, static_cast<double>(noise(0).tail()));
  }

 private:
  // Of rows, or of sums in units of 2^-fraction.
  Noise noise(int fraction) const {
    return {Noise::Kind::laplace, std::ldexp(2 / settings_.epsilon, fraction)};
  }
  std::uint64_t most_noise(const Problem& problem) const {
    return settings_.epsilon > 0 ? noise(problem.fraction).most() + 1 : 1;
  }
  // No group has more rows than all owners together.
  std::int64_t least_rows(const Problem& problem) const {
    return std::min(settings_.min_group,
                    std::int64_t{1} << (problem.bits + bits_of(problem.owners)));
  }
  // Rows, the least number of them, and their difference are below 2 to this.
  int compared_bits(const Problem& problem) const {
    const int of_noise = settings_.epsilon > 0 ? bits_of(noise(0).most() + 1) : 0;
    return std::max(problem.bits, of_noise) + bits_of(problem.owners) + 2;
  }

  Settings settings_;
};

const Registered entry{functions(), function_entry<PooledSums>("pooled_sums",
                                                               "sums over groups of rows, hidden "
                                                               "where too few are behind them")};

}  // namespace

void PooledSumsSettings::describe(Fields& fields) {
  fields.integer("min_group", min_group,
                 {"rows behind each sum that is told; up to 1: any", 0, std::int64_t{1} << 40});
  fields.integer("min_owners", min_owners,
                 {"owners who have some of these rows; up to 1: any", 0, 10'000});
  fields.number("epsilon", epsilon, Unit::none,
                {"of differential privacy, for each group; 0: no noise", 0, 1000});
  if (epsilon > 0 && epsilon < 1e-6)
    fields.refuse("epsilon", "so much noise hides everything: give at least 1e-6, or 0 for none");
}

std::shared_ptr<const Function> pooled_sums(const PooledSumsSettings& settings) {
  return std::make_shared<PooledSums>(settings);
}

}  // namespace evenkeel
