#include "gui/data/plot_spec.h"

#include <algorithm>
#include <cmath>

namespace evenkeel::gui {
namespace {

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

}  // namespace

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
