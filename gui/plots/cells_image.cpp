#include <cmath>

#include "gui/plots/painted_plot.h"

namespace evenkeel::gui {
namespace {

struct Span {
  std::size_t from = 0, to = 0;  // of cells
};

/// The cells that each pixel shows, along one axis.
std::vector<Span> spans(const Range& seen, int pixels, double cells) {
  std::vector<Span> result;
  for (int i = 0; i < pixels; ++i) {
    const double from = std::clamp(seen.at(static_cast<double>(i) / pixels), 0.0, cells);
    const double to = std::clamp(seen.at(static_cast<double>(i + 1) / pixels), 0.0, cells);
    // A cell belongs to the pixel that holds its middle, or all of the pixel is in it.
    auto first = static_cast<std::size_t>(std::ceil(from - 0.5));
    auto last = static_cast<std::size_t>(std::ceil(to - 0.5));
    if (last <= first && to > from) {
      first = static_cast<std::size_t>((from + to) / 2);
      last = first + 1;
    }
    result.push_back({first, last});
  }
  return result;
}

double greatest(const PlotCells& cells, const Span& rows, const Span& columns) {
  double result = no_value;
  for (std::size_t row = rows.from; row < std::min(rows.to, cells.values.size()); ++row) {
    const std::vector<double>& values = cells.values[row];
    for (std::size_t column = columns.from; column < std::min(columns.to, values.size()); ++column)
      result = std::fmax(result, values[column]);
  }
  return result;
}

}  // namespace

QImage cellsImage(const PlotCells& cells, const PlotWindow& window, const QSize& pixels,
                  const Theme& theme) {
  QImage image(pixels, QImage::Format_RGB32);
  std::size_t longest = 0;
  for (const auto& row : cells.values) longest = std::max(longest, row.size());
  const Range seen{(window.x.low - cells.from) / cells.cellWidth,
                   (window.x.high - cells.from) / cells.cellWidth};
  const std::vector<Span> columns = spans(seen, pixels.width(), static_cast<double>(longest));
  const std::vector<Span> rows =
      spans(window.y, pixels.height(), static_cast<double>(cells.values.size()));
  const double width = cells.high - cells.low;
  const QRgb nothing = theme.grid().rgb();
  for (int y = 0; y < pixels.height(); ++y) {
    auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
    const Span& its = rows[static_cast<std::size_t>(y)];
    const Span* above = y > 0 ? &rows[static_cast<std::size_t>(y - 1)] : nullptr;
    if (above && above->from == its.from && above->to == its.to) {
      std::copy_n(reinterpret_cast<const QRgb*>(image.constScanLine(y - 1)), pixels.width(), line);
      continue;
    }
    for (int x = 0; x < pixels.width(); ++x) {
      const double value = greatest(cells, its, columns[static_cast<std::size_t>(x)]);
      line[x] = std::isnan(value) ? nothing : theme.heatRgb((value - cells.low) / width);
    }
  }
  return image;
}

}  // namespace evenkeel::gui
