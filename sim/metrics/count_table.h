// Named counts of a run, by node and slice. Names are few; adding to a known one allocates nothing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "models/runtime/check.h"
#include "sim/metrics/run_result.h"

namespace evenkeel {

class CountTable {
 public:
  CountTable(std::size_t nodes, std::size_t slices) : nodes_(nodes), slices_(slices) {}

  /// A node beyond the last one stands for "no node".
  void add(std::string_view name, std::size_t node, std::size_t slice, double amount) {
    Row& row = find(name);
    row.cells[slice * (nodes_ + 1) + (node < nodes_ ? node : nodes_)] += amount;
  }

  /// Totals from slice `first` on, by name.
  std::vector<CountResult> totals(std::size_t first,
                                  const std::vector<std::string>& node_names) const;

 private:
  struct Row {
    std::string name;
    std::vector<double> cells;
  };

  Row& find(std::string_view name) {
    for (Row& row : rows_) {
      if (row.name == name) return row;
    }
    EVENKEEL_CHECK(rows_.size() < 1000, "names of counts without end");
    rows_.push_back({std::string(name), std::vector<double>(slices_ * (nodes_ + 1))});
    return rows_.back();
  }

  std::size_t nodes_;
  std::size_t slices_;
  std::vector<Row> rows_;
};

}  // namespace evenkeel
