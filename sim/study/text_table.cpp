#include "sim/study/text_table.h"

#include <algorithm>
#include <sstream>

#include "sim/report/format.h"

namespace evenkeel {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t least_first = 12;
constexpr std::size_t least_prose = 24;

using report::characters;

void drop_empty_columns(TextTable& table) {
  for (std::size_t c = table.columns.size(); c-- > 1;) {
    const auto is_empty = [&](const auto& row) { return row[c].empty(); };
    if (table.rows.empty() || !std::ranges::all_of(table.rows, is_empty)) continue;
    const auto offset = static_cast<std::ptrdiff_t>(c);
    table.columns.erase(table.columns.begin() + offset);
    for (auto& row : table.rows) row.erase(row.begin() + offset);
  }
}

std::vector<std::size_t> natural_widths(const TextTable& table) {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    widths.push_back(characters(table.columns[c]));
    for (const auto& row : table.rows) widths[c] = std::max(widths[c], characters(row[c]));
  }
  return widths;
}

/// Takes from the prose first, then from the first column, until the line fits.
void fit(std::vector<std::size_t>& widths, bool last_is_prose, std::size_t width) {
  std::size_t sum = gap * (widths.size() - 1);
  for (const std::size_t one : widths) sum += one;
  const auto shrink = [&](std::size_t& column, std::size_t least) {
    if (sum <= width || column <= least) return;
    const std::size_t cut = std::min(column - least, sum - width);
    column -= cut;
    sum -= cut;
  };
  if (last_is_prose) shrink(widths.back(), least_prose);
  shrink(widths.front(), least_first);
}

std::string spaces(std::size_t count) { return std::string(count, ' '); }

std::string line(const TextTable& table, const std::vector<std::string>& row,
                 const std::vector<std::size_t>& widths) {
  std::string text;
  for (std::size_t c = 0; c < row.size(); ++c) {
    if (c > 0) text += spaces(gap);
    if (table.last_is_prose && c + 1 == row.size()) {
      text += wrapped(row[c], widths[c], characters(text));
      continue;
    }
    const std::string cell = report::shortened(row[c], widths[c]);
    const std::string padding = spaces(widths[c] - characters(cell));
    text += c < table.left_aligned ? cell + padding : padding + cell;
  }
  while (text.ends_with(' ')) text.pop_back();
  return text + '\n';
}

}  // namespace

std::string wrapped(const std::string& text, std::size_t width, std::size_t indent) {
  std::istringstream words(text);
  std::string result;
  std::string word;
  std::size_t used = 0;
  while (words >> word) {
    if (used > 0 && used + 1 + characters(word) > width) {
      result += '\n' + spaces(indent);
      used = 0;
    }
    if (used > 0) result += ' ';
    used += (used > 0 ? 1 : 0) + characters(word);
    result += word;
  }
  return result;
}

std::string to_text(const TextTable& given, std::size_t width) {
  TextTable table = given;
  drop_empty_columns(table);
  std::vector<std::size_t> widths = natural_widths(table);
  fit(widths, table.last_is_prose, width);
  std::string text = line(table, table.columns, widths);
  for (const auto& row : table.rows) text += line(table, row, widths);
  return text;
}

}  // namespace evenkeel
