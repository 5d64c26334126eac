// The charts a report can show, by the names that a scenario's `charts:` list uses.
#pragma once

#include <span>
#include <string_view>

namespace evenkeel {

struct ChartKind {
  std::string_view name;
  std::string_view summary;  // one line
};

/// In the order in which a report shows them.
std::span<const ChartKind> chart_kinds();

}  // namespace evenkeel
