// The most frequent values, by Misra-Gries counters, merged as Agarwal, Cormode, Huang, Phillips,
// Wei & Yi (PODS 2012, "Mergeable summaries", section 2; SpaceSaving is the same summary with the
// least count added back).
// Bound: with m counters and n values, each true count lies between the count told and that plus
// `error`, and error <= n / (m + 1): all values with more than n / (m + 1) are among the counters.
// With at most m different values everything is exact. Which values stay depends on order and
// division beyond that; the bound does not.
#include <algorithm>

#include "models/processing/aggregate.h"

namespace evenkeel {
namespace {

constexpr std::size_t longest_value = 200;  // bytes; longer ones are not counted

struct TopKState {
  std::uint64_t values = 0;  // added
  std::uint64_t error = 0;   // taken from each count, at most
  std::map<std::string, std::uint64_t> counts = {};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(values, error, counts);
  }
};

struct TopKSettings {
  std::int64_t k = 5;
  std::int64_t counters = 100;
  void describe(Fields& fields) {
    fields.integer("k", k, {"values told", 1, 100});
    fields.integer("counters", counters, {"values counted at once", 1, 10'000});
    if (counters < k) fields.refuse("counters", "must be at least k");
  }
  friend bool operator==(const TopKSettings&, const TopKSettings&) = default;
};

class TopK final : public MergeableAggregate<TopK, TopKState, TopKSettings> {
 public:
  using MergeableAggregate::MergeableAggregate;

  static constexpr bool tells_rows = true;
  static std::uint32_t inputs(const Settings&) { return 1; }
  static std::vector<Column> columns(const Settings& settings) {
    std::vector<Column> columns;
    for (std::int64_t i = 1; i <= settings.k; ++i) {
      columns.push_back({"value_" + std::to_string(i), ColumnType::text});
      columns.push_back({"count_" + std::to_string(i), ColumnType::integer});
    }
    columns.push_back({"error", ColumnType::integer});
    return columns;
  }
  static double ops_per_row(const Settings&) { return 150; }

  bool add(std::span<const Value> values) override {
    if (std::holds_alternative<std::monostate>(values[0])) return false;
    std::string text = to_text(values[0]);
    if (text.size() > longest_value) return false;
    ++state_.values;
    ++state_.counts[std::move(text)];
    if (state_.counts.size() > room()) shrink();
    return true;
  }
  void merge_state(const State& other) {
    state_.values += other.values;
    state_.error += other.error;
    for (const auto& [text, count] : other.counts) state_.counts[text] += count;
    if (state_.counts.size() > room()) shrink();
  }
  bool is_sound(const State& state) const {
    if (state.counts.size() > room() || state.values >= (std::uint64_t{1} << 48)) return false;
    std::uint64_t counted = 0;
    for (const auto& [text, count] : state.counts) {
      if (text.size() > longest_value || count == 0 || count > state.values) return false;
      counted += count;
    }
    return counted <= state.values && state.error <= (state.values - counted) / (room() + 1);
  }
  Row result() const override {
    std::vector<std::pair<std::uint64_t, std::string>> order;
    for (const auto& [text, count] : state_.counts) order.emplace_back(count, text);
    std::ranges::sort(order, [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    Row row;
    for (std::size_t i = 0; i < static_cast<std::size_t>(settings_.k); ++i) {
      const bool there = i < order.size();
      tell(row, there, there ? order[i].second : std::string{});
      tell(row, there, there ? static_cast<std::int64_t>(order[i].first) : std::int64_t{0});
    }
    row.emplace_back(static_cast<std::int64_t>(state_.error));
    return row;
  }

 private:
  std::size_t room() const { return static_cast<std::size_t>(settings_.counters); }

  // Takes the (m+1)-th greatest count from all, which takes it from m + 1 at least.
  void shrink() {
    std::vector<std::uint64_t> counts;
    for (const auto& [text, count] : state_.counts) counts.push_back(count);
    const auto place = counts.begin() + static_cast<std::ptrdiff_t>(room());
    std::ranges::nth_element(counts, place, std::greater{});
    const std::uint64_t taken = *place;
    state_.error += taken;
    for (auto one = state_.counts.begin(); one != state_.counts.end();) {
      one->second -= std::min(one->second, taken);
      one = one->second == 0 ? state_.counts.erase(one) : std::next(one);
    }
  }
};

const Registered entry{aggregates(),
                       aggregate_entry<TopK>("top_k", "the most frequent values, and how often")};

}  // namespace
}  // namespace evenkeel
