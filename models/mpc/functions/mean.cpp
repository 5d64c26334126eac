// Means over the owners, place by place, or one of all values: a sum, divided after it was opened.
#include <cmath>
#include <numeric>

#include "models/mpc/functions/moments.h"

namespace evenkeel {
namespace {

class JointMean final : public Function {
 public:
  using Settings = MomentSettings;
  explicit JointMean(const Settings& settings) : settings_(settings) {}

  Needs needs(const Problem& problem) const override {
    return {.entered = settings_.groups(problem),
            .opened = settings_.groups(problem),
            .value_bits = problem.bits + problem.fraction + settings_.sum_bits(problem)};
  }
  std::vector<std::int64_t> prepare(std::span<const double> own,
                                    const Problem& problem) const override {
    std::vector<std::int64_t> values = fixed_point(own, problem.fraction);
    if (settings_.pooled) values = {std::accumulate(values.begin(), values.end(), std::int64_t{0})};
    return values;
  }
  bool is_sum() const override { return true; }
  std::vector<double> finish(std::span<const std::int64_t> opened,
                             const Problem& problem) const override {
    const auto count = static_cast<double>(settings_.values_in_group(problem));
    std::vector<double> means = real_numbers(opened, problem.fraction);
    for (double& mean : means) mean /= count;
    return means;
  }
  std::vector<double> plain(const std::vector<std::vector<double>>& all,
                            const Problem& problem) const override {
    std::vector<double> means;
    for (const std::vector<double>& values : settings_.grouped(all, problem))
      means.push_back(std::accumulate(values.begin(), values.end(), 0.0) /
                      static_cast<double>(values.size()));
    return means;
  }
  /// Each value is off by half a unit of the last place at most, and so is their mean.
  double error_bound(const Problem& problem) const override {
    return std::ldexp(0.5, -problem.fraction);
  }

 private:
  Settings settings_;
};

const Registered entry{functions(), function_entry<JointMean>("mean", "the mean over all owners")};

}  // namespace
}  // namespace evenkeel
