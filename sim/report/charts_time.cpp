// What happened when: load, latency, how busy the nodes were, events.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "sim/report/charts_common.h"
#include "sim/report/format.h"

namespace evenkeel::report {
namespace {

constexpr std::size_t most_cells = 120;  // across a heat map
constexpr std::size_t most_table_rows = 400;

/// A value a bucket, put at the bucket's middle.
Points over_time(const std::vector<double>& values, const Variant& variant) {
  const double bucket = bucket_of(variant);
  const double end = variant.runs.front().duration_s;
  Points points;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double start = static_cast<double>(i) * bucket;
    points.emplace_back((start + std::min(start + bucket, end)) / 2, values[i]);
  }
  return points;
}

double largest_of(const std::vector<double>& values) {
  double largest = 0;
  for (const double value : values) {
    if (value > largest) largest = value;
  }
  return largest;
}

void mark_warm_up(Plane& plane, const Study& study) {
  if (warm_up_of(study) > 0) plane.mark(warm_up_of(study), "warm-up ends");
}

/// Columns: time, then one for each variant. Long series are thinned out.
Table table_over_time(const Study& study, const std::vector<std::vector<double>>& by_variant,
                      std::string (*format)(double)) {
  Table table{.columns = {"from"}};
  std::size_t longest = 0;
  for (std::size_t v = 0; v < by_variant.size(); ++v) {
    table.columns.push_back(study.variants[v].name);
    longest = std::max(longest, by_variant[v].size());
  }
  const std::size_t step = longest / most_table_rows + 1;
  for (std::size_t i = 0; i < longest; i += step) {
    const double start = static_cast<double>(i) * bucket_of(study.variants.front());
    table.rows.push_back({fmt::format("{} s", plain(start))});
    for (const auto& values : by_variant) {
      table.rows.back().push_back(i < values.size() ? format(values[i]) : "–");
    }
  }
  return table;
}

/// One curve a variant.
Panel rate_panel(const Study& study, const std::string& caption, const std::string& series,
                 bool with_sent) {
  double highest = 0;
  std::vector<std::vector<double>> values;
  const std::vector<double> sent = study.variants.front().over_classes("sent_rate");
  for (std::size_t v = 0; v < drawn_variants(study); ++v) {
    values.push_back(study.variants[v].over_classes(series));
    highest = std::max(highest, largest_of(values.back()));
  }
  if (highest == 0) return {};
  if (with_sent) highest = std::max(highest, largest_of(sent));
  std::vector<LegendEntry> legend = variant_legend(study);
  const Ink sent_ink{.colour = "var(--muted)", .dash = "1 3"};
  if (with_sent) legend.push_back({"sent", sent_ink});
  Plane plane(caption, legend, clock_axis(duration_of(study)),
              {Scale::linear(0, highest), "requests per second", number});
  if (with_sent) plane.curve(over_time(sent, study.variants.front()), sent_ink, "sent");
  for (std::size_t v = 0; v < values.size(); ++v) {
    plane.curve(over_time(values[v], study.variants[v]), series_ink(v), study.variants[v].name);
  }
  mark_warm_up(plane, study);
  return {.caption = caption, .svg = std::move(plane).finish()};
}

/// p99 (or the median) of one class, one curve a variant.
Panel latency_panel(const Study& study, const std::string& class_name, const std::string& series,
                    const std::string& word) {
  std::vector<std::vector<double>> values;
  std::vector<double> all;
  for (std::size_t v = 0; v < drawn_variants(study); ++v) {
    values.push_back(study.variants[v].series_values(series, Scope::request_class, class_name));
    all.insert(all.end(), values.back().begin(), values.back().end());
  }
  if (largest_of(all) == 0) return {};
  const std::string caption = fmt::format("{}, {}", class_name, word);
  Axis y = time_axis(all, word + " latency");
  Plane plane(caption, variant_legend(study), clock_axis(duration_of(study)), y);
  for (std::size_t v = 0; v < values.size(); ++v) {
    plane.curve(over_time(values[v], study.variants[v]), series_ink(v), study.variants[v].name);
  }
  mark_warm_up(plane, study);
  return {.caption = caption, .svg = std::move(plane).finish()};
}

struct HeatRow {
  std::string name;
  std::vector<double> values;
  double mean = 0;
};

std::vector<HeatRow> heat_rows(const Variant& variant, const std::string& series) {
  std::vector<HeatRow> rows;
  for (const NodeResult& node : variant.runs.front().nodes) {
    if (!node.serves) continue;
    HeatRow row{.name = node.name, .values = variant.series_values(series, Scope::node, node.name)};
    for (const double value : row.values) row.mean += value;
    if (!row.values.empty()) row.mean /= static_cast<double>(row.values.size());
    rows.push_back(std::move(row));
  }
  return rows;
}

/// The nodes that are shown: all, or where they are too many those with the highest means over
/// all variants, in the order of the platform.
std::set<std::string> shown_nodes(const std::vector<std::vector<HeatRow>>& by_variant) {
  std::map<std::string, double> highest;
  for (const auto& rows : by_variant) {
    for (const HeatRow& row : rows) highest[row.name] = std::max(highest[row.name], row.mean);
  }
  std::vector<std::pair<double, std::string>> order;
  for (const auto& [name, mean] : highest) order.emplace_back(-mean, name);
  std::sort(order.begin(), order.end());
  std::set<std::string> names;
  for (std::size_t i = 0; i < std::min(order.size(), most_rows); ++i) names.insert(order[i].second);
  return names;
}

/// Equal neighbours become one cell: the picture is the same and the page is light.
void draw_heat_row(Rows& rows, std::size_t row, const HeatRow& heat, double bucket, double end,
                   double scale) {
  const std::size_t step = (heat.values.size() + most_cells - 1) / most_cells;
  std::string colour;
  double from = 0;
  const auto close = [&](double to) {
    if (!colour.empty()) rows.cell(row, from, to, colour, {});
    from = to;
  };
  for (std::size_t i = 0; i < heat.values.size(); i += step) {
    double sum = 0;
    const std::size_t stop = std::min(i + step, heat.values.size());
    for (std::size_t k = i; k < stop; ++k) sum += heat.values[k];
    const double mean = sum / static_cast<double>(stop - i);
    std::string next = heat_colour(std::round(mean / scale * 25) / 25);
    if (next == colour) continue;
    close(static_cast<double>(i) * bucket);
    colour = std::move(next);
  }
  close(end);
}

std::optional<Chart> heat_map(const Study& study, const std::string& series, double scale,
                              std::string (*format)(double), Chart chart) {
  std::vector<std::vector<HeatRow>> by_variant;
  chart.table.columns = {"node"};
  for (const Variant& variant : study.variants) {
    by_variant.push_back(heat_rows(variant, series));
    chart.table.columns.push_back(variant.name);
  }
  if (by_variant.empty() || by_variant.front().empty()) return std::nullopt;
  double top = scale;
  if (top == 0) {
    for (const auto& rows : by_variant) {
      for (const HeatRow& row : rows) top = std::max(top, largest_of(row.values));
    }
  }
  if (top == 0) return std::nullopt;
  if (scale == 0) top = Scale::linear(0, top).high();
  const std::set<std::string> shown = shown_nodes(by_variant);
  std::vector<LegendEntry> legend;
  for (const double part : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    legend.push_back({format(part * top), {.colour = heat_colour(part)}});
  }
  for (std::size_t v = 0; v < std::min(by_variant.size(), most_panels); ++v) {
    std::vector<std::string> names;
    for (const HeatRow& row : by_variant[v]) {
      if (shown.contains(row.name)) names.push_back(row.name);
    }
    const double duration = study.variants[v].runs.front().duration_s;
    Rows rows(chart.heading + ", " + study.variants[v].name, legend, Key::box, names,
              clock_axis(duration), 18);
    std::size_t place = 0;
    for (const HeatRow& row : by_variant[v]) {
      if (!shown.contains(row.name)) continue;
      draw_heat_row(rows, place++, row, bucket_of(study.variants[v]), duration, top);
    }
    chart.panels.push_back({.caption = study.variants[v].name, .svg = std::move(rows).finish()});
  }
  for (std::size_t n = 0; n < by_variant.front().size(); ++n) {
    chart.table.rows.push_back({by_variant.front()[n].name});
    for (const auto& rows : by_variant) {
      chart.table.rows.back().push_back(n < rows.size() ? format(rows[n].mean) : "–");
    }
  }
  return chart;
}

}  // namespace

