#include "gui/data/plot_reading.h"

#include <fmt/format.h>

#include <algorithm>

namespace evenkeel::gui {
namespace {

constexpr double reach = 12;  // pixels

std::string labelled(const PlotAxis& axis, double value) {
  if (!axis.categories.empty()) {
    const auto place = static_cast<std::size_t>(std::max(0L, std::lround(value)));
    return place < axis.categories.size() ? axis.categories[place] : std::string();
  }
  return axis.label.empty() ? exact(value) : axis.label + ": " + exact(value);
}

PlotReading reading(const PlotSpec& spec, const PlotCurve& curve, std::size_t point) {
  const auto [x, y] = curve.points[point];
  PlotReading result{.name = curve.name, .x = x, .y = y};
  if (point < curve.labels.size()) result.name = curve.labels[point];
  const bool inRows = !spec.y.categories.empty();
  result.text = result.name;
  for (const std::string& line : {labelled(inRows ? spec.x : spec.y, inRows ? x : y),
                                  labelled(inRows ? spec.y : spec.x, inRows ? y : x)})
    if (!line.empty() && line != result.name) result.text += "\n" + line;
  if (point < curve.intervals.size() && !std::isnan(curve.intervals[point].first))
    result.text += fmt::format("\n95 % interval: {} to {}", exact(curve.intervals[point].first),
                               exact(curve.intervals[point].second));
  if (point < curve.across.size() && !std::isnan(curve.across[point].first))
    result.text += fmt::format("\nand along x: {} to {}", exact(curve.across[point].first),
                               exact(curve.across[point].second));
  return result;
}

struct Nearest {
  double distance = reach;
  const PlotCurve* curve = nullptr;
  std::size_t point = 0;
};

void search(const PlotSpec& spec, const PlotCurve& curve, const Pointed& pointer, Nearest& best) {
  const Points& points = curve.points;
  std::size_t from = 0, to = points.size();
  // Curves of so many points rise in x, or are not worth a look at each.
  if (points.size() > 1000 && std::ranges::is_sorted(points.begin(), points.begin() + 1000, {},
                                                     &std::pair<double, double>::first)) {
    const auto first = [&](double place) {
      return static_cast<std::size_t>(std::ranges::lower_bound(points, fromAxis(spec.x, place), {},
                                                               &std::pair<double, double>::first) -
                                      points.begin());
    };
    from = first(pointer.x - reach * pointer.perPixelX);
    to = first(pointer.x + reach * pointer.perPixelX);
  }
  for (std::size_t i = from; i < to; ++i) {
    const double x = onAxis(spec.x, points[i].first), y = onAxis(spec.y, points[i].second);
    const double away =
        std::hypot((x - pointer.x) / pointer.perPixelX, (y - pointer.y) / pointer.perPixelY);
    if (away < best.distance) best = {away, &curve, i};
  }
}

std::optional<PlotReading> barAt(const PlotSpec& spec, const Pointed& pointer) {
  const auto row = static_cast<std::size_t>(std::max(0L, std::lround(pointer.y)));
  if (row >= spec.y.categories.size()) return std::nullopt;
  double from = 0;
  for (const PlotLayer& layer : spec.layers) {
    const double to = from + layer.values[row];
    if (pointer.x >= from && pointer.x < to)
      return PlotReading{.name = spec.y.categories[row],
                         .text = fmt::format("{}\n{}: {}\n{}", spec.y.categories[row], layer.name,
                                             exact(layer.values[row]), spec.x.label),
                         .x = layer.values[row],
                         .y = static_cast<double>(row)};
    from = to;
  }
  return std::nullopt;
}

std::optional<PlotReading> boxAt(const PlotSpec& spec, const Pointed& pointer) {
  const auto place = static_cast<std::size_t>(std::max(0L, std::lround(pointer.x)));
  if (place >= spec.boxes.size()) return std::nullopt;
  const PlotBox& box = spec.boxes[place];
  return PlotReading{
      .name = box.name,
      .text = fmt::format("{}\n{}\nupper whisker {}\nthree quarters {}\nmedian {}\none quarter {}\n"
                          "lower whisker {}",
                          box.name, spec.y.label, exact(box.high), exact(box.upperQuartile),
                          exact(box.median), exact(box.lowerQuartile), exact(box.low)),
      .x = static_cast<double>(place),
      .y = box.median};
}

/// Rows of a painted plot are numbered from the top.
std::optional<PlotReading> rowAt(const PlotSpec& spec, const Pointed& pointer) {
  if (!(pointer.y >= 0)) return std::nullopt;
  const auto row = static_cast<std::size_t>(pointer.y);
  if (row < spec.cells.rows.size()) {
    const auto& values = spec.cells.values[row];
    const auto column = static_cast<std::size_t>(
        std::max(0.0, (pointer.x - spec.cells.from) / spec.cells.cellWidth));
    const double from = spec.cells.from + static_cast<double>(column) * spec.cells.cellWidth;
    return PlotReading{
        .name = spec.cells.rows[row],
        .text = fmt::format("{}\n{} to {} s\n{}: {}", spec.cells.rows[row], exact(from),
                            exact(from + spec.cells.cellWidth), spec.cells.unit,
                            exact(column < values.size() ? values[column] : no_value)),
        .x = pointer.x,
        .y = static_cast<double>(row)};
  }
  for (const PlotSpan& span : spec.spans)
    if (span.row == row)
      return PlotReading{
          .name = spec.y.categories[row],
          .text = fmt::format("{}: {}\nfrom {} to {}\n{}", spec.y.categories[row], span.text,
                              exact(span.from), exact(span.to), spec.x.label),
          .x = pointer.x,
          .y = static_cast<double>(row)};
  return std::nullopt;
}

}  // namespace

std::string exact(double value) {
  return std::isnan(value) ? "unknown" : fmt::format("{:.6g}", value);
}

std::optional<PlotReading> readingAt(const PlotSpec& spec, const Pointed& pointer) {
  Nearest best;
  for (const PlotCurve& curve : spec.curves) search(spec, curve, pointer, best);
  if (best.curve) return reading(spec, *best.curve, best.point);
  for (const PlotEvent& event : spec.events)
    if (std::abs(event.at - pointer.x) < reach / 2 * pointer.perPixelX)
      return PlotReading{.text = fmt::format("{}\n{} s", event.text, exact(event.at)),
                         .x = event.at};
  if (spec.isPainted()) return rowAt(spec, pointer);
  if (!spec.layers.empty()) return barAt(spec, pointer);
  if (!spec.boxes.empty()) return boxAt(spec, pointer);
  return std::nullopt;
}

}  // namespace evenkeel::gui
