// The page's frame and its recurring parts, as well-formed XML that is HTML too.
#pragma once

#include <iosfwd>
#include <string>

#include "sim/report/charts.h"

namespace evenkeel::report {

void begin_page(std::ostream& out, const std::string& title);
void end_page(std::ostream& out, const std::string& version);

/// A row whose index is `emphasised` stands out (the baseline); -1: none.
void write_table(std::ostream& out, const Table& table, int emphasised = -1);
void write_chart(std::ostream& out, const Chart& chart);
/// Text that opens on a click.
void write_folded(std::ostream& out, const std::string& summary, const std::string& text);

}  // namespace evenkeel::report
