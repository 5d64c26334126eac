#include "gui/data/plot_spec.h"

#include <algorithm>
#include <cmath>

namespace evenkeel::gui {
namespace {

bool isKnown(const std::pair<double, double>& point) {
  return std::isfinite(point.first) && std::isfinite(point.second);
}

std::string quoted(const std::string& cell) {
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string text = "\"";
  for (const char c : cell) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

std::string csvRow(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) line += (i > 0 ? "," : "") + quoted(cells[i]);
  return line + "\n";
}

/// The points of one column that its picture needs.
void keepExtremes(const Points& points, std::size_t from, std::size_t to, Points& kept) {
  std::size_t least = from, greatest = from;
  for (std::size_t i = from; i < to; ++i) {
    if (points[i].second < points[least].second) least = i;
    if (points[i].second > points[greatest].second) greatest = i;
  }
  std::vector<std::size_t> wanted{from, least, greatest, to - 1};
  std::ranges::sort(wanted);
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  for (const std::size_t i : wanted) kept.push_back(points[i]);
}

}  // namespace

Points decimated(const Points& points, std::size_t columns) {
  if (columns == 0 || points.size() <= 4 * columns) return points;
  const double low = points.front().first;
  const double width = points.back().first - low;
  if (!(width > 0)) return points;
  const auto columnOf = [&](std::size_t i) {
    return static_cast<std::size_t>((points[i].first - low) / width * static_cast<double>(columns));
  };
  Points kept;
  for (std::size_t from = 0; from < points.size();) {
    std::size_t to = from + 1;
    if (isKnown(points[from]))
      while (to < points.size() && isKnown(points[to]) && columnOf(to) == columnOf(from)) ++to;
    keepExtremes(points, from, to, kept);
    from = to;
  }
  return kept;
}

Points positive(const Points& points, bool inX, bool inY, std::size_t& dropped) {
  Points kept;
  for (const auto& point : points) {
    const bool fits = !(inX && point.first <= 0) && !(inY && point.second <= 0);
    if (fits)
      kept.push_back(point);
    else
      ++dropped;
  }
  return kept;
}

std::string toCsv(const Table& table) {
  std::string text = csvRow(table.columns);
  for (const auto& row : table.rows) text += csvRow(row);
  return text;
}

TimeUnit timeUnitFor(double greatestSeconds) {
  if (greatestSeconds >= 10) return {1, "s"};
  if (greatestSeconds >= 1e-3 || !(greatestSeconds > 0)) return {1e3, "ms"};
  return {1e6, "µs"};
}

}  // namespace evenkeel::gui
