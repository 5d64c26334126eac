// The charts of a report, each with the table it was drawn from.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/report/variants.h"

namespace evenkeel::report {

/// Text, not yet escaped. The first column names the row; the others hold numbers.
struct Table {
  std::vector<std::string> columns = {};
  std::vector<std::vector<std::string>> rows = {};
};

struct Panel {
  std::string caption = {};  // empty where a chart has one panel
  std::string svg = {};
};

struct Chart {
  std::string heading = {};
  std::string explanation = {};  // how to read it
  std::vector<Panel> panels = {};
  Table table = {};
};

/// Nothing where the study has no such data. `name` is one of chart_kinds().
std::optional<Chart> make_chart(std::string_view name, const Study& study);

// What make_chart() chooses from, by file.
std::optional<Chart> latency_cdf(const Study& study);
std::optional<Chart> latency_ccdf(const Study& study);
std::optional<Chart> percentiles(const Study& study);
std::optional<Chart> phases(const Study& study);
std::optional<Chart> p99_by_site(const Study& study);
std::optional<Chart> utilisation_heat_map(const Study& study);
std::optional<Chart> queue_heat_map(const Study& study);
std::optional<Chart> load_over_time(const Study& study);
std::optional<Chart> latency_over_time(const Study& study);
std::optional<Chart> imbalance(const Study& study);
std::optional<Chart> energy_used(const Study& study);
std::optional<Chart> events(const Study& study);
std::optional<Chart> privacy_strategies(const Study& study);

}  // namespace evenkeel::report
