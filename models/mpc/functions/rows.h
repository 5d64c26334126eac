// A table that an owner has: its numbers, row after row.
#pragma once

#include <fmt/format.h>

#include "models/mpc/function.h"

namespace evenkeel {

class OwnerRows {
 public:
  OwnerRows(std::span<const double> cells, std::size_t columns)
      : cells_(cells), columns_(columns) {}

  std::size_t size() const { return cells_.size() / columns_; }
  std::span<const double> operator[](std::size_t row) const {
    return cells_.subspan(row * columns_, columns_);
  }

 private:
  std::span<const double> cells_;
  std::size_t columns_;
};

/// For Function::objection: that an owner's numbers are no whole rows. `row` says what is in one.
inline std::optional<std::string> uneven_rows(const Problem& problem, std::size_t columns,
                                              std::string_view row) {
  if (problem.size % columns == 0) return std::nullopt;
  return fmt::format("{} numbers an owner are no whole rows: give a multiple of {}, {}",
                     problem.size, columns, row);
}

}  // namespace evenkeel
