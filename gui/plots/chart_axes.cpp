#include "gui/plots/chart_axes.h"

#include <fmt/format.h>

#include <QCategoryAxis>
#include <QValueAxis>

#include "sim/report/format.h"

namespace evenkeel::gui {
namespace {

constexpr int longestCategory = 34;

QCategoryAxis* labelledAxis() {
  auto* result = new QCategoryAxis;
  result->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
  return result;
}

QAbstractAxis* categoryAxis(const PlotAxis& axis, bool isUpright) {
  QCategoryAxis* result = labelledAxis();
  result->setRange(-0.5, static_cast<double>(axis.categories.size()) - 0.5);
  for (std::size_t i = 0; i < axis.categories.size(); ++i) {
    QString name = QString::fromStdString(axis.categories[i]);
    if (name.size() > longestCategory)  // the end tells variants apart as often as the beginning
      name = name.left(longestCategory / 2) + "…" + name.right(longestCategory / 2 - 1);
    while (result->categoriesLabels().contains(name)) name += ' ';  // labels must differ
    result->append(name, static_cast<double>(i));
  }
  result->setGridLineVisible(false);
  if (isUpright) result->setReverse(true);  // the first row on top
  return result;
}

/// As few digits as tell two ticks apart.
QString label(double value, double step) {
  QString text = QString::fromStdString(report::plain(value));
  if (step > 0 && std::abs(value) >= 1000 * step)
    text = QString::fromStdString(fmt::format(
        "{:.{}f}", value, std::max(0, static_cast<int>(-std::floor(std::log10(step))))));
  return text;
}

}  // namespace

QAbstractAxis* makeAxis(const PlotAxis& axis, const Theme& theme, bool isUpright) {
  QAbstractAxis* result = axis.categories.empty() ? labelledAxis() : categoryAxis(axis, isUpright);
  result->setTitleText(QString::fromStdString(axis.label).toHtmlEscaped());
  QFont font;
  font.setPointSizeF(font.pointSizeF() * 0.9);
  result->setLabelsFont(font);
  result->setTitleFont(font);
  result->setLabelsColor(theme.muted());
  result->setTitleBrush(theme.muted());
  result->setLinePen(QPen(theme.grid(), 1));
  result->setGridLinePen(QPen(theme.grid(), 1));
  return result;
}

void showRange(QAbstractAxis* made, const PlotAxis& axis, const Range& seen, int most) {
  auto* labelled = qobject_cast<QCategoryAxis*>(made);
  if (axis.categories.empty()) {
    for (const QString& old : labelled->categoriesLabels()) labelled->remove(old);
    const std::vector<double> ticks = ticksWithin(axis, seen, most);
    const double step = ticks.size() > 1 && !axis.logarithmic ? ticks[1] - ticks[0] : 0;
    for (const double tick : ticks) labelled->append(label(tick, step), onAxis(axis, tick));
  }
  labelled->setRange(seen.low, seen.high);
}

}  // namespace evenkeel::gui
