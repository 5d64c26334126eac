// Amounts as measured: every value of a column of a CSV file is equally likely.
#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/workload/amounts.h"
#include "sim/workload/csv.h"
#include "sim/workload/service.h"

namespace evenkeel {
namespace {

class Empirical final : public Distribution {
 public:
  struct Settings {
    std::string file = {};
    std::string column = "value";
    double unit = 1;

    void describe(Fields& fields) {
      fields.file("file", file, {"a CSV file with a header"});
      fields.text("column", column, {"the column of the amounts"});
      fields.number("unit", unit, Unit::work,
                    {"what a 1 in the file stands for", least_amount, max_amount});
    }
  };

  explicit Empirical(const Settings& settings) {
    if (settings.file.empty()) throw UserError("empirical: 'file' must name a CSV file");
    CsvFile csv{settings.file};
    const std::size_t column = csv.column(settings.column);
    while (csv.next_row())
      values_.push_back(settings.unit * csv.number(column, 0, max_amount / settings.unit));
    if (values_.empty()) throw UserError(Place{settings.file}, "has no rows below its header");
    measure();
  }

  double sample(Random& random) const override { return values_[random.below(values_.size())]; }
  double mean() const override { return mean_; }
  double cv2() const override { return cv2_; }

 private:
  void measure() {
    const auto count = static_cast<double>(values_.size());
    for (const double value : values_) mean_ += value / count;
    if (mean_ == 0) return;
    for (const double value : values_) {
      const double deviation = value / mean_ - 1;
      cv2_ += deviation * deviation / count;
    }
  }

  std::vector<double> values_;
  double mean_ = 0;
  double cv2_ = 0;
};

const Registered entry{service_times(), distribution_entry<Empirical>(
                                            "empirical", "the values of a CSV file's column")};

}  // namespace
}  // namespace evenkeel
