// Amounts of which only percentiles are known, as in the Azure Functions traces: each row of a CSV
// file is one function with the values at some percentiles, straight lines between them; rows are
// mixed by their weights.
#include <algorithm>
#include <charconv>
#include <vector>

#include "sim/workload/amounts.h"
#include "sim/workload/csv.h"
#include "sim/workload/service.h"

namespace evenkeel {
namespace {

constexpr std::size_t max_values = 20'000'000;

/// The percentile that a column's name ends in.
std::optional<double> percent_of(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return std::nullopt;
  name.remove_prefix(prefix.size());
  double percent = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), percent);
  if (error != std::errc{} || end != name.data() + name.size()) return std::nullopt;
  return percent >= 0 && percent <= 100 ? std::optional{percent} : std::nullopt;
}

class Percentiles final : public Distribution {
 public:
  struct Settings {
    std::string file = {};
    std::string prefix = "percentile_Average_";
    std::string weight = {};
    double unit = 1;

    void describe(Fields& fields) {
      fields.file("file", file, {"a CSV file with a header"});
      fields.text("prefix", prefix,
                  {"how the columns' names begin; they end in the percentile, from 0 to 100"});
      fields.text("weight", weight,
                  {"column of the rows' weights; empty: all rows weigh the same"});
      fields.number("unit", unit, Unit::work,
                    {"what a 1 in the file stands for", least_amount, max_amount});
    }
  };

  explicit Percentiles(const Settings& settings) {
    if (settings.file.empty()) throw UserError("percentiles: 'file' must name a CSV file");
    CsvFile csv{settings.file};
    const std::vector<std::size_t> columns = find_columns(csv, settings.prefix);
    const std::optional<std::size_t> weight = csv.optional_column(settings.weight);
    while (csv.next_row()) {
      read_values(csv, columns, settings.unit);
      const double row_weight = weight ? csv.number(*weight, 0, 1e15) : 1;
      weights_.push_back((weights_.empty() ? 0 : weights_.back()) + row_weight);
    }
    if (weights_.empty() || weights_.back() <= 0)
      throw UserError(Place{settings.file}, "needs at least one row with a weight above 0");
    measure();
  }

  double sample(Random& random) const override {
    const double total = weights_.back();
    const double u = random.uniform() * total;
    const auto row =
        static_cast<std::size_t>(std::ranges::upper_bound(weights_, u) - weights_.begin());
    const double* values = &values_[std::min(row, weights_.size() - 1) * ranks_.size()];
    const double rank = random.uniform();
    const auto above = static_cast<std::size_t>(
        std::upper_bound(ranks_.begin() + 1, ranks_.end() - 1, rank) - ranks_.begin());
    const double part = (rank - ranks_[above - 1]) / (ranks_[above] - ranks_[above - 1]);
    return values[above - 1] + part * (values[above] - values[above - 1]);
  }
  double mean() const override { return mean_; }
  double cv2() const override { return cv2_; }

 private:
  /// The columns in the order of their percentiles, which go to ranks_ as shares of 1.
  std::vector<std::size_t> find_columns(const CsvFile& csv, const std::string& prefix) {
    std::vector<std::pair<double, std::size_t>> found;
    for (std::size_t i = 0; i < csv.columns().size(); ++i)
      if (const auto percent = percent_of(csv.columns()[i], prefix))
        found.emplace_back(*percent, i);
    std::ranges::sort(found);
    if (found.size() < 2 || found.front().first != 0 || found.back().first != 100)
      throw UserError(Place{csv.name(), 1, 1}, "needs columns '" + prefix + "0' and '" + prefix +
                                                   "100', and those between that are known");
    std::vector<std::size_t> columns;
    for (const auto& [percent, column] : found) {
      if (!ranks_.empty() && percent / 100 == ranks_.back())
        throw UserError(Place{csv.name(), 1, 1},
                        "two columns for one percentile: '" + csv.columns()[column] + "'");
      ranks_.push_back(percent / 100);
      columns.push_back(column);
    }
    return columns;
  }

  void read_values(const CsvFile& csv, const std::vector<std::size_t>& columns, double unit) {
    if (values_.size() + columns.size() > max_values)
      csv.refuse(columns.front(), "more than 20 million values");
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const double value = unit * csv.number(columns[i], 0, max_amount / unit);
      if (i > 0 && value < values_.back())
        csv.refuse(columns[i], "is below the percentile before it");
      values_.push_back(value);
    }
  }

  /// On a straight piece from a to b: E[X] = (a+b)/2 and E[X^2] = (a^2+ab+b^2)/3.
  void measure() {
    double second = 0;
    for (std::size_t row = 0; row < weights_.size(); ++row) {
      const double share = (weights_[row] - (row > 0 ? weights_[row - 1] : 0)) / weights_.back();
      for (std::size_t i = 1; i < ranks_.size(); ++i) {
        const double a = values_[row * ranks_.size() + i - 1];
        const double b = values_[row * ranks_.size() + i];
        const double piece = share * (ranks_[i] - ranks_[i - 1]);
        mean_ += piece * (a + b) / 2;
        second += piece * (a * a + a * b + b * b) / 3;
      }
    }
    if (mean_ > 0) cv2_ = std::max(0.0, second / (mean_ * mean_) - 1);
  }

  std::vector<double> ranks_;    // ascending, 0 to 1
  std::vector<double> values_;   // row by row, one a rank
  std::vector<double> weights_;  // of the rows, added up
  double mean_ = 0;
  double cv2_ = 0;
};

const Registered entry{
    service_times(),
    distribution_entry<Percentiles>("percentiles", "from the percentiles in a CSV file's rows")};

}  // namespace
}  // namespace evenkeel
