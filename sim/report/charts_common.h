// What several charts share.
#pragma once

#include "sim/report/charts.h"
#include "sim/report/plot.h"

namespace evenkeel::report {

/// More curves than this in one picture cannot be told apart; the tables have all.
inline constexpr std::size_t most_curves = 16;
inline constexpr std::size_t most_rows = 40;
inline constexpr std::size_t most_panels = 12;

std::size_t drawn_variants(const Study& study);
std::vector<LegendEntry> variant_legend(const Study& study);
/// Completed requests are there to speak of.
bool any_completed(const Study& study);
std::vector<std::string> variant_names(const Study& study);

/// A log axis of seconds that spans all positive values given; 1 ms to 1 s if there are none.
Axis time_axis(const std::vector<double>& seconds, const std::string& label);
/// From the start of a run to its end, in the unit that suits.
Axis clock_axis(double duration_s);

/// The end of the longest warm-up of any run.
double warm_up_of(const Study& study);
double duration_of(const Study& study);
double bucket_of(const Variant& variant);

}  // namespace evenkeel::report