std::optional<Chart> load_over_time(const Study& study) {
  if (study.variants.empty() || study.variants.front().runs.empty()) return std::nullopt;
  Chart chart{.heading = "Load over time",
              .explanation = "Summed over the classes of requests; the mean over seeds."};
  for (Panel panel : {rate_panel(study, "completed", "completed_rate", true),
                      rate_panel(study, "lost", "lost_rate", false)}) {
    if (!panel.svg.empty()) chart.panels.push_back(std::move(panel));
  }
  if (chart.panels.empty()) return std::nullopt;
  std::vector<std::vector<double>> completed;
  for (const Variant& variant : study.variants) {
    completed.push_back(variant.over_classes("completed_rate"));
  }
  chart.table = table_over_time(study, completed, rate);
  return chart;
}

std::optional<Chart> latency_over_time(const Study& study) {
  if (!any_completed(study)) return std::nullopt;
  Chart chart{.heading = "Latency over time",
              .explanation =
                  "By the instant at which requests were answered; the mean over seeds "
                  "of each bucket's percentile."};
  std::vector<std::vector<double>> first_class;
  const std::vector<ClassResult>& classes = study.variants.front().runs.front().classes;
  for (std::size_t c = 0; c < std::min(classes.size(), most_panels / 2); ++c) {
    for (Panel panel : {latency_panel(study, classes[c].name, "latency_p99", "p99"),
                        latency_panel(study, classes[c].name, "latency_p50", "median")}) {
      if (!panel.svg.empty()) chart.panels.push_back(std::move(panel));
    }
  }
  if (chart.panels.empty()) return std::nullopt;
  for (const Variant& variant : study.variants) {
    first_class.push_back(
        variant.series_values("latency_p99", Scope::request_class, classes.front().name));
  }
  chart.table = table_over_time(study, first_class, time);
  chart.table.columns.front() = "p99 of " + classes.front().name + " from";
  return chart;
}

