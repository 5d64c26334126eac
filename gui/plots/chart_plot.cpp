#include "gui/plots/chart_plot.h"

#include <fmt/format.h>

#include <QAreaSeries>
#include <QBarSet>
#include <QBoxPlotSeries>
#include <QBoxSet>
#include <QGraphicsLayout>
#include <QHorizontalStackedBarSeries>
#include <QLegend>
#include <QLegendMarker>
#include <QLineSeries>
#include <QScatterSeries>
#include <cmath>

#include "gui/plots/chart_axes.h"
#include "sim/report/scale.h"

namespace evenkeel::gui {
namespace {

using Segment = Points;

/// A chart in the making: every series goes onto the same two axes.
class ChartMaker {
 public:
  ChartMaker(const PlotSpec& spec, const Theme& theme, int width)
      : spec_(spec), theme_(theme), columns_(static_cast<std::size_t>(std::max(width, 100))) {}

  QChart* make(std::vector<std::string>& notes) {
    style();
    addAxes();
    for (const PlotCurve& curve : spec_.curves) addCurve(curve);
    if (!spec_.layers.empty()) addLayers();
    if (!spec_.boxes.empty()) addBoxes();
    for (const auto& [at, text] : spec_.marks) addMark(at, text);
    if (dropped_ > 0)
      notes.push_back(fmt::format("{} value{} of 0 or less cannot stand on a log axis", dropped_,
                                  dropped_ == 1 ? "" : "s"));
    return chart_;
  }

 private:
  void style();
  void addAxes();
  void addCurve(const PlotCurve& curve);
  void addBand(const PlotCurve& curve);
  void addWhiskers(const PlotCurve& curve);
  void addPoints(const PlotCurve& curve, const Points& points);
  void addLine(const PlotCurve& curve, const Points& points);
  void addLayers();
  void addBoxes();
  void addMark(double at, const std::string& text);
  void put(QAbstractSeries* series, bool inLegend);
  QPointF placed(double x, double y) const { return {onAxis(spec_.x, x), onAxis(spec_.y, y)}; }
  QList<QPointF> placed(const Points& points) const;
  bool rowsAreUpright() const { return !spec_.y.categories.empty(); }
  Points drawable(const Points& points) {
    return positive(points, spec_.x.logarithmic, spec_.y.logarithmic, dropped_);
  }

