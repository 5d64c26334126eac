// Declared charts over time: of each variant the mean over its seeds, bucket by bucket.
#include <algorithm>
#include <cmath>

#include "gui/data/declared_plots.h"
#include "gui/data/plot_reading.h"
#include "gui/data/run_plots.h"
#include "sim/report/scale.h"

namespace evenkeel::gui {
namespace {

using report::Variant;

const RunResult& firstRun(const StudyData& data) { return data.variants().front().runs.front(); }

PlotSpec overTime(const StudyData& data, PlotSpec spec) {
  double warmUp = 0, duration = 0;
  for (const Variant& variant : data.variants())
    for (const RunResult& run : variant.runs) {
      warmUp = std::max(warmUp, run.warm_up_s);
      duration = std::max(duration, run.duration_s);
    }
  spec.x = {.label = "time since the start, s", .low = 0, .high = duration};
  if (warmUp > 0) spec.marks.emplace_back(warmUp, "warm-up ends");
  return spec;
}

Points placed(const Variant& variant, const std::vector<double>& values, double factor = 1) {
  const RunResult& run = variant.runs.front();
  Points points;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double start = static_cast<double>(i) * run.bucket_s;
    points.emplace_back((start + std::min(start + run.bucket_s, run.duration_s)) / 2,
                        values[i] * factor);
  }
  return points;
}

PlotSpec ratePanel(const StudyData& data, const std::string& title, const std::string& series) {
  PlotSpec spec = overTime(data, {.title = title, .y = {.label = "requests per second", .low = 0}});
  bool any = false;
  if (series == "completed_rate")
    spec.curves.push_back({.name = "sent",
                           .points = placed(data.variants().front(),
                                            data.variants().front().over_classes("sent_rate")),
                           .muted = true});
  for (const std::size_t v : data.shown()) {
    const std::vector<double> values = data.variants()[v].over_classes(series);
    any = any || std::ranges::any_of(values, [](double value) { return value > 0; });
    spec.curves.push_back(
        {.name = data.variants()[v].name, .ink = v, .points = placed(data.variants()[v], values)});
  }
  if (!any) spec.curves.clear();
  return spec;
}

PlotSpec latencyPanel(const StudyData& data, const std::string& className,
                      const std::string& series, const std::string& word) {
  double greatest = 0;
  std::vector<std::vector<double>> values;
  for (const Variant& variant : data.variants()) {
    values.push_back(variant.series_values(series, Scope::request_class, className));
    for (const double value : values.back()) greatest = std::fmax(greatest, value);
  }
  const TimeUnit unit = timeUnitFor(greatest);
  PlotSpec spec = overTime(data, {.title = className + ", " + word,
                                  .y = {.label = word + " latency, " + unit.name,
                                        .logarithmic = true,
                                        .mayBeLogarithmic = true}});
  if (!(greatest > 0)) return spec;
  for (const std::size_t v : data.shown()) {
    PlotCurve curve{.name = data.variants()[v].name,
                    .ink = v,
                    .points = placed(data.variants()[v], values[v], unit.perSecond)};
    for (auto& [at, value] : curve.points)
      if (value == 0) value = no_value;  // a bucket in which nothing was answered
    spec.curves.push_back(std::move(curve));
  }
  return spec;
}

}  // namespace

std::vector<PlotSpec> meanHeatMaps(const StudyData& data, const std::string& series) {
  const bool isQueue = series == "mean_queue";
  std::vector<PlotSpec> panels;
  double top = isQueue ? 0 : 1;
  for (std::size_t v = 0; v < data.variants().size(); ++v) {
    const Variant& variant = data.variants()[v];
    PlotSpec spec = overTime(data, {.title = variant.name, .isByClass = false});
    spec.cells.cellWidth = variant.runs.front().bucket_s;
    spec.cells.unit = isQueue ? "waiting" : "busy share";
    for (const NodeResult& node : variant.runs.front().nodes) {
      if (!node.serves) continue;
      spec.cells.rows.push_back(node.name);
      spec.cells.values.push_back(variant.series_values(series, Scope::node, node.name));
      if (isQueue)
        for (const double value : spec.cells.values.back()) top = std::fmax(top, value);
    }
    if (data.isShown(v)) panels.push_back(std::move(spec));
  }
  if (isQueue) top = report::Scale::linear(0, std::max(top, 1e-9)).high();
  for (PlotSpec& spec : panels) spec.cells.high = top;  // colours mean the same in all
  return panels;
}

std::vector<PlotSpec> meanRates(const StudyData& data) {
  return {ratePanel(data, "completed", "completed_rate"), ratePanel(data, "lost", "lost_rate")};
}

std::vector<PlotSpec> meanLatencies(const StudyData& data) {
  std::vector<PlotSpec> panels;
  for (const ClassResult& part : firstRun(data).classes)
    for (const auto& [series, word] :
         {std::pair{"latency_p99", "p99"}, std::pair{"latency_p50", "median"}})
      panels.push_back(latencyPanel(data, part.name, series, word));
  return panels;
}

PlotSpec firstEvents(const StudyData& data) {
  PlotSpec spec = overTime(data, {.isByClass = false});
  for (const RunEvent& event : data.reported().variants.front().events) addEvent(spec, event);
  return spec;
}

}  // namespace evenkeel::gui
