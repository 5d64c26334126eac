#include "gui/plots/painted_plot.h"

#include <algorithm>
#include <cmath>

#include "gui/data/plot_reading.h"
#include "sim/report/format.h"

namespace evenkeel::gui {
namespace {

constexpr double axisHeight = 40;
constexpr double barHeight = 26;
constexpr double leastRow = 11;  // pixels in which a name can be read

class PlotPainter {
 public:
  PlotPainter(const PlotSpec& spec, const Theme& theme, QPainter& painter, const QRectF& where,
              const PlotWindow& window)
      : spec_(spec), theme_(theme), painter_(painter), where_(where), window_(window) {
    painter_.fillRect(where, theme.ground());
    QFont font = painter.font();
    font.setPointSizeF(QFont().pointSizeF() * 0.9);
    painter_.setFont(font);
  }

  PaintedLayout paint() {
    const std::vector<std::string>& names =
        spec_.cells.rows.empty() ? spec_.y.categories : spec_.cells.rows;
    layout_ = {.plot = plotRect(names), .window = window_, .rows = names.size()};
    if (!spec_.cells.rows.empty()) {
      paintCells();
      paintColourBar();
    }
    paintNames(names);
    paintAxis();
    if (!spec_.spans.empty()) paintSpans();
    paintMarks();
    return layout_;
  }

 private:
  QRectF plotRect(const std::vector<std::string>& names) const {
    double widest = 30;
    const QFontMetricsF metrics(painter_.font());
    for (const std::string& name : names)
      widest = std::max(widest, metrics.horizontalAdvance(QString::fromStdString(name)));
    widest = std::min(widest, where_.width() * 0.25);
    const double right = spec_.cells.rows.empty() ? 20 : 84;
    return where_.adjusted(widest + 18, spec_.events.empty() ? 8 : 12, -right, -axisHeight);
  }
  double rowHeight() const { return layout_.plot.height() / std::max(window_.y.width(), 1e-9); }

  void paintCells() {
    const double scale = painter_.device()->devicePixelRatioF();
    const QSize pixels = (layout_.plot.size() * scale).toSize();
    if (pixels.isEmpty()) return;
    painter_.drawImage(layout_.plot, cellsImage(spec_.cells, window_, pixels, theme_));
  }

  /// What a colour stands for.
  void paintColourBar() {
    const QRectF bar(layout_.plot.right() + 14, layout_.plot.top(), 12, layout_.plot.height());
    constexpr int steps = 64;
    for (int i = 0; i < steps; ++i)
      painter_.fillRect(QRectF(bar.left(), bar.bottom() - bar.height() * (i + 1) / steps,
                               bar.width(), bar.height() / steps + 0.6),
                        theme_.heat((i + 0.5) / steps));
    painter_.setPen(theme_.muted());
    for (const double part : {0.0, 0.5, 1.0}) {
      const double value = spec_.cells.low + part * (spec_.cells.high - spec_.cells.low);
      const double y =
          std::clamp(bar.bottom() - part * bar.height(), bar.top() + 7, bar.bottom() - 7);
      painter_.drawText(QRectF(bar.right() + 4, y - 8, 54, 16), Qt::AlignLeft | Qt::AlignVCenter,
                        QString::fromStdString(report::plain(value)));
    }
    painter_.drawText(QRectF(bar.left() - 10, bar.bottom() + 20, 90, 18),
                      Qt::AlignLeft | Qt::AlignVCenter, QString::fromStdString(spec_.cells.unit));
  }

  /// Every name that has room; the others are in the table.
  void paintNames(const std::vector<std::string>& names) {
    const double height = rowHeight();
    const auto every =
        static_cast<std::size_t>(std::max(1.0, std::ceil(leastRow / std::max(height, 0.1))));
    const QFontMetricsF metrics(painter_.font());
    painter_.setPen(theme_.text());
    for (std::size_t row = 0; row < names.size(); row += every) {
      const double middle = layout_.yOf(static_cast<double>(row) + 0.5);
      if (middle < layout_.plot.top() || middle > layout_.plot.bottom()) continue;
      const QRectF place(where_.left() + 4, middle - 9, layout_.plot.left() - where_.left() - 12,
                         18);
      const QString text =
          metrics.elidedText(QString::fromStdString(names[row]), Qt::ElideMiddle, place.width());
      painter_.drawText(place, Qt::AlignRight | Qt::AlignVCenter, text);
    }
  }

