// Variance and standard deviation: Welford's update, merged as Chan, Golub & LeVeque (1983,
// "Algorithms for computing the sample variance", equation 2.1). Order and division change the
// result by rounding only: relative error at most about n times 1e-16.
#include <cmath>

#include "models/processing/aggregate.h"

namespace evenkeel {
namespace {

struct VarianceState {
  std::uint64_t count = 0;
  double mean = 0;
  double m2 = 0;  // sum of squared deviations
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(count, mean, m2);
  }
};

struct VarianceSettings {
  bool sample = true;
  void describe(Fields& fields) {
    fields.boolean("sample", sample, {"divide by n - 1, as for a sample; else by n"});
  }
  friend bool operator==(const VarianceSettings&, const VarianceSettings&) = default;
};

class Variance final : public MergeableAggregate<Variance, VarianceState, VarianceSettings> {
 public:
  using MergeableAggregate::MergeableAggregate;

  static std::uint32_t inputs(const Settings&) { return 1; }
  static std::vector<Column> columns(const Settings&) {
    return {{"variance", ColumnType::real},
            {"deviation", ColumnType::real},
            {"mean", ColumnType::real},
            {"count", ColumnType::integer}};
  }
  static double ops_per_row(const Settings&) { return 25; }

  bool add(std::span<const Value> values) override {
    const std::optional<double> number = number_of(values[0]);
    if (!number) return false;
    ++state_.count;
    const double before = *number - state_.mean;
    state_.mean += before / static_cast<double>(state_.count);
    state_.m2 += before * (*number - state_.mean);
    return true;
  }
  void merge_state(const State& other) {
    if (other.count == 0) return;
    if (state_.count == 0) {
      state_ = other;
      return;
    }
    const auto ours = static_cast<double>(state_.count);
    const auto theirs = static_cast<double>(other.count);
    const double apart = other.mean - state_.mean;
    state_.count += other.count;
    state_.mean = (state_.mean * ours + other.mean * theirs) / (ours + theirs);
    state_.m2 += other.m2 + apart * apart * (ours * theirs / (ours + theirs));
  }
  bool is_sound(const State& state) const {
    return state.count < (std::uint64_t{1} << 62) && is_usable(state.mean) && state.m2 >= 0 &&
           std::isfinite(state.m2) && (state.count > 0 || (state.mean == 0 && state.m2 == 0));
  }
  Row result() const override {
    const auto count = static_cast<std::int64_t>(state_.count);
    const std::int64_t divisor = settings_.sample ? count - 1 : count;
    const bool is_known = divisor >= 1;
    const double variance = is_known ? state_.m2 / static_cast<double>(divisor) : 0;
    Row row;
    tell(row, is_known, variance);
    tell(row, is_known, std::sqrt(variance));
    tell(row, count > 0, state_.mean);
    row.emplace_back(count);
    return row;
  }
};

const Registered entry{aggregates(),
                       aggregate_entry<Variance>("variance", "variance and standard deviation")};

}  // namespace
}  // namespace evenkeel
