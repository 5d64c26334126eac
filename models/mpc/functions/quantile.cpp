// Quantiles of all values: the q-quantile is the smallest value that at least a share q of all
// values do not exceed (the inverse of the empirical distribution), or between the two neighbours
// of (n-1) q in proportion (Hyndman & Fan, "Sample quantiles in statistical packages", The American
// Statistician 50(4), 1996: definitions 1 and 7). Nothing else is opened.
#include <algorithm>
#include <cmath>

#include "models/mpc/functions/ordering.h"

namespace evenkeel {
namespace {

class Quantile final : public Function {
 public:
  struct Settings {
    std::vector<double> q = {0.5};
    bool interpolate = false;
    Ordering by = Ordering::fastest;
    void describe(Fields& fields) {
      fields.numbers("q", q, Unit::none, {"which quantiles; 0.5 is the median", 0, 1});
      if (q.empty()) fields.refuse("q", "give at least one quantile");
      fields.boolean("interpolate", interpolate,
                     {"between two values in proportion, rather than one of the values"});
      describe_ordering(fields, by);
    }
  };
  explicit Quantile(const Settings& settings) : settings_(settings) {}

  Needs needs(const Problem& problem) const override {
    const std::size_t count = problem.owners * problem.size;
    const int of_answer = problem.bits + problem.fraction + weight_bits();
    return {.entered = problem.size,
            .opened = settings_.q.size(),
            .value_bits = std::max(order_bits(count, terms(problem)), of_answer),
            .multiplies = true,
            .compares = true};
  }
  std::vector<std::int64_t> prepare(std::span<const double> own,
                                    const Problem& problem) const override {
    return fixed_point(own, problem.fraction);
  }
  // The lower neighbours times what is missing to 2^w of their weights, and the upper ones times
  // their weights, which are public.
  Task<Secrets> compute(Protocol& protocol, const std::vector<Secrets>& entered,
                        const Problem& problem) const override {
    const Secrets values = protocol.joined(entered);
    const std::size_t quantiles = settings_.q.size();
    std::vector<std::size_t> wanted;
    for (const double q : settings_.q) wanted.push_back(lower_rank(q, values.count));
    if (settings_.interpolate)
      for (const double q : settings_.q)
        wanted.push_back(std::min(lower_rank(q, values.count) + 1, values.count - 1));
    Secrets found = co_await at_ranks(protocol, values, wanted, terms(problem), problem);
    if (!settings_.interpolate) co_return found;
    std::vector<Secrets> mixed;
    for (std::size_t i = 0; i < quantiles; ++i) {
      const std::int64_t weight = upper_weight(settings_.q[i], values.count);
      const std::int64_t rest = (std::int64_t{1} << weight_bits()) - weight;
      mixed.push_back(
          protocol.add(protocol.scale(protocol.slice(found, i, 1), rest),
                       protocol.scale(protocol.slice(found, quantiles + i, 1), weight)));
    }
    co_return protocol.joined(mixed);
  }
  std::vector<double> finish(std::span<const std::int64_t> opened,
                             const Problem& problem) const override {
    return real_numbers(opened, problem.fraction + weight_bits());
  }

  std::vector<double> plain(const std::vector<std::vector<double>>& all,
                            const Problem&) const override {
    std::vector<double> sorted;
    for (const std::vector<double>& own : all) sorted.insert(sorted.end(), own.begin(), own.end());
    std::ranges::sort(sorted);
    const auto n = static_cast<double>(sorted.size());
    std::vector<double> quantiles;
    for (const double q : settings_.q) {
      if (settings_.interpolate) {
        const double below = std::floor(q * (n - 1));
        const auto at = static_cast<std::size_t>(below);
        quantiles.push_back(std::lerp(sorted[at], sorted[std::min(at + 1, sorted.size() - 1)],
                                      q * (n - 1) - below));
      } else {
        quantiles.push_back(*std::ranges::find_if(sorted, [&](const double& value) {
          return static_cast<double>(&value - sorted.data() + 1) >= q * n;
        }));
      }
    }
    return quantiles;
  }
  /// The k-th smallest moves by no more than any value does: half a unit of the last place.
  /// Interpolated, the weight is off by half of 2^-w besides, and it weighs a difference below
  /// 2^(bits+1).
  double error_bound(const Problem& problem) const override {
    const double rounding = std::ldexp(0.5, -problem.fraction);
    return settings_.interpolate ? rounding + std::ldexp(1, problem.bits - weight_bits())
                                 : rounding;
  }

 private:
  OrderTerms terms(const Problem& problem) const {
    return {.by = settings_.by, .bits = problem.bits + problem.fraction};
  }
  int weight_bits() const { return settings_.interpolate ? 12 : 0; }
  std::size_t lower_rank(double q, std::size_t count) const {
    const auto n = static_cast<double>(count);
    const double rank = settings_.interpolate ? std::floor(q * (n - 1)) : std::ceil(q * n) - 1;
    return static_cast<std::size_t>(std::clamp(rank, 0.0, n - 1));
  }
  std::int64_t upper_weight(double q, std::size_t count) const {
    const double place = q * (static_cast<double>(count) - 1);
    return fixed_point(place - std::floor(place), weight_bits());
  }

  Settings settings_;
};

const Registered entry{functions(),
                       function_entry<Quantile>("quantile", "the median or other quantiles")};

}  // namespace
}  // namespace evenkeel
