// Counts in bins of equal width between fixed bounds, and of what lies below and above. Merges
// exactly.
#include <cmath>

#include "models/processing/aggregate.h"

namespace evenkeel {
namespace {

struct HistogramState {
  std::uint64_t below = 0;
  std::uint64_t above = 0;
  std::vector<std::uint64_t> bins = {};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(below, above, bins);
  }
};

struct HistogramSettings {
  double low = 0;
  double high = 100;
  std::int64_t bins = 10;
  void describe(Fields& fields) {
    fields.number("low", low, Unit::none, {"lower bound, included", -1e100, 1e100});
    fields.number("high", high, Unit::none, {"upper bound, excluded", -1e100, 1e100});
    fields.integer("bins", bins, {"bins between the bounds", 1, 1000});
    if (!(low < high)) fields.refuse("high", "must be above low");
  }
  friend bool operator==(const HistogramSettings&, const HistogramSettings&) = default;
};

class FixedHistogram final
    : public MergeableAggregate<FixedHistogram, HistogramState, HistogramSettings> {
 public:
  explicit FixedHistogram(const Settings& settings) : MergeableAggregate(settings) {
    state_.bins.resize(static_cast<std::size_t>(settings.bins));
  }

  static std::uint32_t inputs(const Settings&) { return 1; }
  static std::vector<Column> columns(const Settings& settings) {
    std::vector<Column> columns{{"below", ColumnType::integer}};
    for (std::int64_t i = 0; i < settings.bins; ++i)
      columns.push_back({"bin_" + std::to_string(i), ColumnType::integer});
    columns.push_back({"above", ColumnType::integer});
    return columns;
  }
  static double ops_per_row(const Settings&) { return 20; }

  bool add(std::span<const Value> values) override {
    const std::optional<double> number = number_of(values[0]);
    if (!number) return false;
    if (*number < settings_.low) {
      ++state_.below;
    } else if (*number >= settings_.high) {
      ++state_.above;
    } else {
      const double share = (*number - settings_.low) / (settings_.high - settings_.low);
      const auto bin = static_cast<std::size_t>(share * static_cast<double>(settings_.bins));
      ++state_.bins[std::min(bin, state_.bins.size() - 1)];
    }
    return true;
  }
  void merge_state(const State& other) {
    state_.below += other.below;
    state_.above += other.above;
    for (std::size_t i = 0; i < state_.bins.size(); ++i) state_.bins[i] += other.bins[i];
  }
  bool is_sound(const State& state) const {
    return state.bins.size() == static_cast<std::size_t>(settings_.bins);
  }
  Row result() const override {
    Row row{static_cast<std::int64_t>(state_.below)};
    for (const std::uint64_t count : state_.bins)
      row.emplace_back(static_cast<std::int64_t>(count));
    row.emplace_back(static_cast<std::int64_t>(state_.above));
    return row;
  }
};

const Registered entry{aggregates(), aggregate_entry<FixedHistogram>(
                                         "histogram", "counts in bins between fixed bounds")};

}  // namespace
}  // namespace evenkeel
