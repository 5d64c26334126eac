// What a screen reader is told of a plot: that it is a chart, its title, what it shows, and where
// its numbers are to be had.
#pragma once

namespace evenkeel::gui {

/// Once for the program; more often does no harm.
void makePlotsAccessible();

}  // namespace evenkeel::gui
