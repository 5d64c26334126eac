// Quantiles by DDSketch (Masson, Rim & Lee, VLDB 2019, "DDSketch: a fast and fully-mergeable
// quantile sketch with relative-error guarantees").
// Bound: each answer lies within `accuracy` (relative) of the true quantile, the value of rank
// floor(1 + q (n - 1)), if that one's magnitude is at least 1/r of the greatest one, where
// r = gamma^2047, gamma = (1 + accuracy) / (1 - accuracy): 6e17 for 1 %; smaller ones are answered
// as if they had that magnitude, at most. Merges exactly.
#include <algorithm>
#include <cmath>
#include <map>

#include "models/processing/aggregate.h"
#include "models/runtime/portable_math.h"

namespace evenkeel {
namespace {

using Buckets = std::map<std::int32_t, std::uint64_t>;
constexpr std::size_t most_buckets = 2048;  // of one sign
constexpr double smallest = 1e-100;         // nearer to zero counts as zero

struct QuantilesState {
  std::uint64_t zeros = 0;
  Buckets positive = {};  // i: magnitudes in (gamma^(i-1), gamma^i]
  Buckets negative = {};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(zeros, positive, negative);
  }
};

struct QuantilesSettings {
  double accuracy = 0.01;
  std::vector<double> at{0.5, 0.9, 0.99};
  void describe(Fields& fields) {
    fields.number("accuracy", accuracy, Unit::none, {"relative error of answers", 1e-4, 0.2});
    fields.numbers("at", at, Unit::none, {"which quantiles, as shares", 0, 1});
    if (at.empty() || at.size() > 100) fields.refuse("at", "give 1 to 100 quantiles");
  }
  friend bool operator==(const QuantilesSettings&, const QuantilesSettings&) = default;
};

std::string name_of_quantile(double share) {
  std::string name = "p" + std::to_string(std::llround(share * 1e6) / 10'000);
  const long long rest = std::llround(share * 1e6) % 10'000;
  if (rest == 0) return name;
  std::string digits = std::to_string(rest + 10'000).substr(1);
  while (digits.back() == '0') digits.pop_back();
  return name + "_" + digits;
}

// What is too small for the room counts as the smallest that has room. The room ends at the
// greatest index whatever the order was, so that no order shows.
void shrink(Buckets& buckets) {
  if (buckets.empty()) return;
  const std::int32_t lowest = buckets.rbegin()->first - static_cast<std::int32_t>(most_buckets) + 1;
  std::uint64_t moved = 0;
  while (buckets.begin()->first < lowest) {
    moved += buckets.begin()->second;
    buckets.erase(buckets.begin());
  }
  if (moved > 0) buckets[lowest] += moved;
}

class Quantiles final : public MergeableAggregate<Quantiles, QuantilesState, QuantilesSettings> {
 public:
  explicit Quantiles(const Settings& settings)
      : MergeableAggregate(settings),
        gamma_((1 + settings.accuracy) / (1 - settings.accuracy)),
        log_gamma_(portable::log(gamma_)) {}

  static std::uint32_t inputs(const Settings&) { return 1; }
  static std::vector<Column> columns(const Settings& settings) {
    std::vector<Column> columns;
    for (const double share : settings.at)
      columns.push_back({name_of_quantile(share), ColumnType::real});
    columns.push_back({"count", ColumnType::integer});
    return columns;
  }
  static double ops_per_row(const Settings&) { return 120; }

  bool add(std::span<const Value> values) override {
    const std::optional<double> number = number_of(values[0]);
    if (!number) return false;
    const double magnitude = std::abs(*number);
    if (magnitude < smallest) {
      ++state_.zeros;
      return true;
    }
    Buckets& buckets = *number > 0 ? state_.positive : state_.negative;
    ++buckets[static_cast<std::int32_t>(std::ceil(portable::log(magnitude) / log_gamma_))];
    shrink(buckets);
    return true;
  }
  void merge_state(const State& other) {
    state_.zeros += other.zeros;
    for (const auto& [index, count] : other.positive) state_.positive[index] += count;
    for (const auto& [index, count] : other.negative) state_.negative[index] += count;
    shrink(state_.positive);
    shrink(state_.negative);
  }
  bool is_sound(const State& state) const {
    const double furthest = portable::log(largest_number) / log_gamma_ + 1;
    const auto good = [&](const Buckets& buckets) {
      if (buckets.empty()) return true;
      const std::int64_t lowest = buckets.begin()->first;
      const std::int64_t highest = buckets.rbegin()->first;
      return highest - lowest < static_cast<std::int64_t>(most_buckets) &&
             std::abs(static_cast<double>(lowest)) <= furthest &&
             std::abs(static_cast<double>(highest)) <= furthest &&
             std::ranges::all_of(buckets, [](const auto& one) {
               return one.second > 0 && one.second < (std::uint64_t{1} << 48);
             });
    };
    return state.zeros < (std::uint64_t{1} << 48) && good(state.positive) && good(state.negative);
  }
  Row result() const override {
    std::uint64_t count = state_.zeros;
    for (const auto& [index, its] : state_.positive) count += its;
    for (const auto& [index, its] : state_.negative) count += its;
    Row row;
    for (const double share : settings_.at)
      tell(row, count > 0, count > 0 ? value_at(share, count) : 0.0);
    row.emplace_back(static_cast<std::int64_t>(count));
    return row;
  }

 private:
  double middle(std::int32_t index) const {
    return 2 * portable::exp(log_gamma_ * index) / (gamma_ + 1);
  }
  double value_at(double share, std::uint64_t count) const {
    std::uint64_t before = static_cast<std::uint64_t>(share * static_cast<double>(count - 1));
    for (auto bucket = state_.negative.rbegin(); bucket != state_.negative.rend(); ++bucket) {
      if (before < bucket->second) return -middle(bucket->first);
      before -= bucket->second;
    }
    if (before < state_.zeros) return 0;
    before -= state_.zeros;
    for (const auto& [index, its] : state_.positive) {
      if (before < its) return middle(index);
      before -= its;
    }
    return middle(state_.positive.empty() ? 0 : state_.positive.rbegin()->first);
  }

  double gamma_;
  double log_gamma_;
};

const Registered entry{
    aggregates(),
    aggregate_entry<Quantiles>("quantiles", "quantiles within a relative error (DDSketch)")};

}  // namespace
}  // namespace evenkeel
