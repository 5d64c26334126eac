#include "gui/plots/painted_plot.h"

#include <algorithm>
#include <cmath>

#include "sim/report/format.h"
#include "sim/report/scale.h"

namespace evenkeel::gui {
namespace {

constexpr double axisHeight = 40;
constexpr double barHeight = 26;
constexpr double leastRow = 11;  // pixels in which a name can be read

class PlotPainter {
 public:
  PlotPainter(const PlotSpec& spec, const Theme& theme, QPainter& painter, const QRectF& where)
      : spec_(spec), theme_(theme), painter_(painter), where_(where) {
    painter_.fillRect(where, theme.ground());
    QFont font = painter.font();
    font.setPointSizeF(QFont().pointSizeF() * 0.9);
    painter_.setFont(font);
  }

  PaintedLayout paint() {
    const std::vector<std::string>& names =
        spec_.cells.rows.empty() ? spec_.y.categories : spec_.cells.rows;
    layout_ = {
        .plot = plotRect(names), .rows = names.size(), .low = spec_.x.low, .high = spec_.x.high};
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
    return where_.adjusted(widest + 18, 8, -right, -axisHeight);
  }
  double rowHeight() const {
    return layout_.plot.height() / static_cast<double>(std::max<std::size_t>(1, layout_.rows));
  }

  void paintCells() {
    const auto& values = spec_.cells.values;
    const int columns = static_cast<int>(values.front().size());
    QImage image(std::max(1, columns), static_cast<int>(values.size()), QImage::Format_RGB32);
    image.fill(theme_.grid());
    const double span = spec_.cells.high - spec_.cells.low;
    for (int row = 0; row < image.height(); ++row)
      for (int column = 0; column < columns; ++column) {
        const auto& its = values[static_cast<std::size_t>(row)];
        if (column >= static_cast<int>(its.size())) break;
        const double value = its[static_cast<std::size_t>(column)];
        image.setPixelColor(column, row, theme_.heat((value - spec_.cells.low) / span));
      }
    QRectF target = layout_.plot;
    const double end = columns * spec_.cells.cellWidth;
    target.setRight(layout_.xOf(end));
    painter_.save();
    painter_.setClipRect(layout_.plot);
    painter_.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter_.drawImage(target, image);
    painter_.restore();
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
      const QRectF place(where_.left() + 4,
                         layout_.plot.top() + (static_cast<double>(row) + 0.5) * height - 9,
                         layout_.plot.left() - where_.left() - 12, 18);
      const QString text =
          metrics.elidedText(QString::fromStdString(names[row]), Qt::ElideMiddle, place.width());
      painter_.drawText(place, Qt::AlignRight | Qt::AlignVCenter, text);
    }
  }

  void paintAxis() {
    const QRectF plot = layout_.plot;
    const report::Scale scale = report::Scale::linear(layout_.low, layout_.high, 8);
    for (const double tick : scale.ticks()) {
      if (tick > layout_.high * (1 + 1e-9)) continue;
      const double x = layout_.xOf(tick);
      if (spec_.cells.rows.empty()) {
        painter_.setPen(theme_.grid());
        painter_.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
      }
      painter_.setPen(theme_.muted());
      painter_.drawLine(QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + 4));
      painter_.drawText(QRectF(x - 40, plot.bottom() + 4, 80, 16), Qt::AlignCenter,
                        QString::fromStdString(report::plain(tick)));
    }
    painter_.drawText(QRectF(plot.left(), plot.bottom() + 20, plot.width(), 18), Qt::AlignCenter,
                      QString::fromStdString(spec_.x.label));
  }

  void paintSpans() {
    const double height = std::min(rowHeight() * 0.7, barHeight);
    for (const PlotSpan& span : spec_.spans) {
      const double middle =
          layout_.plot.top() + (static_cast<double>(span.row) + 0.5) * rowHeight();
      const double from = layout_.xOf(span.from), to = layout_.xOf(span.to);
      painter_.fillRect(QRectF(from, middle - height / 2, std::max(1.0, to - from), height),
                        theme_.ink(span.ink));
      const QString text = QString::fromStdString(span.text);
      const double width = QFontMetricsF(painter_.font()).horizontalAdvance(text);
      const bool fits = to + 6 + width < layout_.plot.right();
      painter_.setPen(fits ? theme_.text() : theme_.ground());  // else within the bar
      const double left = fits ? to + 6 : to - 6 - width;
      painter_.drawText(QRectF(left, middle - 9, width + 2, 18), Qt::AlignLeft | Qt::AlignVCenter,
                        text);
    }
  }

  void paintMarks() {
    painter_.setPen(
        QPen(spec_.cells.rows.empty() ? theme_.muted() : QColor(Qt::white), 1, Qt::DashLine));
    for (const auto& [at, text] : spec_.marks) {
      if (at < layout_.low || at > layout_.high) continue;
      const double x = layout_.xOf(at);
      painter_.drawLine(QPointF(x, layout_.plot.top()), QPointF(x, layout_.plot.bottom()));
    }
  }

  const PlotSpec& spec_;
  const Theme& theme_;
  QPainter& painter_;
  QRectF where_;
  PaintedLayout layout_;
};

}  // namespace

int PaintedLayout::rowAt(const QPointF& at) const {
  if (!plot.contains(at) || rows == 0) return -1;
  const double part = (at.y() - plot.top()) / plot.height();
  return std::clamp(static_cast<int>(part * static_cast<double>(rows)), 0,
                    static_cast<int>(rows) - 1);
}

double PaintedLayout::valueAt(const QPointF& at) const {
  return low + (at.x() - plot.left()) / plot.width() * (high - low);
}

double PaintedLayout::xOf(double value) const {
  return plot.left() + (value - low) / (high - low) * plot.width();
}

PaintedLayout paintPlot(const PlotSpec& spec, const Theme& theme, QPainter& painter,
                        const QRectF& where) {
  return PlotPainter(spec, theme, painter, where).paint();
}

}  // namespace evenkeel::gui
