// The sum of numbers, exact before one rounding at the end. Merges exactly.
#include "models/processing/aggregate.h"
#include "models/processing/exact_sum.h"

namespace evenkeel {
namespace {

struct SumState {
  std::vector<double> terms = {};
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(terms);
  }
};

class Sum final : public Aggregate {
 public:
  using Settings = NoAggregateSettings;
  explicit Sum(const Settings&) {}

  static std::uint32_t inputs(const Settings&) { return 1; }
  static std::vector<Column> columns(const Settings&) { return {{"sum", ColumnType::real}}; }
  static double ops_per_row(const Settings&) { return 30; }

  bool add(std::span<const Value> values) override {
    const std::optional<double> number = number_of(values[0]);
    if (number) sum_.add(*number);
    return number.has_value();
  }
  bool merge(const Aggregate& other) override {
    const auto* same = dynamic_cast<const Sum*>(&other);
    if (same != nullptr) sum_.merge(same->sum_);
    return same != nullptr;
  }
  Row result() const override { return {sum_.value()}; }
  Blob state() const override { return encoded(SumState{sum_.terms()}); }
  Result<Done> restore(View8 bytes) override {
    const std::optional<SumState> state = decoded<SumState>(bytes);
    if (!state || !sum_.set_terms(state->terms))
      return Error{ErrorCode::malformed, "these bytes are no state of this aggregate"};
    return Done{};
  }

 private:
  ExactSum sum_;
};

const Registered entry{aggregates(), aggregate_entry<Sum>("sum", "the sum of numbers, exact")};

}  // namespace
}  // namespace evenkeel
