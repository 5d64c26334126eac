#include "gui/data/viewport.h"

#include <algorithm>

#include "sim/report/scale.h"

namespace evenkeel::gui {
namespace {

constexpr double closest = 1e-7;  // of the whole; beyond, doubles run out of digits

/// No wider than the whole, and within it.
Range within(Range seen, const Range& whole) {
  double width = std::clamp(seen.width(), whole.width() * closest, whole.width());
  const double middle = (seen.low + seen.high) / 2;
  seen.low = std::clamp(middle - width / 2, whole.low, whole.high - width);
  if (width == whole.width()) return whole;
  return {seen.low, seen.low + width};
}

Range zoomed(const Range& seen, double factor, double part) {
  const double about = seen.at(part), width = seen.width() / factor;
  return {about - part * width, about - part * width + width};
}

Range rangeOf(const PlotAxis& axis, const Extent& values) {
  if (!axis.categories.empty()) return {-0.5, static_cast<double>(axis.categories.size()) - 0.5};
  Extent extent = values;
  if (!std::isnan(axis.low) && !(axis.logarithmic && axis.low <= 0)) extent.low = axis.low;
  if (!std::isnan(axis.high)) extent.high = axis.high;
  if (extent.isEmpty()) return axis.logarithmic ? Range{-1, 1} : Range{0, 1};
  const report::Scale scale = axis.logarithmic ? report::Scale::log(extent.low, extent.high)
                                               : report::Scale::linear(extent.low, extent.high);
  if (axis.logarithmic) return {std::log10(scale.low()), std::log10(scale.high())};
  const bool isFixed = axis.high > axis.low;
  return isFixed ? Range{axis.low, axis.high} : Range{scale.low(), scale.high()};
}

void addPositive(Extent& extent, double value, bool isLog) {
  if (!isLog || value > 0) extent.add(value);
}

}  // namespace

double onAxis(const PlotAxis& axis, double value) {
  return axis.logarithmic ? std::log10(value) : value;
}

double fromAxis(const PlotAxis& axis, double place) {
  return axis.logarithmic ? std::pow(10, place) : place;
}

namespace {

struct Extents {
  Extent x = {}, y = {};
};

/// Of all that is drawn.
Extents extentsOf(const PlotSummary& summary) {
  const PlotSpec& spec = *summary.spec;
  const bool inRows = !spec.y.categories.empty();
  Extent xs, ys;
  for (std::size_t c = 0; c < spec.curves.size(); ++c) {
    if (spec.curves[c].isBeyond) continue;
    const Extent& x = summary.curves[c].x();
    const Extent& y = summary.curves[c].y();
    for (const double end : {x.low, x.high}) xs.add(end);
    for (const double end : {y.low, y.high}) ys.add(end);
    for (const auto& [low, high] : spec.curves[c].intervals)
      for (const double end : {low, high})
        inRows ? addPositive(xs, end, spec.x.logarithmic)
               : addPositive(ys, end, spec.y.logarithmic);
  }
  for (const PlotCurve& curve : spec.curves)
    for (const auto& [low, high] : curve.across)
      for (const double end : {low, high}) addPositive(xs, end, spec.x.logarithmic);
  for (std::size_t row = 0; row < spec.y.categories.size() && !spec.layers.empty(); ++row) {
    double sum = 0;
    for (const PlotLayer& layer : spec.layers) sum += layer.values[row];
    xs.add(sum);
  }
  for (const PlotBox& box : spec.boxes)
    for (const double end : {box.low, box.high}) addPositive(ys, end, spec.y.logarithmic);
  if (inRows && !spec.curves.empty())
    for (const auto& [at, text] : spec.marks) xs.add(at);
  for (const auto& [x, y] : spec.reach) {
    addPositive(xs, x, spec.x.logarithmic);
    addPositive(ys, y, spec.y.logarithmic);
  }
  return {xs, ys};
}

}  // namespace

PlotWindow wholeOf(const PlotSummary& summary) {
  const PlotSpec& spec = *summary.spec;
  if (spec.isPainted()) {
    const auto& rows = spec.cells.rows.empty() ? spec.y.categories : spec.cells.rows;
    return {{spec.x.low, spec.x.high}, {0, static_cast<double>(rows.size())}};
  }
  const Extents extents = extentsOf(summary);
  PlotAxis x = spec.x;
  for (const PlotBox& box : spec.boxes) x.categories.push_back(box.name);
  return {rangeOf(x, extents.x), rangeOf(spec.y, extents.y)};
}

void reachAsFarAs(const PlotSpec& other, PlotSpec& spec) {
  const std::shared_ptr<const PlotSpec> borrowed(std::shared_ptr<const void>(), &other);
  const Extents extents = extentsOf(PlotSummary(borrowed));
  if (!extents.x.isEmpty() && !extents.y.isEmpty())
    spec.reach = {{extents.x.low, extents.y.low}, {extents.x.high, extents.y.high}};
}

std::vector<double> ticksWithin(const PlotAxis& axis, const Range& seen, int most) {
  const double low = fromAxis(axis, seen.low), high = fromAxis(axis, seen.high);
  const auto keptOf = [&](const report::Scale& scale) {
    std::vector<double> kept;
    const double slack = (high - low) * 1e-9;
    for (const double tick : scale.ticks())
      if (tick >= low - slack && tick <= high + slack && !(axis.logarithmic && tick <= 0))
        kept.push_back(tick);
    return kept;
  };
  if (!axis.logarithmic) return keptOf(report::Scale::linear(low, high, most));
  std::vector<double> ticks = keptOf(report::Scale::log(low, high));
  if (ticks.size() < 3) ticks = keptOf(report::Scale::linear(low, high, most));
  return ticks;
}

void Viewport::setWhole(const PlotWindow& whole, bool keeps) {
  const bool wasWhole = isWhole();
  whole_ = whole;
  if (!keeps || wasWhole) return reset();
  seen_ = {within(seen_.x, whole_.x), within(seen_.y, whole_.y)};
}

void Viewport::zoom(double factor, double partX, double partY, Axes axes) {
  if (axes != Axes::y) seen_.x = within(zoomed(seen_.x, factor, partX), whole_.x);
  if (axes != Axes::x) seen_.y = within(zoomed(seen_.y, factor, partY), whole_.y);
}

void Viewport::pan(double partX, double partY) {
  const double x = -partX * seen_.x.width(), y = -partY * seen_.y.width();
  seen_.x = within({seen_.x.low + x, seen_.x.high + x}, whole_.x);
  seen_.y = within({seen_.y.low + y, seen_.y.high + y}, whole_.y);
}

void Viewport::frame(const Range& partsX, const Range& partsY) {
  seen_ = {within({seen_.x.at(partsX.low), seen_.x.at(partsX.high)}, whole_.x),
           within({seen_.y.at(partsY.low), seen_.y.at(partsY.high)}, whole_.y)};
}

}  // namespace evenkeel::gui
