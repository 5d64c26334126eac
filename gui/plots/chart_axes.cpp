#include "gui/plots/chart_axes.h"

#include <QCategoryAxis>
#include <QValueAxis>
#include <cmath>

#include "sim/report/format.h"
#include "sim/report/scale.h"

namespace evenkeel::gui {
namespace {

constexpr int longestCategory = 28;

QAbstractAxis* categoryAxis(const PlotAxis& axis, bool isUpright) {
  auto* result = new QCategoryAxis;
  result->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
  const auto count = static_cast<double>(axis.categories.size());
  result->setRange(-0.5, count - 0.5);
  for (std::size_t i = 0; i < axis.categories.size(); ++i) {
    QString name = QString::fromStdString(axis.categories[i]);
    if (name.size() > longestCategory) name = name.left(longestCategory - 1) + "…";
    while (result->categoriesLabels().contains(name)) name += ' ';  // labels must differ
    result->append(name, static_cast<double>(i));
  }
  result->setGridLineVisible(false);
  if (isUpright) result->setReverse(true);  // the first row on top
  return result;
}

QAbstractAxis* logAxis(const Range& range) {
  auto* result = new QCategoryAxis;
  result->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
  const report::Scale scale = report::Scale::log(range.low, range.high);
  result->setRange(std::log10(scale.low()), std::log10(scale.high()));
  for (const double tick : scale.ticks())
    result->append(QString::fromStdString(report::plain(tick)), std::log10(tick));
  return result;
}

QAbstractAxis* linearAxis(const PlotAxis& axis, const Range& range) {
  auto* result = new QValueAxis;
  const report::Scale scale = report::Scale::linear(range.low, range.high);
  const bool isFixed = !std::isnan(axis.low) && !std::isnan(axis.high);
  result->setRange(isFixed ? axis.low : scale.low(), isFixed ? axis.high : scale.high());
  result->setTickType(QValueAxis::TicksDynamic);  // at round values, wherever the ends are
  result->setTickAnchor(scale.ticks().front());
  result->setTickInterval(scale.ticks()[1] - scale.ticks()[0]);
  result->setLabelFormat("%g");
  return result;
}

}  // namespace

Range rangeOf(const PlotAxis& axis, const std::vector<double>& values) {
  Range range{.low = HUGE_VAL, .high = -HUGE_VAL};
  for (const double value : values) {
    if (!std::isfinite(value) || (axis.logarithmic && value <= 0)) continue;
    range.low = std::min(range.low, value);
    range.high = std::max(range.high, value);
  }
  if (!std::isnan(axis.low) && !(axis.logarithmic && axis.low <= 0)) range.low = axis.low;
  if (!std::isnan(axis.high)) range.high = axis.high;
  if (!(range.high >= range.low)) return axis.logarithmic ? Range{0.1, 10} : Range{0, 1};
  return range;
}

double onAxis(const PlotAxis& axis, double value) {
  return axis.logarithmic ? std::log10(value) : value;
}

double fromAxis(const PlotAxis& axis, double place) {
  return axis.logarithmic ? std::pow(10, place) : place;
}

QAbstractAxis* makeAxis(const PlotAxis& axis, const Range& range, const Theme& theme,
                        bool isUpright) {
  QAbstractAxis* result = !axis.categories.empty() ? categoryAxis(axis, isUpright)
                          : axis.logarithmic       ? logAxis(range)
                                                   : linearAxis(axis, range);
  result->setTitleText(QString::fromStdString(axis.label).toHtmlEscaped());
  QFont font;
  font.setPointSizeF(font.pointSizeF() * 0.9);
  result->setLabelsFont(font);
  result->setTitleFont(font);
  result->setLabelsColor(theme.muted());
  result->setTitleBrush(theme.muted());
  result->setLinePen(QPen(theme.grid(), 1));
  result->setGridLinePen(QPen(theme.grid(), 1));
  result->setMinorGridLinePen(QPen(theme.grid(), 0.5));
  return result;
}

}  // namespace evenkeel::gui
