#include "sim/metrics/count_table.h"

#include <algorithm>

namespace evenkeel {

std::vector<CountResult> CountTable::totals(std::size_t first,
                                            const std::vector<std::string>& node_names) const {
  std::vector<CountResult> result;
  for (const Row& row : rows_) {
    CountResult count{.name = row.name};
    for (std::size_t i = first * (nodes_ + 1); i < row.cells.size(); ++i) {
      if (row.cells[i] == 0) continue;
      count.total += row.cells[i];
      const std::size_t node = i % (nodes_ + 1);
      if (node < nodes_) count.nodes[node_names[node]] += row.cells[i];
    }
    result.push_back(std::move(count));
  }
  std::sort(result.begin(), result.end(),
            [](const CountResult& a, const CountResult& b) { return a.name < b.name; });
  return result;
}

}  // namespace evenkeel
