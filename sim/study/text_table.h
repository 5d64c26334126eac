// A table of text in aligned columns.
#pragma once

#include <string>
#include <vector>

namespace evenkeel {

struct TextTable {
  std::vector<std::string> columns = {};
  std::vector<std::vector<std::string>> rows = {};  // as many cells as columns
  std::size_t left_aligned = 1;  // so many of the first columns; the others to the right
  bool last_is_prose = false;    // left-aligned, and wrapped
};

/// Lines of at most `width` characters (UTF-8), if need be by shortening the first column to no
/// less than 12 and wrapping prose. Columns that are empty in every row are left off.
std::string to_text(const TextTable& table, std::size_t width = 100);

/// Wrapped at spaces; every line but the first begins with `indent` spaces.
std::string wrapped(const std::string& text, std::size_t width, std::size_t indent = 0);

}  // namespace evenkeel
