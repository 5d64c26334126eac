// The pictures of a comparison. Each variant keeps its ink in all of them; nothing is a mean
// without its interval.
#pragma once

#include "gui/data/plot_spec.h"
#include "gui/data/study_data.h"

namespace evenkeel::gui {

/// All that the study has data for, in the order of the home view.
std::vector<PlotSpec> comparePlots(const StudyData& data, const Metric& metric);

PlotSpec differencesPlot(const StudyData& data, const Metric& metric);
PlotSpec percentilesPlot(const StudyData& data);
/// Each percentile against a varied setting that is a number (the load, say). None without one.
std::vector<PlotSpec> againstLoadPlots(const StudyData& data);
PlotSpec cdfPlot(const StudyData& data);
PlotSpec ccdfPlot(const StudyData& data);
PlotSpec boxPlot(const StudyData& data);
PlotSpec phasesPlot(const StudyData& data);
PlotSpec paretoPlot(const StudyData& data);
/// Latency, bytes and security of multi-party computations, as in a report. Empty without any.
PlotSpec privacyPlot(const StudyData& data);
PlotSpec pricePlot(const StudyData& data);
PlotSpec energyPlot(const StudyData& data);
PlotSpec utilisationPlot(const StudyData& data);

/// The verdict table: a row a variant.
Table verdictTable(const StudyData& data, const Metric& metric);

}  // namespace evenkeel::gui
