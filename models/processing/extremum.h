// What the smallest and the greatest number have in common. Merges exactly.
#pragma once

#include "models/processing/aggregate.h"

namespace evenkeel {

struct ExtremumState {
  std::optional<double> best = {};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(best);
  }
};

/// `Derived` has a `name`, and `is_better(a, b)`, whether a is to be kept rather than b.
template <class Derived>
class Extremum : public MergeableAggregate<Derived, ExtremumState> {
 public:
  using Base = MergeableAggregate<Derived, ExtremumState>;
  using Base::Base;
  using typename Base::Settings;

  static std::uint32_t inputs(const Settings&) { return 1; }
  static std::vector<Column> columns(const Settings&) {
    return {{std::string{Derived::name}, ColumnType::real}};
  }
  static double ops_per_row(const Settings&) { return 12; }

  bool add(std::span<const Value> values) override {
    const std::optional<double> number = number_of(values[0]);
    if (number) merge_state({*number + 0.0});  // no negative zero
    return number.has_value();
  }
  void merge_state(const ExtremumState& other) {
    ExtremumState& state = this->state_;
    if (other.best && (!state.best || Derived::is_better(*other.best, *state.best))) state = other;
  }
  bool is_sound(const ExtremumState& state) const { return !state.best || is_usable(*state.best); }
  Row result() const override {
    Row row;
    tell(row, this->state_.best.has_value(), this->state_.best.value_or(0));
    return row;
  }
};

}  // namespace evenkeel
