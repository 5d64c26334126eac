// Means over the owners in which each owner has a weight: how many requests its latency is the mean
// of, say. What an owner has are its values and, last, its weight; one below 0 counts as 0.
//
// A sum: each owner enters its weight times its values, and its weight. The total weight is
// revealed beside the means; without any weight they are not numbers.
#include <algorithm>
#include <cmath>

#include "models/mpc/function.h"

namespace evenkeel {
namespace {

class WeightedMean final : public Function {
 public:
  struct Settings {
    void describe(Fields&) {}
  };
  explicit WeightedMean(const Settings&) {}

  std::optional<std::string> objection(const Problem& problem) const override {
    if (problem.size >= 2) return std::nullopt;
    return "an owner has values and, last, their weight: give a size of at least 2";
  }
  Needs needs(const Problem& problem) const override {
    return {.entered = problem.size,
            .opened = problem.size,
            .value_bits = 2 * (problem.bits + problem.fraction) + bits_of(problem.owners)};
  }
  std::vector<std::int64_t> prepare(std::span<const double> own,
                                    const Problem& problem) const override {
    std::vector<std::int64_t> numbers = fixed_point(own, problem.fraction);
    const std::int64_t weight = std::max<std::int64_t>(numbers.back(), 0);
    for (std::int64_t& number : numbers) number *= weight;
    numbers.back() = weight;
    return numbers;
  }
  bool is_sum() const override { return true; }
  std::vector<double> finish(std::span<const std::int64_t> opened,
                             const Problem& problem) const override {
    const auto weight = static_cast<double>(opened.back());
    std::vector<double> means = real_numbers(opened.first(opened.size() - 1), problem.fraction);
    for (double& mean : means) mean /= weight;
    return means;
  }

  std::vector<double> drawn(const Problem& problem, Random& random) const override {
    std::vector<double> own = Function::drawn(problem, random);
    own.back() = std::max(std::abs(own.back()), 1.0);
    return own;
  }

  /// With the weights as they are entered, rounded: a total weight of nearly nothing would make of
  /// their rounding an error of any size.
  std::vector<double> plain(const std::vector<std::vector<double>>& all,
                            const Problem& problem) const override {
    std::vector<double> means(problem.size - 1, 0);
    double total = 0;
    for (const std::vector<double>& own : all) {
      const double unit = std::ldexp(1.0, -problem.fraction);
      const double weight = std::max(std::round(own.back() / unit) * unit, 0.0);
      total += weight;
      if (weight > 0)
        for (std::size_t i = 0; i < means.size(); ++i)
          means[i] += (own[i] - means[i]) * weight / total;
    }
    if (total == 0) std::ranges::fill(means, std::nan(""));
    return means;
  }
  /// Each value is off by half a unit of the last place at most, and so is their mean.
  double error_bound(const Problem& problem) const override {
    return std::ldexp(0.5, -problem.fraction);
  }
};

const Registered entry{functions(), function_entry<WeightedMean>(
                                        "weighted_mean", "means in which each owner has a weight")};

}  // namespace
}  // namespace evenkeel
