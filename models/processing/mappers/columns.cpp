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
  std::vector<std::uint32_t> columns(const std::vector<std::uint32_t>& values) const override {
    std::vector<std::uint32_t> used = column_numbers(settings_.group);
    const std::vector<std::uint32_t> all = column_numbers(settings_.values);
    for (const std::uint32_t value : values)
      if (value < all.size()) used.push_back(all[value]);
    return used;
  }
  double ops_per_row() const override { return 400; }

 private:
  Settings settings_;
};

const Registered entry{mappers(),
                       mapper_entry<Columns>("columns", "some columns by some other columns")};

}  // namespace
}  // namespace evenkeel
