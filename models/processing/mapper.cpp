#include "models/processing/mapper.h"

#include <cmath>

namespace evenkeel {

Catalogue& mappers() {
  static Catalogue all{"mapper"};
  return all;
}

std::vector<std::uint32_t> column_numbers(const std::vector<double>& columns) {
  std::vector<std::uint32_t> places;
  for (const double column : columns) places.push_back(static_cast<std::uint32_t>(column));
  return places;
}

Row columns_of(const Row& row, const std::vector<double>& columns) {
  Row chosen;
  for (const double column : columns) {
    chosen.emplace_back();
    if (column < static_cast<double>(row.size()))
      chosen.back() = row[static_cast<std::size_t>(column)];
  }
  return chosen;
}

void describe_columns(Fields& fields, std::string_view name, std::vector<double>& columns,
                      std::string_view meaning) {
  fields.numbers(name, columns, Unit::none, {meaning, 0, 1000});
  for (const double column : columns)
    if (column != std::floor(column)) fields.refuse(name, "columns are whole numbers");
  if (columns.size() > 100) fields.refuse(name, "give at most 100 columns");
}

}  // namespace evenkeel
