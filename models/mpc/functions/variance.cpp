// Variances over the owners, place by place, or one of all values: the sums of x and of x^2, both
// opened, so that the mean is revealed as well. The squares are of whole numbers and not rounded:
// n sum(x^2) - sum(x)^2 is exact, however large the mean is beside the deviations.
#include <cmath>
#include <limits>

#include "models/mpc/functions/moments.h"

namespace evenkeel {
namespace {

__extension__ using Wide = __int128;

class JointVariance final : public Function {
 public:
  struct Settings {
    MomentSettings moments = {};
    bool sample = false;
    bool root = false;
    void describe(Fields& fields) {
      moments.describe(fields);
      fields.boolean("sample", sample,
                     {"divide by n - 1: the values are a sample of more; of a single value the "
                      "answer is not a number then"});
      fields.boolean("root", root, {"the standard deviation instead"});
    }
  };
  explicit JointVariance(const Settings& settings) : settings_(settings) {}

  Needs needs(const Problem& problem) const override {
    const MomentSettings& moments = settings_.moments;
    return {.entered = 2 * moments.groups(problem),
            .opened = 2 * moments.groups(problem),
            .value_bits = 2 * (problem.bits + problem.fraction) + moments.sum_bits(problem)};
  }
  // The sums of all groups, then the sums of squares of all groups.
  std::vector<std::int64_t> prepare(std::span<const double> own,
                                    const Problem& problem) const override {
    const std::size_t groups = settings_.moments.groups(problem);
    std::vector<std::int64_t> sums(2 * groups, 0);
    for (std::size_t i = 0; i < own.size(); ++i) {
      const std::int64_t value = fixed_point(own[i], problem.fraction);
      sums[i % groups] += value;
      sums[groups + i % groups] += value * value;
    }
    return sums;
  }
  bool is_sum() const override { return true; }
  std::vector<double> finish(std::span<const std::int64_t> opened,
                             const Problem& problem) const override {
    const auto count = static_cast<std::int64_t>(settings_.moments.values_in_group(problem));
    const std::size_t groups = opened.size() / 2;
    std::vector<double> variances;
    for (std::size_t g = 0; g < groups; ++g) {
      const Wide spread = Wide{count} * opened[groups + g] - Wide{opened[g]} * opened[g];
      const double squares = std::ldexp(static_cast<double>(spread), -2 * problem.fraction) /
                             static_cast<double>(count);
      variances.push_back(answer_of(squares, static_cast<double>(count)));
    }
    return variances;
  }
  std::vector<double> plain(const std::vector<std::vector<double>>& all,
                            const Problem& problem) const override {
    std::vector<double> variances;
    for (const std::vector<double>& values : settings_.moments.grouped(all, problem)) {
      double mean = 0;  // Welford's recurrence
      double squares = 0;
      double count = 0;
      for (const double value : values) {
        const double before = value - mean;
        mean += before / ++count;
        squares += before * (value - mean);
      }
      variances.push_back(answer_of(squares, count));
    }
    return variances;
  }
  /// The deviations are a vector whose length over sqrt(n) is the standard deviation s; rounding
  /// moves each value by h = half a unit at most, the vector by sqrt(n) h, and s by h. The variance
  /// moves by |s - s'| (s + s') <= h (2 s + h), where s <= 2^bits. With n - 1 all of it is up to
  /// sqrt(2), or 2, times as much.
  double error_bound(const Problem& problem) const override {
    const double h = std::ldexp(0.5, -problem.fraction);
    if (settings_.root) return settings_.sample ? std::sqrt(2.0) * h : h;
    const double bound = h * (std::ldexp(2.0, problem.bits) + h);
    return settings_.sample ? 2 * bound : bound;
  }

 private:
  // Of the squares of all deviations from the mean.
  double answer_of(double squares, double count) const {
    const double divisor = settings_.sample ? count - 1 : count;
    if (divisor <= 0) return std::numeric_limits<double>::quiet_NaN();
    const double variance = squares / divisor;
    return settings_.root ? std::sqrt(variance) : variance;
  }

  Settings settings_;
};

const Registered entry{functions(),
                       function_entry<JointVariance>("variance", "the variance over all owners")};

}  // namespace
}  // namespace evenkeel
