// How unusual the newest value is: its distance from the mean of all before it, in standard
// deviations, where older values weigh exp(-age / decay) (an EWMA in event time; weights relative
// to the latest time merge whatever the order: Cormode, Shkapenyuk, Srivastava & Xu, ICDE 2009,
// "Forward decay"). Inputs: event time in seconds, value. Order and division change the result by
// rounding only; of values at one time the greatest counts as the newest.
#include <cmath>

#include "models/processing/aggregate.h"
#include "models/runtime/portable_math.h"

namespace evenkeel {
namespace {

struct Moment {
  double time_s = 0;
  double value = 0;
  friend auto operator<=>(const Moment&, const Moment&) = default;
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(time_s, value);
  }
};

/// Weighted moments of values, decayed to a time.
struct Decayed {
  std::uint64_t count = 0;
  double time_s = 0;
  double weight = 0;
  double mean = 0;
  double m2 = 0;
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(count, time_s, weight, mean, m2);
  }
};

struct AnomalyState {
  std::optional<Moment> newest = {};
  Decayed earlier = {};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(newest, earlier);
  }
};

struct AnomalySettings {
  Duration decay = seconds(60);
  double least_deviation = 1e-9;
  void describe(Fields& fields) {
    fields.duration("decay", decay, {"age at which a value weighs 1/e", 1e-3, 1e9});
    fields.number("least_deviation", least_deviation, Unit::none,
                  {"no deviation is taken for smaller than this", 1e-12, 1e12});
  }
  friend bool operator==(const AnomalySettings&, const AnomalySettings&) = default;
};

class AnomalyScore final : public MergeableAggregate<AnomalyScore, AnomalyState, AnomalySettings> {
 public:
  using MergeableAggregate::MergeableAggregate;

  static constexpr bool tells_rows = true;
  static std::uint32_t inputs(const Settings&) { return 2; }
  static std::vector<Column> columns(const Settings&) {
    return {{"score", ColumnType::real},
            {"value", ColumnType::real},
            {"mean", ColumnType::real},
            {"deviation", ColumnType::real},
            {"count", ColumnType::integer}};
  }
  static double ops_per_row(const Settings&) { return 60; }

  bool add(std::span<const Value> values) override {
    const std::optional<double> time = number_of(values[0]);
    const std::optional<double> value = number_of(values[1]);
    if (!time || !value) return false;
    merge_state({Moment{*time, *value}, {}});
    return true;
  }
  void merge_state(const State& other) {
    absorb(other.earlier);
    if (!other.newest) return;
    Moment older = *other.newest;
    if (!state_.newest) {
      state_.newest = older;
      return;
    }
    if (*state_.newest < older) std::swap(*state_.newest, older);
    absorb({1, older.time_s, 1, older.value, 0});
  }
  bool is_sound(const State& state) const {
    const Decayed& its = state.earlier;
    if (state.newest && (!is_usable(state.newest->time_s) || !is_usable(state.newest->value)))
      return false;
    if (its.count == 0) return its.time_s == 0 && its.weight == 0 && its.mean == 0 && its.m2 == 0;
    return state.newest && its.count < (std::uint64_t{1} << 48) && is_usable(its.time_s) &&
           its.time_s <= state.newest->time_s && its.weight > 0 && std::isfinite(its.weight) &&
           is_usable(its.mean) && its.m2 >= 0 && std::isfinite(its.m2);
  }
  Row result() const override {
    const auto count = static_cast<std::int64_t>(state_.earlier.count + (state_.newest ? 1 : 0));
    const bool is_known = state_.earlier.count >= 2;
    const Decayed& its = state_.earlier;
    const double deviation = is_known ? std::sqrt(its.m2 / its.weight) : 0;
    const double newest = state_.newest ? state_.newest->value : 0;
    Row row;
    tell(row, is_known,
         std::abs(newest - its.mean) / std::max(deviation, settings_.least_deviation));
    tell(row, state_.newest.has_value(), newest);
    tell(row, is_known, its.mean);
    tell(row, is_known, deviation);
    row.emplace_back(count);
    return row;
  }

 private:
  void age(Decayed& moments, double to_s) const {
    const double shrunk = portable::exp((moments.time_s - to_s) / to_seconds(settings_.decay));
    const double factor = std::max(shrunk, 1e-280);  // a weight stays above nothing
    moments.weight = std::max(moments.weight * factor, 1e-290);
    moments.m2 *= factor;
    moments.time_s = to_s;
  }
  void absorb(Decayed other) {
    Decayed& ours = state_.earlier;
    if (other.count == 0) return;
    if (ours.count == 0) {
      ours = other;
      return;
    }
    const double latest = std::max(ours.time_s, other.time_s);
    age(ours, latest);
    age(other, latest);
    const double weight = ours.weight + other.weight;
    const double apart = other.mean - ours.mean;
    ours.m2 += other.m2 + apart * apart * (ours.weight * (other.weight / weight));
    ours.mean += apart * (other.weight / weight);
    ours.weight = weight;
    ours.count += other.count;
  }
};

const Registered entry{
    aggregates(),
    aggregate_entry<AnomalyScore>("anomaly_score", "how many deviations the newest value is off")};

}  // namespace
}  // namespace evenkeel
