// The rank of each value, from 0 for the smallest; equal values rank by their place. All pairs are
// compared at once, and a rank is the number of comparisons that its value loses.
#include <algorithm>
#include <numeric>

#include "models/mpc/functions/ordering.h"

namespace evenkeel {
namespace {

class Order final : public Function {
 public:
  struct Settings {
    void describe(Fields&) {}
  };
  explicit Order(const Settings&) {}

  Needs needs(const Problem& problem) const override {
    return {.entered = problem.size,
            .opened = problem.owners * problem.size,
            .value_bits = std::max(problem.bits + problem.fraction + 1,
                                   bits_of(problem.owners * problem.size)),
            .compares = true};
  }
  std::vector<std::int64_t> prepare(std::span<const double> own,
                                    const Problem& problem) const override {
    return fixed_point(own, problem.fraction);
  }

  Task<Secrets> compute(Protocol& protocol, const std::vector<Secrets>& entered,
                        const Problem& problem) const override {
    const Secrets values = protocol.joined(entered);
    Secrets ranks = co_await ranks_of(protocol, values, problem.bits + problem.fraction);
    co_return ranks;
  }

  std::vector<double> finish(std::span<const std::int64_t> opened, const Problem&) const override {
    return {opened.begin(), opened.end()};
  }
  std::vector<double> plain(const std::vector<std::vector<double>>& all,
                            const Problem& problem) const override {
    std::vector<std::int64_t> values;
    for (const std::vector<double>& own : all)
      for (const std::int64_t value : prepare(own, problem)) values.push_back(value);
    std::vector<std::size_t> sorted(values.size());
    std::iota(sorted.begin(), sorted.end(), std::size_t{0});
    std::ranges::stable_sort(sorted, {}, [&](std::size_t i) { return values[i]; });
    std::vector<double> ranks(values.size());
    for (std::size_t rank = 0; rank < sorted.size(); ++rank)
      ranks[sorted[rank]] = static_cast<double>(rank);
    return ranks;
  }
  double error_bound(const Problem&) const override { return 0; }
};

const Registered entry{
    functions(), function_entry<Order>("order", "the rank of each value, the smallest first")};

}  // namespace
}  // namespace evenkeel
