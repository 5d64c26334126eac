// How many values there are that are not null. Merges exactly.
#include "models/processing/aggregate.h"

namespace evenkeel {
namespace {

struct CountState {
  std::uint64_t count = 0;
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(count);
  }
};

class Count final : public MergeableAggregate<Count, CountState> {
 public:
  using MergeableAggregate::MergeableAggregate;

  static std::uint32_t inputs(const Settings&) { return 1; }
  static std::vector<Column> columns(const Settings&) { return {{"count", ColumnType::integer}}; }
  static double ops_per_row(const Settings&) { return 10; }

  bool add(std::span<const Value> values) override {
    if (std::holds_alternative<std::monostate>(values[0])) return false;
    ++state_.count;
    return true;
  }
  void merge_state(const State& other) { state_.count += other.count; }
  bool is_sound(const State& state) const { return state.count < (std::uint64_t{1} << 62); }
  Row result() const override { return {static_cast<std::int64_t>(state_.count)}; }
};

const Registered entry{aggregates(), aggregate_entry<Count>("count", "how many values there are")};

}  // namespace
}  // namespace evenkeel
