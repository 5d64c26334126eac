// Least squares: y = intercept + sum of slope_i x_i, from means and co-moments, which merge as in
// Pébay ("Formulas for robust, one-pass parallel computation of covariances", SAND2008-6212,
// equation 3.11). Inputs: x_1 .. x_f, y. Order and division change the result by rounding only.
#include <cmath>

#include "models/processing/aggregate.h"

namespace evenkeel {
namespace {

struct RegressionState {
  std::uint64_t count = 0;
  std::vector<double> means = {};      // of x_1 .. x_f, y
  std::vector<double> comoments = {};  // lower triangle by rows
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(count, means, comoments);
  }
};

struct RegressionSettings {
  std::int64_t features = 1;
  double ridge = 0;
  void describe(Fields& fields) {
    fields.integer("features", features, {"inputs before the last, which is explained", 1, 16});
    fields.number("ridge", ridge, Unit::none,
                  {"added to each feature's variance: prefers small slopes", 0, 1e9});
  }
  friend bool operator==(const RegressionSettings&, const RegressionSettings&) = default;
};

std::size_t at(std::size_t row, std::size_t column) { return row * (row + 1) / 2 + column; }

class LinearRegression final
    : public MergeableAggregate<LinearRegression, RegressionState, RegressionSettings> {
 public:
  explicit LinearRegression(const Settings& settings)
      : MergeableAggregate(settings), size_(static_cast<std::size_t>(settings.features) + 1) {
    state_.means.resize(size_);
    state_.comoments.resize(size_ * (size_ + 1) / 2);
  }

  static std::uint32_t inputs(const Settings& settings) {
    return static_cast<std::uint32_t>(settings.features) + 1;
  }
  static std::vector<Column> columns(const Settings& settings) {
    std::vector<Column> columns{{"intercept", ColumnType::real}};
    for (std::int64_t i = 1; i <= settings.features; ++i)
      columns.push_back({"slope_" + std::to_string(i), ColumnType::real});
    columns.push_back({"r_squared", ColumnType::real});
    columns.push_back({"count", ColumnType::integer});
    return columns;
  }
  static double ops_per_row(const Settings& settings) {
    const auto n = static_cast<double>(settings.features + 1);
    return 20 + 4 * n * n;
  }

  bool add(std::span<const Value> values) override {
    State one{1, {}, std::vector<double>(state_.comoments.size())};
    for (std::size_t i = 0; i < size_; ++i) {
      const std::optional<double> number = number_of(values[i]);
      if (!number) return false;
      one.means.push_back(*number);
    }
    merge_state(one);
    return true;
  }
  void merge_state(const State& other) {
    if (other.count == 0) return;
    const auto ours = static_cast<double>(state_.count);
    const auto theirs = static_cast<double>(other.count);
    const double share = ours * theirs / (ours + theirs);
    for (std::size_t i = 0; i < size_; ++i)
      for (std::size_t j = 0; j <= i; ++j)
        state_.comoments[at(i, j)] +=
            other.comoments[at(i, j)] +
            share * (other.means[i] - state_.means[i]) * (other.means[j] - state_.means[j]);
    for (std::size_t i = 0; i < size_; ++i)
      state_.means[i] = (state_.means[i] * ours + other.means[i] * theirs) / (ours + theirs);
    state_.count += other.count;
  }
  bool is_sound(const State& state) const {
    if (state.means.size() != size_ || state.comoments.size() != state_.comoments.size() ||
        state.count >= (std::uint64_t{1} << 48))
      return false;
    for (const double mean : state.means)
      if (!is_usable(mean) || (state.count == 0 && mean != 0)) return false;
    for (const double moment : state.comoments)
      if (!std::isfinite(moment) || (state.count == 0 && moment != 0)) return false;
    for (std::size_t i = 0; i < size_; ++i)
      if (state.comoments[at(i, i)] < 0) return false;
    return true;
  }
  Row result() const override {
    const std::size_t features = size_ - 1;
    const auto count = static_cast<std::int64_t>(state_.count);
    const std::optional<std::vector<double>> slopes = solve();
    if (!slopes) {
      Row nothing(features + 2);
      nothing.emplace_back(count);
      return nothing;
    }
    double intercept = state_.means[features];
    double explained = 0;
    Row row(1);
    for (std::size_t i = 0; i < features; ++i) {
      intercept -= (*slopes)[i] * state_.means[i];
      explained += (*slopes)[i] * state_.comoments[at(features, i)];
      row.emplace_back((*slopes)[i]);
    }
    row[0].emplace<double>(intercept);
    const double total = state_.comoments[at(features, features)];
    tell(row, total > 0, total > 0 ? explained / total : 0.0);
    row.emplace_back(count);
    return row;
  }

 private:
  // Cholesky; nothing if the features do not decide the slopes.
  std::optional<std::vector<double>> solve() const {
    const std::size_t n = size_ - 1;
    std::vector<double> lower(n * (n + 1) / 2);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        double rest = state_.comoments[at(i, j)];
        if (i == j) rest += settings_.ridge * static_cast<double>(state_.count);
        const double whole = rest;
        for (std::size_t k = 0; k < j; ++k) rest -= lower[at(i, k)] * lower[at(j, k)];
        if (i == j) {
          if (!(rest > 1e-12 * whole)) return std::nullopt;
          lower[at(i, i)] = std::sqrt(rest);
        } else {
          lower[at(i, j)] = rest / lower[at(j, j)];
        }
      }
    }
    std::vector<double> x(n);
    for (std::size_t i = 0; i < n; ++i) {
      x[i] = state_.comoments[at(n, i)];
      for (std::size_t k = 0; k < i; ++k) x[i] -= lower[at(i, k)] * x[k];
      x[i] /= lower[at(i, i)];
    }
    for (std::size_t i = n; i-- > 0;) {
      for (std::size_t k = i + 1; k < n; ++k) x[i] -= lower[at(k, i)] * x[k];
      x[i] /= lower[at(i, i)];
    }
    return x;
  }

  std::size_t size_;
};

const Registered entry{aggregates(), aggregate_entry<LinearRegression>(
                                         "linear_regression", "the line of least squares")};

}  // namespace
}  // namespace evenkeel
