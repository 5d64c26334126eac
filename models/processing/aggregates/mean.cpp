// The arithmetic mean: an exact sum and a count. Merges exactly.
#include "models/processing/aggregate.h"
#include "models/processing/exact_sum.h"

namespace evenkeel {
namespace {

struct MeanState {
  std::uint64_t count = 0;
  std::vector<double> terms = {};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(count, terms);
  }
};

class Mean final : public Aggregate {
 public:
  using Settings = NoAggregateSettings;
  explicit Mean(const Settings&) {}

  static std::uint32_t inputs(const Settings&) { return 1; }
  static std::vector<Column> columns(const Settings&) {
    return {{"mean", ColumnType::real}, {"count", ColumnType::integer}};
  }
  static double ops_per_row(const Settings&) { return 35; }

  bool add(std::span<const Value> values) override {
    const std::optional<double> number = number_of(values[0]);
    if (!number) return false;
    sum_.add(*number);
    ++count_;
    return true;
  }
  bool merge(const Aggregate& other) override {
    const auto* same = dynamic_cast<const Mean*>(&other);
    if (same == nullptr) return false;
    count_ += same->count_;
    sum_.merge(same->sum_);
    return true;
  }
  Row result() const override {
    const auto count = static_cast<std::int64_t>(count_);
    Row row;
    tell(row, count > 0, count > 0 ? sum_.value() / static_cast<double>(count) : 0.0);
    row.emplace_back(count);
    return row;
  }
  Blob state() const override { return encoded(MeanState{count_, sum_.terms()}); }
  Result<Done> restore(View8 bytes) override {
    const std::optional<MeanState> state = decoded<MeanState>(bytes);
    if (!state || state->count >= (std::uint64_t{1} << 62) ||
        (state->count == 0 && !state->terms.empty()) || !sum_.set_terms(state->terms))
      return Error{ErrorCode::malformed, "these bytes are no state of this aggregate"};
    count_ = state->count;
    return Done{};
  }

 private:
  std::uint64_t count_ = 0;
  ExactSum sum_;
};

const Registered entry{aggregates(), aggregate_entry<Mean>("mean", "the arithmetic mean")};

}  // namespace
}  // namespace evenkeel
