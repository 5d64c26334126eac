// A study as one web page: tables and pictures, nothing fetched from anywhere, light or dark as the
// reader's system is.
#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <vector>

#include "sim/metrics/result_file.h"

namespace evenkeel {

/// What a comparison concluded on one variant and metric, against the baseline.
struct ComparisonRow {
  std::string variant = {};
  std::string metric = {};
  std::string unit = {};  // "s", "J", "1/s", "share"; anything else is printed as it is
  double mean = no_value;
  double difference = no_value;  // from the baseline
  double low = no_value;         // 95 % interval of the difference
  double high = no_value;
  std::string verdict = {};  // begins with "better" or "worse", or is neither
};

/// `comparison` may be empty. A file without runs gives a page that says so. Which charts are shown
/// is the study's own choice; with none chosen, all there is data for. Throws UserError as
/// ResultFile does.
void write_report(const ResultFile& file, std::span<const ComparisonRow> comparison,
                  std::ostream& out);

}  // namespace evenkeel