std::optional<Chart> utilisation_heat_map(const Study& study) {
  return heat_map(
      study, "utilisation", 1, share,
      {.heading = "Utilisation of the nodes",
       .explanation = "Busy share of each serving node's cores over time; the mean over "
                      "seeds. Bright is busy. The table gives means over the run."});
}

std::optional<Chart> queue_heat_map(const Study& study) {
  return heat_map(study, "mean_queue", 0, number,
                  {.heading = "Queues at the nodes",
                   .explanation = "Requests waiting at each serving node over time; the mean over "
                                  "seeds. Bright is long. The table gives means over the run."});
}

std::optional<Chart> events(const Study& study) {
  if (study.variants.empty()) return std::nullopt;
  const std::vector<RunEvent>& all = study.variants.front().events;
  if (all.empty()) return std::nullopt;
  std::vector<std::string> kinds;
  Table table{.columns = {"at", "node", "kind", "detail"}};
  for (const RunEvent& event : all) {
    if (std::count(kinds.begin(), kinds.end(), event.kind) == 0 && kinds.size() < most_rows) {
      kinds.push_back(event.kind);
    }
    if (table.rows.size() < most_table_rows) {
      table.rows.push_back(
          {fmt::format("{} s", plain(event.at_s)), event.node, event.kind, event.detail});
    }
  }
  Rows rows("Events", {}, Key::box, kinds, clock_axis(duration_of(study)), 24);
  for (std::size_t i = 0; i < std::min<std::size_t>(all.size(), 2000); ++i) {
    const auto row = std::find(kinds.begin(), kinds.end(), all[i].kind);
    if (row == kinds.end()) continue;
    const auto place = static_cast<std::size_t>(row - kinds.begin());
    rows.dot(
        place, all[i].at_s, series_ink(place),
        fmt::format("{} s: {} {} {}", plain(all[i].at_s), all[i].node, all[i].kind, all[i].detail));
  }
  return Chart{.heading = "Events",
               .explanation = "Of the first run of " + study.variants.front().name + ".",
               .panels = {{.svg = std::move(rows).finish()}},
               .table = std::move(table)};
}

}  // namespace evenkeel::report