  void paintAxis() {
    const QRectF plot = layout_.plot;
    for (const double tick : ticksWithin(spec_.x, window_.x, 8)) {
      const double x = layout_.xOf(tick);
      if (spec_.cells.rows.empty()) {
        painter_.setPen(theme_.grid());
        painter_.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
      }
      painter_.setPen(theme_.muted());
      painter_.drawLine(QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + 4));
      painter_.drawText(QRectF(x - 40, plot.bottom() + 4, 80, 16), Qt::AlignCenter,
                        QString::fromStdString(exact(tick)));
    }
    painter_.drawText(QRectF(plot.left(), plot.bottom() + 20, plot.width(), 18), Qt::AlignCenter,
                      QString::fromStdString(spec_.x.label));
  }

  void paintSpans() {
    const double height = std::min(rowHeight() * 0.7, barHeight);
    painter_.save();
    painter_.setClipRect(layout_.plot.adjusted(0, 0, 2, 0));
    for (const PlotSpan& span : spec_.spans) {
      const double middle = layout_.yOf(static_cast<double>(span.row) + 0.5);
      const double from = layout_.xOf(span.from), to = layout_.xOf(span.to);
      painter_.fillRect(QRectF(from, middle - height / 2, std::max(1.0, to - from), height),
                        theme_.ink(span.ink));
      if (rowHeight() < leastRow) continue;  // the table has the words
      const QString text = QString::fromStdString(span.text);
      const double width = QFontMetricsF(painter_.font()).horizontalAdvance(text);
      const bool fitsBehind = to + 6 + width < layout_.plot.right();
      const bool fitsWithin = width + 12 < to - from;
      const bool isWithin = !fitsBehind && fitsWithin;
      painter_.setPen(isWithin ? theme_.ground() : theme_.text());
      const double left = fitsBehind ? to + 6 : isWithin ? to - 6 - width : from - 6 - width;
      painter_.drawText(QRectF(left, middle - 9, width + 2, 18), Qt::AlignLeft | Qt::AlignVCenter,
                        text);
    }
    painter_.restore();
  }

  void paintMarks() {
    painter_.setPen(
        QPen(spec_.cells.rows.empty() ? theme_.muted() : QColor(Qt::white), 1, Qt::DashLine));
    for (const auto& [at, text] : spec_.marks) {
      if (at < window_.x.low || at > window_.x.high) continue;
      const double x = layout_.xOf(at);
      painter_.drawLine(QPointF(x, layout_.plot.top()), QPointF(x, layout_.plot.bottom()));
    }
    painter_.setPen(Qt::NoPen);
    painter_.setBrush(theme_.bad());
    for (const PlotEvent& event : spec_.events) {
      const double x = layout_.xOf(event.at), top = layout_.plot.top();
      if (event.at < window_.x.low || event.at > window_.x.high) continue;
      painter_.drawPolygon(
          QPolygonF{QPointF(x - 4, top - 7), QPointF(x + 4, top - 7), QPointF(x, top)});
    }
  }

  const PlotSpec& spec_;
  const Theme& theme_;
  QPainter& painter_;
  QRectF where_;
  PlotWindow window_;
  PaintedLayout layout_;
};

}  // namespace

int PaintedLayout::rowAt(const QPointF& at) const {
  if (!plot.contains(at) || rows == 0) return -1;
  const double row = window.y.at((at.y() - plot.top()) / plot.height());
  return std::clamp(static_cast<int>(row), 0, static_cast<int>(rows) - 1);
}

double PaintedLayout::valueAt(const QPointF& at) const {
  return window.x.at((at.x() - plot.left()) / plot.width());
}

double PaintedLayout::xOf(double value) const {
  return plot.left() + window.x.partOf(value) * plot.width();
}

double PaintedLayout::yOf(double row) const {
  return plot.top() + window.y.partOf(row) * plot.height();
}

PaintedLayout paintPlot(const PlotSpec& spec, const Theme& theme, QPainter& painter,
                        const QRectF& where, const PlotWindow& window) {
  return PlotPainter(spec, theme, painter, where, window).paint();
}

}  // namespace evenkeel::gui
