#include "gui/data/run_series.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gui/data/plot_reading.h"

namespace evenkeel::gui {
namespace {

constexpr std::size_t mostEvents = 300;  // on a time line; the plot of events has all

void addEvents(const RunResult& run, const TimeRange& range, PlotSpec& spec) {
  std::size_t leftOff = 0;
  for (const RunEvent& event : run.events) {
    if (!range.holds(event.at_s)) continue;
    if (spec.events.size() == mostEvents) {
      ++leftOff;
      continue;
    }
    std::string text = event.kind;
    if (!event.node.empty()) text += " " + event.node;
    if (!event.detail.empty()) text += ": " + event.detail;
    spec.events.push_back({.at = event.at_s, .text = std::move(text)});
  }
  if (leftOff > 0)
    spec.notes.push_back(fmt::format("{} more events are not marked on the time line.", leftOff));
}

}  // namespace

bool TimeRange::isSet() const { return from < to; }

bool TimeRange::holds(double seconds) const {
  return !isSet() || (seconds >= from && seconds <= to);
}

bool TimeRange::isSame(const TimeRange& other) const {
  if (!isSet() || !other.isSet()) return isSet() == other.isSet();
  return from == other.from && to == other.to;
}

const Series* seriesOf(const RunResult& run, const std::string& name, Scope scope,
                       const std::string& subject) {
  const auto found = std::ranges::find_if(run.series, [&](const Series& one) {
    return one.name == name && one.scope == scope && one.subject == subject;
  });
  return found == run.series.end() ? nullptr : &*found;
}

Buckets bucketsOf(const RunResult& run, const TimeRange& range, std::size_t count) {
  if (!range.isSet() || !(run.bucket_s > 0)) return {0, count};
  const auto at = [&](double seconds) {
    return static_cast<std::size_t>(std::max(0.0, seconds / run.bucket_s));
  };
  return {std::min(count, at(range.from)), std::min(count, at(range.to) + 1)};
}

double bucketMiddle(const RunResult& run, std::size_t bucket) {
  const double start = static_cast<double>(bucket) * run.bucket_s;
  return (start + std::min(start + run.bucket_s, run.duration_s)) / 2;
}

Points overTime(const RunResult& run, const std::vector<double>& values, const TimeRange& range,
                double factor) {
  Points points;
  const Buckets buckets = bucketsOf(run, range, values.size());
  for (std::size_t i = buckets.first; i < buckets.last; ++i)
    points.emplace_back(bucketMiddle(run, i), values[i] * factor);
  return points;
}

bool holds(const std::set<std::string>& names, const std::string& name) {
  return names.empty() || names.contains(name);
}

std::vector<double> sumOverClasses(const RunResult& run, const std::string& name,
                                   const Classes& classes) {
  std::vector<double> sum;
  for (const Series& one : run.series) {
    if (one.name != name || one.scope != Scope::request_class) continue;
    if (!holds(classes, one.subject)) continue;
    sum.resize(std::max(sum.size(), one.values.size()));
    for (std::size_t i = 0; i < one.values.size(); ++i)
      if (!std::isnan(one.values[i])) sum[i] += one.values[i];
  }
  return sum;
}

PlotSpec timePlot(const RunResult& run, const TimeRange& range, PlotSpec spec) {
  spec.x = {.label = "time since the start, s", .low = 0, .high = run.duration_s};
  if (range.isSet()) {
    spec.x.low = range.from;
    spec.x.high = range.to;
  }
  spec.isOverTime = true;
  if (run.warm_up_s > 0) spec.marks.emplace_back(run.warm_up_s, "warm-up ends");
  addEvents(run, range, spec);
  return spec;
}

Table tableOf(const PlotSpec& spec) {
  Table table{.columns = {spec.x.label}};
  std::size_t longest = 0;
  for (const PlotCurve& curve : spec.curves) {
    table.columns.push_back(curve.name);
    longest = std::max(longest, curve.points.size());
  }
  for (std::size_t i = 0; i < longest; ++i) {
    std::vector<std::string>& row = table.rows.emplace_back();
    const Points& first = spec.curves.front().points;
    row.push_back(i < first.size() ? exact(first[i].first) : "–");
    for (const PlotCurve& curve : spec.curves) {
      const bool isKnown = i < curve.points.size() && !std::isnan(curve.points[i].second);
      row.push_back(isKnown ? exact(curve.points[i].second) : "–");
    }
  }
  return table;
}

std::vector<NodeRow> nodeRows(const RunResult& run, const std::string& series,
                              const TimeRange& range) {
  std::vector<NodeRow> rows;
  for (const NodeResult& node : run.nodes) {
    if (!node.serves) continue;
    const Series* its = seriesOf(run, series, Scope::node, node.name);
    if (its == nullptr) continue;
    const Buckets buckets = bucketsOf(run, range, its->values.size());
    if (buckets.first == buckets.last) continue;
    NodeRow row{.name = node.name,
                .values = {its->values.begin() + static_cast<std::ptrdiff_t>(buckets.first),
                           its->values.begin() + static_cast<std::ptrdiff_t>(buckets.last)}};
    double sum = 0;
    std::size_t known = 0;
    for (const double value : row.values)
      if (!std::isnan(value)) sum += value, ++known;
    if (known > 0) row.mean = sum / static_cast<double>(known);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace evenkeel::gui
