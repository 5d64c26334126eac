// Writes one table, row by row, as CSV or JSON.
#pragma once

#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <variant>
#include <vector>

namespace evenkeel {

/// A NaN is written as a missing value.
using Cell = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string>;

class TableWriter {
 public:
  virtual ~TableWriter() = default;
  /// As many cells as there are columns.
  virtual void row(const std::vector<Cell>& cells) = 0;
  virtual void end() = 0;
};

std::unique_ptr<TableWriter> csv_table(std::ostream& out, const std::vector<std::string>& columns);
std::unique_ptr<TableWriter> json_table(std::ostream& out, const std::vector<std::string>& columns);

}  // namespace evenkeel
