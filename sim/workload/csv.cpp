#include "sim/workload/csv.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "models/runtime/random.h"

namespace evenkeel {
namespace {

std::string read_whole(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error))
    throw UserError(Place{path}, "is a folder; a CSV file is needed");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw UserError(Place{path}, "cannot be opened; does it exist, and may it be read?");
  std::string text;
  std::string chunk(1 << 16, '\0');
  while (file.read(chunk.data(), static_cast<std::streamsize>(chunk.size())), file.gcount() > 0) {
    text.append(chunk.data(), static_cast<std::size_t>(file.gcount()));
    if (text.size() > CsvFile::max_bytes)
      throw UserError(Place{path},
                      fmt::format("is longer than the limit of {} bytes", CsvFile::max_bytes));
  }
  if (file.bad()) throw UserError(Place{path}, "cannot be read to its end");
  return text;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// For messages: at most 40 printable bytes of it, in quotes.
std::string in_quotes(std::string_view text) {
  std::string result = "'";
  for (const char letter : text.substr(0, 40))
    result += static_cast<unsigned char>(letter) < 0x20 ? '?' : letter;
  return result + (text.size() > 40 ? "...'" : "'");
}

std::string listed(const std::vector<std::string>& columns) {
  std::string result;
  for (std::size_t i = 0; i < std::min<std::size_t>(columns.size(), 12); ++i)
    result += (i > 0 ? ", " : "") + in_quotes(columns[i]);
  return result + (columns.size() > 12 ? ", ..." : "");
}

}  // namespace

CsvFile::CsvFile(const std::string& path) : CsvFile(path, read_whole(path)) {}

CsvFile::CsvFile(std::string name, std::string text)
    : name_(std::move(name)), text_(std::move(text)) {
  if (text_.starts_with("\xEF\xBB\xBF")) position_ = line_start_ = 3;
  read_header();
}

void CsvFile::read_header() {
  if (only_blank_lines_left()) throw UserError(Place{name_, 1, 1}, "is empty; a header is needed");
  read_row();
  columns_.reserve(fields_.size());
  for (std::size_t i = 0; i < fields_.size(); ++i) columns_.emplace_back(field(i));
}

std::size_t CsvFile::column(std::string_view name) const {
  const auto found = std::ranges::find(columns_, name);
  if (found == columns_.end())
    throw UserError(Place{name_, 1, 1}, fmt::format("no column {}; the columns are {}",
                                                    in_quotes(name), listed(columns_)));
  if (std::find(found + 1, columns_.end(), name) != columns_.end())
    throw UserError(Place{name_, 1, 1},
                    fmt::format("two columns are called {}; rename one", in_quotes(name)));
  return static_cast<std::size_t>(found - columns_.begin());
}

std::optional<std::size_t> CsvFile::optional_column(const std::string& name) const {
  if (name.empty()) return std::nullopt;
  return column(name);
}

bool CsvFile::next_row() {
  if (only_blank_lines_left()) return false;
  if (++rows_ > max_rows)
    throw UserError(Place{name_, line_, 1}, fmt::format("more than {} rows", max_rows));
  read_row();
  check_count();
  return true;
}

void CsvFile::read_row() {
  fields_.clear();
  quoted_.clear();
  while (true) {
    read_field();
    if (position_ >= text_.size() || text_[position_] != ',') break;
    ++position_;
  }
  skip_line_end();
}

void CsvFile::read_field() {
  if (fields_.size() >= max_columns)
    throw UserError(Place{name_, line_, 1}, fmt::format("more than {} columns", max_columns));
  fields_.push_back({{}, position_ - line_start_ + 1, line_});
  if (position_ < text_.size() && text_[position_] == '"')
    read_quoted();
  else
    read_plain();
}

void CsvFile::read_plain() {
  const std::size_t begin = position_;
  while (position_ < text_.size() && text_[position_] != ',' && !at_line_end()) ++position_;
  fields_.back().text = trimmed(std::string_view{text_}.substr(begin, position_ - begin));
}

void CsvFile::read_quoted() {
  const Place opened{name_, line_, static_cast<int>(position_ - line_start_ + 1)};
  std::string content;
  for (++position_; position_ < text_.size(); ++position_) {
    if (text_[position_] == '"') {
      if (position_ + 1 >= text_.size() || text_[position_ + 1] != '"') break;
      ++position_;
    }
    if (text_[position_] == '\n') {
      ++line_;
      line_start_ = position_ + 1;
    }
    content += text_[position_];
  }
  if (position_ >= text_.size()) throw UserError(opened, "a quote is opened and never closed");
  ++position_;
  if (position_ < text_.size() && text_[position_] != ',' && !at_line_end())
    throw UserError(Place{name_, line_, static_cast<int>(position_ - line_start_ + 1)},
                    "after a closing quote comes a comma or the end of the line");
  quoted_.push_back(std::move(content));
  fields_.back().text = quoted_.back();
}

bool CsvFile::at_line_end() const {
  return text_[position_] == '\n' || (text_[position_] == '\r' && (position_ + 1 == text_.size() ||
                                                                   text_[position_ + 1] == '\n'));
}

void CsvFile::skip_line_end() {
  if (position_ < text_.size() && text_[position_] == '\r') ++position_;
  if (position_ < text_.size() && text_[position_] == '\n') ++position_;
  ++line_;
  line_start_ = position_;
}

bool CsvFile::only_blank_lines_left() const {
  // A file of many rows is not scanned to its end: the first byte of a row stops the search.
  return text_.find_first_not_of("\r\n \t", position_) == std::string::npos;
}

void CsvFile::check_count() const {
  if (fields_.size() == columns_.size()) return;
  const Place place{name_, fields_.front().line, 1};
  throw UserError(
      place, fmt::format("{} fields where the header has {}", fields_.size(), columns_.size()));
}

double CsvFile::number(std::size_t column, double min, double max) const {
  const std::string_view text = field(column);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    refuse(column, fmt::format("{} is no number", in_quotes(text)));
  if (value < min || value > max)
    refuse(column,
           fmt::format("{} is out of range; {} to {} is possible", in_quotes(text), min, max));
  return value;
}

Place CsvFile::place(std::size_t column) const {
  const Field& field = fields_[column];
  return {name_, field.line, static_cast<int>(field.column)};
}

void CsvFile::refuse(std::size_t column, const std::string& message) const {
  throw UserError(place(column), fmt::format("{}: {}", columns_[column], message));
}

std::uint64_t key_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char letter : text)
    hash = mix(hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3ULL;
  return mix(hash);
}

}  // namespace evenkeel
