// What a plot shows, as a plain value: drawn on the screen, exported, and read as a table from the
// same one. Values are in the units that the labels name; inks number the colours of a theme.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "sim/report/charts.h"

namespace evenkeel::gui {

using report::Table;
using Points = std::vector<std::pair<double, double>>;

struct PlotAxis {
  std::string label = {};
  bool logarithmic = false;
  bool mayBeLogarithmic = false;             // the reader may switch
  std::vector<std::string> categories = {};  // value i is category i
  double low = no_value;                     // NaN: as the data has it
  double high = no_value;
};

enum class Mark { line, steps, points, linePoints };

struct PlotCurve {
  std::string name = {};
  std::size_t ink = 0;
  Mark mark = Mark::line;
  Points points = {};     // NaN interrupts
  Points intervals = {};  // for each point its 95 % interval; empty: none
  bool faint = false;
  bool hollow = false;
  bool inLegend = true;
};

/// One layer of stacked bars: a value for each row.
struct PlotLayer {
  std::string name = {};
  std::size_t ink = 0;
  std::vector<double> values = {};
};

struct PlotBox {
  std::string name = {};
  std::size_t ink = 0;
  double low = 0, lowerQuartile = 0, median = 0, upperQuartile = 0, high = 0;
};

/// Rows of cells over time; drawn in viridis from `low` to `high`.
struct PlotCells {
  std::vector<std::string> rows = {};
  std::vector<std::vector<double>> values = {};
  double cellWidth = 1;
  double low = 0, high = 1;
  std::string unit = {};
};

/// A bar from one value to another in a row, as in a waterfall.
struct PlotSpan {
  std::size_t row = 0;
  double from = 0, to = 0;
  std::size_t ink = 0;
  std::string text = {};
};

struct PlotSpec {
  std::string id = {};
  std::string title = {};
  std::string explanation = {};
  PlotAxis x = {};
  PlotAxis y = {};
  std::vector<PlotCurve> curves = {};
  std::vector<PlotLayer> layers = {};  // rows are y.categories
  std::vector<PlotBox> boxes = {};
  PlotCells cells = {};
  std::vector<PlotSpan> spans = {};                        // rows are y.categories
  std::vector<std::pair<double, std::string>> marks = {};  // vertical lines
  std::vector<std::string> notes = {};                     // what would mislead if it were not said
  Table table = {};
  std::string command = {};  // gives the same numbers in a shell

  bool isEmpty() const {
    return curves.empty() && layers.empty() && boxes.empty() && cells.rows.empty() && spans.empty();
  }
  bool isPainted() const { return !cells.rows.empty() || !spans.empty(); }
};

/// At most four points for each of so many columns of the picture: the first, the least, the
/// greatest and the last of those that fall into it. Points rise in x; NaN stays where it
/// interrupts.
Points decimated(const Points& points, std::size_t columns);

/// Without what a log axis cannot show; how many were left out is added to `dropped`.
Points positive(const Points& points, bool inX, bool inY, std::size_t& dropped);

/// As RFC 4180 says.
std::string toCsv(const Table& table);

/// A unit that suits the greatest of some seconds, and how many of it are in a second.
struct TimeUnit {
  double perSecond = 1000;
  std::string name = "ms";
};
TimeUnit timeUnitFor(double greatestSeconds);

}  // namespace evenkeel::gui
