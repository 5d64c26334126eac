#include "gui/plots/chart_plot.h"

#include <fmt/format.h>

#include <QBarSet>
#include <QBoxPlotSeries>
#include <QBoxSet>
#include <QGraphicsLayout>
#include <QHorizontalStackedBarSeries>
#include <QLegend>
#include <QLegendMarker>
#include <QLineSeries>
#include <QScatterSeries>

#include "gui/plots/chart_axes.h"
#include "gui/plots/curve_layer.h"
#include "gui/plots/mark_shape.h"

namespace evenkeel::gui {
namespace {

QScatterSeries::MarkerShape ofLegend(MarkShape shape) {
  switch (shape) {
    case MarkShape::square:
      return QScatterSeries::MarkerShapeRectangle;
    case MarkShape::triangle:
      return QScatterSeries::MarkerShapeTriangle;
    case MarkShape::diamond:
      return QScatterSeries::MarkerShapeRotatedRectangle;
    case MarkShape::pentagon:
      return QScatterSeries::MarkerShapePentagon;
    case MarkShape::star:
      return QScatterSeries::MarkerShapeStar;
    default:
      return QScatterSeries::MarkerShapeCircle;
  }
}

/// Qt Charts has none of its own.
QImage crossOf(const QColor& ink) {
  constexpr int size = 14, scale = 2;
  QImage image(size * scale, size * scale, QImage::Format_ARGB32_Premultiplied);
  image.setDevicePixelRatio(scale);
  image.fill(Qt::transparent);
  QPainter painter(&image);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(ink);
  paintShape(painter, MarkShape::cross, QPointF(size, size) / 2, markRadius);
  return image;
}

PlotAxis namedAxis(const PlotSpec& spec) {
  PlotAxis axis = spec.x;
  for (const PlotBox& box : spec.boxes) axis.categories.push_back(box.name);
  return axis;
}

}  // namespace

ChartPlot::ChartPlot(std::shared_ptr<const PlotSummary> summary, const Theme& theme)
    : summary_(std::move(summary)),
      spec_(*summary_->spec),
      theme_(theme),
      xAxis_(namedAxis(spec_)),
      chart_(new QChart),
      x_(makeAxis(xAxis_, theme, false)),
      y_(makeAxis(spec_.y, theme, true)),
      layer_(new CurveLayer(chart_, summary_, theme)) {
  style();
  if (!spec_.layers.empty()) y_->setReverse(true);
  chart_->addAxis(x_, Qt::AlignBottom);
  chart_->addAxis(y_, Qt::AlignLeft);
  for (const PlotCurve& curve : spec_.curves)
    if (curve.inLegend) addLegend(curve);
  if (!spec_.layers.empty()) addLayers();
  if (!spec_.boxes.empty()) addBoxes();
  show(wholeOf(*summary_));
}

/// Beside the plot where its names have no room in one line above: Qt would cut them.
void ChartPlot::placeLegend() {
  QLegend* const legend = chart_->legend();
  if (!legend->isVisible() || chart_->size().isEmpty()) return;
  const QFontMetricsF metrics(legend->font());
  constexpr double marker = 34;
  double width = 0;
  for (const QLegendMarker* entry : legend->markers())
    width += metrics.horizontalAdvance(entry->label()) + marker;
  const Qt::Alignment wanted = width > chart_->size().width() ? Qt::AlignRight : Qt::AlignTop;
  if (legend->alignment() == wanted) return;
  legend->setAlignment(wanted);
  setMargins(wanted == Qt::AlignTop);
}

/// Room for half a label at either end.
void ChartPlot::setMargins(bool hasLegendOnTop) {
  chart_->setMargins(QMargins(4, hasLegendOnTop ? 0 : 10, 24, 0));
}

void ChartPlot::show(const PlotWindow& window) {
  const QSizeF size = chart_->size();
  placeLegend();
  const int across = std::clamp(static_cast<int>(size.width() / 90), 4, 14);
  const int upwards = std::clamp(static_cast<int>(size.height() / 45), 4, 12);
  showRange(x_, xAxis_, window.x, across);
  showRange(y_, spec_.y, window.y, upwards);
  layer_->show(window);
}

void ChartPlot::style() {
  chart_->setAnimationOptions(QChart::NoAnimation);
  chart_->setBackgroundBrush(theme_.ground());
  chart_->setBackgroundRoundness(0);
  chart_->layout()->setContentsMargins(0, 0, 0, 0);
  chart_->legend()->setLabelColor(theme_.text());
  chart_->legend()->setAlignment(Qt::AlignTop);
  chart_->legend()->setShowToolTips(true);
  if (spec_.layers.empty()) chart_->legend()->setMarkerShape(QLegend::MarkerShapeFromSeries);
  const auto named = std::ranges::count_if(spec_.curves, &PlotCurve::inLegend);
  const bool hasLegend = spec_.hasLegend && (named > 0 || spec_.layers.size() > 1);
  chart_->legend()->setVisible(hasLegend);
  setMargins(hasLegend);
}

void ChartPlot::put(QAbstractSeries* series) {
  chart_->addSeries(series);
  series->attachAxis(x_);
  series->attachAxis(y_);
}

/// A series without points, for its entry.
void ChartPlot::addLegend(const PlotCurve& curve) {
  const QColor ink = curve.muted ? theme_.muted() : theme_.ink(curve.ink);
  QAbstractSeries* series = nullptr;
  if (curve.mark == Mark::line) {
    auto* line = new QLineSeries;
    line->setPen(curve.muted ? QPen(ink, 2, Qt::DashLine) : theme_.pen(curve.ink));
    series = line;
  } else {
    auto* scatter = new QScatterSeries;
    scatter->setMarkerShape(ofLegend(shapeOf(curve.shape, curve.ink)));
    scatter->setMarkerSize(10);
    scatter->setColor(curve.hollow ? theme_.ground() : ink);
    scatter->setBorderColor(ink);
    if (curve.shape == MarkShape::cross) scatter->setLightMarker(crossOf(ink));
    series = scatter;
  }
  series->setName(QString::fromStdString(curve.name));
  put(series);
}

void ChartPlot::addLayers() {
  auto* bars = new QHorizontalStackedBarSeries;
  bars->setBarWidth(0.62);
  for (const PlotLayer& layer : spec_.layers) {
    auto* set = new QBarSet(QString::fromStdString(layer.name));
    set->setColor(theme_.ink(layer.ink));
    set->setBorderColor(theme_.ground());
    for (const double value : layer.values) *set << value;
    bars->append(set);
  }
  put(bars);
}

void ChartPlot::addBoxes() {
  auto* series = new QBoxPlotSeries;
  series->setBoxWidth(0.5);
  for (const PlotBox& box : spec_.boxes) {
    const auto at = [this](double value) { return onAxis(spec_.y, value); };
    auto* set = new QBoxSet(at(box.low), at(box.lowerQuartile), at(box.median),
                            at(box.upperQuartile), at(box.high), QString::fromStdString(box.name));
    QColor fill = theme_.ink(box.ink);
    fill.setAlphaF(0.55f);
    set->setBrush(fill);
    set->setPen(QPen(theme_.ink(box.ink), 2));
    series->append(set);
  }
  put(series);
  chart_->legend()->setVisible(false);
}

std::vector<std::string> notesOf(const PlotSummary& summary) {
  std::vector<std::string> notes = summary.spec->notes;
  if (summary.dropped > 0)
    notes.push_back(fmt::format("{} value{} of 0 or less cannot stand on a log axis",
                                summary.dropped, summary.dropped == 1 ? "" : "s"));
  return notes;
}

}  // namespace evenkeel::gui
