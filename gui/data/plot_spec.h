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

enum class Mark { line, points, linePoints };
enum class MarkShape { ofInk, circle, square, triangle, diamond, pentagon, star, cross };

struct PlotCurve {
  std::string name = {};
  std::size_t ink = 0;
  Mark mark = Mark::line;
  Points points = {};     // NaN interrupts
  Points intervals = {};  // for each point its 95 % interval; empty: none
  Points across = {};     // as well along x, where both axes are measured; empty: none
  MarkShape shape = MarkShape::ofInk;
  std::vector<std::string> labels = {};  // one a point, written beside it; empty: none
  std::vector<bool> isBold = {};         // of the labels; empty: none
  bool muted = false;                    // in the colour of what stands back, dashed
  bool hollow = false;
  bool isTip = false;     // the end of a bar: its interval is drawn, no mark
  bool isBeyond = false;  // goes on past what the axes show, which do not stretch for it
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
  double from = 0;  // where the first column begins
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

/// What happened at an instant: a tick on the time line.
struct PlotEvent {
  double at = 0;
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
  std::vector<PlotEvent> events = {};
  Points shades = {};  // ranges of x that stand out from the ground
  bool hasLegend = true;
  bool isOverTime = false;              // x is the run's time: linked plots share cursor and range
  bool isByClass = true;                // speaks of the chosen classes of requests only
  Points reach = {};                    // where the axes go at least, though nothing is drawn there
  std::vector<std::string> notes = {};  // what would mislead if it were not said
  Table table = {};
  std::string command = {};  // gives the same numbers in a shell

  bool isEmpty() const {
    return curves.empty() && layers.empty() && boxes.empty() && cells.rows.empty() && spans.empty();
  }
  bool isPainted() const { return !cells.rows.empty() || !spans.empty(); }
};

/// As RFC 4180 says.
std::string toCsv(const Table& table);

/// A unit that suits the greatest of some seconds, and how many of it are in a second.
struct TimeUnit {
  double perSecond = 1000;
  std::string name = "ms";
};
TimeUnit timeUnitFor(double greatestSeconds);

}  // namespace evenkeel::gui
