// Comma-separated values after RFC 4180: quoted fields, doubled quotes, LF or CRLF.
#pragma once

#include <string>
#include <vector>

#include "sim/topology/text.h"

namespace evenkeel {

struct CsvRow {
  int line = 0;  // where it begins, from 1
  std::vector<std::string> fields;
};

/// All rows that are not empty; fields are trimmed. UserError for a quote that is not closed, and
/// beyond 2 million rows or 100,000 fields in one.
std::vector<CsvRow> parse_csv(std::string_view text, const std::string& file);

}  // namespace evenkeel
