// Comma-separated values with a header, read with every mistake's place: RFC 4180, and what real
// files do besides (CRLF or LF, a byte order mark, no newline at the end, empty lines at the end).
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/runtime/time.h"
#include "models/runtime/user_error.h"

namespace evenkeel {

/// A file held in memory and walked row by row. Every mistake is a UserError that says where: a
/// file that cannot be read or is too long, an unclosed quote, a row with too few or too many
/// fields, a column that is not there.
class CsvFile {
 public:
  static constexpr std::size_t max_bytes = std::size_t{1} << 30;
  static constexpr std::size_t max_columns = 100'000;
  static constexpr std::size_t max_rows = 50'000'000;

  /// Reads the file and its header.
  explicit CsvFile(const std::string& path);
  /// Of text in memory; `name` stands for the file in messages.
  CsvFile(std::string name, std::string text);

  CsvFile(const CsvFile&) = delete;
  CsvFile& operator=(const CsvFile&) = delete;

  const std::vector<std::string>& columns() const { return columns_; }
  /// The index of the column of that name, which must be there, once.
  std::size_t column(std::string_view name) const;
  /// As `column`; nothing for an empty name.
  std::optional<std::size_t> optional_column(const std::string& name) const;

  /// Goes to the next row; false after the last.
  bool next_row();
  /// The current row's fields, one a column, without quotes or surrounding blanks.
  std::string_view field(std::size_t column) const { return fields_[column].text; }
  /// The field as a finite number in [min, max]; UserError if it is none.
  double number(std::size_t column, double min, double max) const;
  /// Where the field begins.
  Place place(std::size_t column) const;
  [[noreturn]] void refuse(std::size_t column, const std::string& message) const;
  const std::string& name() const { return name_; }

 private:
  struct Field {
    std::string_view text;
    std::size_t column = 1;  // in the line, in bytes from 1
    int line = 1;
  };

  void read_header();
  void read_row();
  void read_field();
  void read_quoted();
  void read_plain();
  bool at_line_end() const;
  void skip_line_end();
  bool only_blank_lines_left() const;
  void check_count() const;

  std::string name_;
  std::string text_;
  std::vector<std::string> columns_;
  std::vector<Field> fields_;
  std::deque<std::string> quoted_;  // what quoted fields of the row hold; views into it stay valid
  std::size_t position_ = 0;
  std::size_t line_start_ = 0;
  int line_ = 1;
  std::size_t rows_ = 0;
};

/// The units of times in a file, for `option` settings: numbers of "s", "ms", "us", "ns", "min",
/// "h", or "date": 2023-11-16 18:15:46.6805900, with a T or a blank, and an optional Z.
inline constexpr std::string_view time_units[] = {"s", "ms", "us", "ns", "min", "h", "date"};

/// The field as a time in whole nanoseconds: since 1970 for dates. UserError with its place if it
/// is none, or lies more than 95 years off.
Duration csv_time(const CsvFile& file, std::size_t column, std::string_view unit);

/// A key for any text, the same on every machine.
std::uint64_t key_of(std::string_view text);

}  // namespace evenkeel
