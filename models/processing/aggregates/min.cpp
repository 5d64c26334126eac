// The smallest number. Merges exactly.
#include "models/processing/aggregate.h"

namespace evenkeel {
namespace {

struct MinState {
  std::optional<double> least = {};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(least);
  }
};

class Min final : public MergeableAggregate<Min, MinState> {
 public:
  using MergeableAggregate::MergeableAggregate;

  static std::uint32_t inputs(const Settings&) { return 1; }
  static std::vector<Column> columns(const Settings&) { return {{"min", ColumnType::real}}; }
  static double ops_per_row(const Settings&) { return 12; }

  bool add(std::span<const Value> values) override {
    const std::optional<double> number = number_of(values[0]);
    if (number) merge_state({*number + 0.0});  // no negative zero
    return number.has_value();
  }
  void merge_state(const State& other) {
    if (other.least && (!state_.least || *other.least < *state_.least)) state_ = other;
  }
  bool is_sound(const State& state) const { return !state.least || is_usable(*state.least); }
  Row result() const override {
    Row row;
    tell(row, state_.least.has_value(), state_.least.value_or(0));
    return row;
  }
};

const Registered entry{aggregates(), aggregate_entry<Min>("min", "the smallest number")};

}  // namespace
}  // namespace evenkeel
