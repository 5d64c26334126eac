// All values in their order, and not whose they are: by a sorting network unless told otherwise
// (ordering.h). Reveals every value, as the answer does.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/mpc/functions/ordering.h"

namespace evenkeel {
namespace {

class Sort final : public Function {
 public:
  struct Settings {
    Ordering by = Ordering::network;
    bool descending = false;
    void describe(Fields& fields) {
      describe_ordering(fields, by);
      fields.boolean("descending", descending, {"the largest first"});
    }
  };
  explicit Sort(const Settings& settings) : settings_(settings) {}

  Needs needs(const Problem& problem) const override {
    const std::size_t count = problem.owners * problem.size;
    return {.entered = problem.size,
            .opened = count,
            .value_bits = order_bits(count, terms(problem)),
            .multiplies = true,
            .compares = true};
  }
  std::vector<std::int64_t> prepare(std::span<const double> own,
                                    const Problem& problem) const override {
    return fixed_point(own, problem.fraction);
  }
  Task<Secrets> compute(Protocol& protocol, const std::vector<Secrets>& entered,
                        const Problem& problem) const override {
    const Secrets values = protocol.joined(entered);
    std::vector<std::size_t> wanted(values.count);
    std::iota(wanted.begin(), wanted.end(), 0);
    if (settings_.descending) std::ranges::reverse(wanted);
    Secrets sorted = co_await at_ranks(protocol, values, wanted, terms(problem), problem);
    co_return sorted;
  }
  std::vector<double> finish(std::span<const std::int64_t> opened,
                             const Problem& problem) const override {
    return real_numbers(opened, problem.fraction);
  }
  std::vector<double> plain(const std::vector<std::vector<double>>& all,
                            const Problem&) const override {
    std::vector<double> sorted;
    for (const std::vector<double>& own : all) sorted.insert(sorted.end(), own.begin(), own.end());
    std::ranges::sort(sorted);
    if (settings_.descending) std::ranges::reverse(sorted);
    return sorted;
  }
  /// The k-th smallest of numbers that each move by at most d moves by at most d: here by rounding,
  /// half a unit of the last place.
  double error_bound(const Problem& problem) const override {
    return std::ldexp(0.5, -problem.fraction);
  }

 private:
  OrderTerms terms(const Problem& problem) const {
    return {.by = settings_.by, .bits = problem.bits + problem.fraction};
  }

  Settings settings_;
};

const Registered entry{functions(), function_entry<Sort>("sort", "all values in their order")};

}  // namespace
}  // namespace evenkeel
