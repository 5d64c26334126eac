// A result file as tidy tables, one observation a row, for R, pandas and DuckDB.
#pragma once

#include <iosfwd>
#include <optional>
#include <string_view>

#include "sim/metrics/result_file.h"

namespace evenkeel {

/// Facts are in words, such as what a protocol promises.
enum class ExportWhat { scalars, facts, series, requests, histograms };
enum class ExportFormat { csv, json };

std::optional<ExportWhat> export_what_named(std::string_view name);
std::optional<ExportFormat> export_format_named(std::string_view name);

/// All runs of a file. The first columns are the same in every table: run, scenario, seed, version,
/// and one for each path that any run chose a value for (empty where a run did not; a path that has
/// the name of another column gets the prefix "set."). CSV: a header, quoted as RFC 4180 says,
/// lines end in a line feed, numbers with all their digits, a value that does not exist is empty.
/// JSON: an array of objects, one a line; such a value is null. Throws UserError as ResultFile
/// does.
void export_result(const ResultFile& file, ExportWhat what, ExportFormat format, std::ostream& out);

}  // namespace evenkeel