  const PlotSpec& spec_;
  const Theme& theme_;
  std::size_t columns_;
  QChart* chart_ = new QChart;
  QAbstractAxis* x_ = nullptr;
  QAbstractAxis* y_ = nullptr;
  Range xRange_, yRange_;
  std::size_t dropped_ = 0;
};

void ChartMaker::style() {
  chart_->setAnimationOptions(QChart::NoAnimation);
  chart_->setBackgroundBrush(theme_.ground());
  chart_->setBackgroundRoundness(0);
  chart_->setMargins(QMargins(4, 0, 12, 0));
  chart_->layout()->setContentsMargins(0, 0, 0, 0);
  chart_->legend()->setLabelColor(theme_.text());
  chart_->legend()->setAlignment(Qt::AlignTop);
  chart_->legend()->setShowToolTips(true);
  const auto named = std::ranges::count_if(spec_.curves, &PlotCurve::inLegend);
  chart_->legend()->setVisible(named > 0 || spec_.layers.size() > 1);
}

void ChartMaker::addAxes() {
  std::vector<double> xs, ys;
  for (const PlotCurve& curve : spec_.curves) {
    for (const auto& [x, y] : curve.points) {
      xs.push_back(x);
      ys.push_back(y);
    }
    std::vector<double>& across = rowsAreUpright() ? xs : ys;
    for (const auto& [low, high] : curve.intervals) {
      across.push_back(low);
      across.push_back(high);
    }
  }
  for (std::size_t row = 0; row < spec_.y.categories.size() && !spec_.layers.empty(); ++row) {
    double sum = 0;
    for (const PlotLayer& layer : spec_.layers) sum += layer.values[row];
    xs.push_back(sum);
  }
  for (const PlotBox& box : spec_.boxes) {
    ys.push_back(box.low);
    ys.push_back(box.high);
  }
  if (rowsAreUpright() && !spec_.curves.empty())
    for (const auto& [at, text] : spec_.marks) xs.push_back(at);
  PlotAxis x = spec_.x;
  for (const PlotBox& box : spec_.boxes) x.categories.push_back(box.name);
  xRange_ = rangeOf(spec_.x, xs);
  yRange_ = rangeOf(spec_.y, ys);
  x_ = makeAxis(x, xRange_, theme_, false);
  y_ = makeAxis(spec_.y, yRange_, theme_, true);
  if (!spec_.layers.empty()) y_->setReverse(true);
  chart_->addAxis(x_, Qt::AlignBottom);
  chart_->addAxis(y_, Qt::AlignLeft);
}

void ChartMaker::put(QAbstractSeries* series, bool inLegend) {
  chart_->addSeries(series);
  series->attachAxis(x_);
  series->attachAxis(y_);
  if (inLegend) return;
  for (QLegendMarker* marker : chart_->legend()->markers(series)) marker->setVisible(false);
}

/// Where a value is unknown a line is interrupted.
std::vector<Segment> segments(const Points& points) {
  std::vector<Segment> result(1);
  for (const auto& point : points) {
    if (std::isfinite(point.second) && std::isfinite(point.first))
      result.back().push_back(point);
    else if (!result.back().empty())
      result.emplace_back();
  }
  if (result.back().empty()) result.pop_back();
  return result;
}

QList<QPointF> ChartMaker::placed(const Points& points) const {
  QList<QPointF> result;
  for (const auto& [x, y] : points) result.append(placed(x, y));
  return result;
}

void ChartMaker::addCurve(const PlotCurve& curve) {
  const Points points = drawable(curve.points);
  if (!curve.intervals.empty()) {
    const bool isBand = curve.mark == Mark::linePoints && spec_.x.categories.empty();
    isBand ? addBand(curve) : addWhiskers(curve);
  }
  if (curve.mark != Mark::points) addLine(curve, points);
  if (curve.mark == Mark::points || curve.mark == Mark::linePoints) addPoints(curve, points);
}

void ChartMaker::addLine(const PlotCurve& curve, const Points& points) {
  bool isFirst = true;
  for (const Segment& segment : segments(points)) {
    auto* line = new QLineSeries;
    line->setName(QString::fromStdString(curve.name));
    QPen pen = theme_.pen(curve.ink);
    if (curve.faint) pen.setWidthF(1);
    line->setPen(pen);
    if (segment.size() == 1) line->setPointsVisible(true);
    line->replace(placed(decimated(segment, columns_)));
    put(line, curve.inLegend && isFirst && curve.mark != Mark::linePoints);
    isFirst = false;
  }
}

void ChartMaker::addPoints(const PlotCurve& curve, const Points& points) {
  auto* scatter = new QScatterSeries;
  scatter->setName(QString::fromStdString(curve.name));
  const QScatterSeries::MarkerShape shapes[] = {
      QScatterSeries::MarkerShapeCircle,   QScatterSeries::MarkerShapeRectangle,
      QScatterSeries::MarkerShapeTriangle, QScatterSeries::MarkerShapeRotatedRectangle,
      QScatterSeries::MarkerShapePentagon, QScatterSeries::MarkerShapeStar};
  scatter->setMarkerShape(shapes[curve.ink % std::size(shapes)]);
  scatter->setMarkerSize(10);
  scatter->setColor(curve.hollow ? theme_.ground() : theme_.ink(curve.ink));
  scatter->setBorderColor(theme_.ink(curve.ink));
  if (curve.hollow) scatter->setPen(QPen(theme_.ink(curve.ink), 2));
  constexpr std::size_t most = 5000;  // each is an item of its own, and slow
  scatter->replace(placed(decimated(points, std::min(columns_, most / 4))));
  put(scatter, curve.inLegend);
}

void ChartMaker::addBand(const PlotCurve& curve) {
  Points low, high;
  for (std::size_t i = 0; i < curve.points.size(); ++i) {
    const auto [from, to] = curve.intervals[i];
    if (std::isnan(from)) continue;
    const double floor = spec_.y.logarithmic ? yRange_.low : -HUGE_VAL;
    low.emplace_back(curve.points[i].first, std::max(from, floor));
    high.emplace_back(curve.points[i].first, std::max(to, floor));
  }
  if (low.size() < 2) return;
  auto* bottom = new QLineSeries;
  auto* top = new QLineSeries;
  bottom->replace(placed(low));
  top->replace(placed(high));
  auto* band = new QAreaSeries(top, bottom);
  bottom->setParent(band);
  top->setParent(band);
  QColor colour = theme_.ink(curve.ink);
  colour.setAlphaF(0.18f);
  band->setColor(colour);
  band->setPen(Qt::NoPen);
  put(band, false);
}

/// A line from the low to the high end of each interval.
void ChartMaker::addWhiskers(const PlotCurve& curve) {
  for (std::size_t i = 0; i < curve.intervals.size(); ++i) {
    auto [low, high] = curve.intervals[i];
    if (std::isnan(low) || std::isnan(high)) continue;
    const auto [x, y] = curve.points[i];
    const bool across = rowsAreUpright();
    const bool isLog = across ? spec_.x.logarithmic : spec_.y.logarithmic;
    if (isLog) low = std::max(low, across ? xRange_.low : yRange_.low);
    auto* line = new QLineSeries;
    line->setPen(QPen(theme_.ink(curve.ink), across ? 3 : 2, Qt::SolidLine, Qt::FlatCap));
    if (across)
      line->replace({placed(low, y), placed(high, y)});
    else
      line->replace({placed(x, low), placed(x, high)});
    put(line, false);
  }
}

void ChartMaker::addLayers() {
  auto* bars = new QHorizontalStackedBarSeries;
  bars->setBarWidth(0.62);
  for (const PlotLayer& layer : spec_.layers) {
    auto* set = new QBarSet(QString::fromStdString(layer.name));
    set->setColor(theme_.ink(layer.ink));
    set->setBorderColor(theme_.ground());
    for (const double value : layer.values) *set << value;
    bars->append(set);
  }
  put(bars, true);
}

void ChartMaker::addBoxes() {
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
  put(series, false);
  chart_->legend()->setVisible(false);
}

void ChartMaker::addMark(double at, const std::string&) {
  if (at < xRange_.low || at > xRange_.high) return;
  auto* line = new QLineSeries;
  line->setPen(QPen(theme_.muted(), 1, Qt::DashLine));
  const double rows = static_cast<double>(spec_.y.categories.size());
  const report::Scale scale = report::Scale::linear(yRange_.low, yRange_.high);
  const double low = rowsAreUpright() ? -0.5 : spec_.y.logarithmic ? yRange_.low : scale.low();
  const double high = rowsAreUpright()      ? rows - 0.5
                      : spec_.y.logarithmic ? yRange_.high
                                            : scale.high();
  line->replace({placed(at, low), placed(at, high)});
  put(line, false);
}

}  // namespace

QChart* makeChart(const PlotSpec& spec, const Theme& theme, int width,
                  std::vector<std::string>& notes) {
  return ChartMaker(spec, theme, width).make(notes);
}

}  // namespace evenkeel::gui
