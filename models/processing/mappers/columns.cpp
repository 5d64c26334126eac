// Some columns are the key, some the values: aggregates by group, regressions, histograms.
#include "models/processing/mapper.h"

namespace evenkeel {
namespace {

class Columns final : public Mapper {
 public:
  struct Settings {
    std::vector<double> group{};
    std::vector<double> values{0};
    void describe(Fields& fields) {
      describe_columns(fields, "group", group, "columns of the key, from 0; none: one key for all");
      describe_columns(fields, "values", values, "columns of the values, from 0");
    }
  };
  explicit Columns(const Settings& settings) : settings_(settings) {}

  void map(const Row& row, const Emit& emit) const override {
    emit(columns_of(row, settings_.group), columns_of(row, settings_.values));
  }
  double ops_per_row() const override { return 400; }

 private:
  Settings settings_;
};

const Registered entry{mappers(),
                       mapper_entry<Columns>("columns", "some columns by some other columns")};

}  // namespace
}  // namespace evenkeel
