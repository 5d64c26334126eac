// The sums over all owners, place by place.
#include <cmath>

#include "models/mpc/function.h"

namespace evenkeel {
namespace {

class Sum final : public Function {
 public:
  struct Settings {
    void describe(Fields&) {}
  };
  explicit Sum(const Settings&) {}

  Needs needs(const Problem& problem) const override {
    return {.entered = problem.size,
            .opened = problem.size,
            .value_bits = problem.bits + problem.fraction + bits_of(problem.owners)};
  }
  std::vector<std::int64_t> prepare(std::span<const double> own,
                                    const Problem& problem) const override {
    return fixed_point(own, problem.fraction);
  }
  bool is_sum() const override { return true; }
  std::vector<double> finish(std::span<const std::int64_t> opened,
                             const Problem& problem) const override {
    std::vector<double> sums;
    for (const std::int64_t sum : opened)
      sums.push_back(std::ldexp(static_cast<double>(sum), -problem.fraction));
    return sums;
  }
  std::vector<double> plain(const std::vector<std::vector<double>>& all,
                            const Problem& problem) const override {
    std::vector<double> sums(problem.size, 0);
    for (const std::vector<double>& own : all)
      for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += own[i];
    return sums;
  }
  /// Half a unit of the last place from each owner.
  double error_bound(const Problem& problem) const override {
    return std::ldexp(problem.owners, -problem.fraction - 1);
  }
};

const Registered entry{functions(), function_entry<Sum>("sum", "the sum over all owners")};

}  // namespace
}  // namespace evenkeel
