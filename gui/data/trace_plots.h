// The way of one request, step by step, as a run that was repeated for it told it.
#pragma once

#include "gui/data/plot_spec.h"
#include "sim/trace/request_trace.h"

namespace evenkeel::gui {

/// What took time, in the order in which it began; each round of a multi-party computation is one
/// row. Beyond `mostStepRows`, the rows that took longest; the table has all of them.
inline constexpr std::size_t mostStepRows = 40;
PlotSpec stepsPlot(const RequestTrace& trace, double untilSeconds);

/// How long that plot is: to where the last thing ended that is told.
double stepsUntil(const RequestTrace& trace);

/// Of every multi-party computation: who sent and got how much, in which part, and what it learned.
Table seatsTable(const RequestTrace& trace);

}  // namespace evenkeel::gui
