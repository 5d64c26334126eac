// The greatest number. Merges exactly.
#include "models/processing/aggregate.h"

namespace evenkeel {
namespace {

struct MaxState {
  std::optional<double> greatest = {};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(greatest);
  }
};

class Max final : public MergeableAggregate<Max, MaxState> {
 public:
  using MergeableAggregate::MergeableAggregate;

  static std::uint32_t inputs(const Settings&) { return 1; }
  static std::vector<Column> columns(const Settings&) { return {{"max", ColumnType::real}}; }
  static double ops_per_row(const Settings&) { return 12; }

  bool add(std::span<const Value> values) override {
    const std::optional<double> number = number_of(values[0]);
    if (number) merge_state({*number + 0.0});  // no negative zero
    return number.has_value();
  }
  void merge_state(const State& other) {
    if (other.greatest && (!state_.greatest || *other.greatest > *state_.greatest)) state_ = other;
  }
  bool is_sound(const State& state) const { return !state.greatest || is_usable(*state.greatest); }
  Row result() const override {
    Row row;
    tell(row, state_.greatest.has_value(), state_.greatest.value_or(0));
    return row;
  }
};

const Registered entry{aggregates(), aggregate_entry<Max>("max", "the greatest number")};

}  // namespace
}  // namespace evenkeel
