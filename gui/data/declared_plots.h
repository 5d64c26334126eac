// The charts that a scenario declares (`charts:`), as `evenkeel report` draws them: of the same
// study, in the same order, with the same headings, explanations and tables.
#pragma once

#include "gui/data/plot_spec.h"
#include "gui/data/study_data.h"

namespace evenkeel::gui {

/// A plot for each panel of each chart that the study has data for; none if it declares none.
std::vector<PlotSpec> declaredPlots(const StudyData& data);

/// Leaves out of comparePlots() what the scenario declares and declaredPlots() draws.
void eraseDeclared(const StudyData& data, std::vector<PlotSpec>& plots);

/// The panels of one chart, by its name of report::chart_kinds(); unheaded.
std::vector<PlotSpec> panelsOf(std::string_view kind, const StudyData& data);

// Those of time, which are in declared_time_plots.cpp.
std::vector<PlotSpec> meanHeatMaps(const StudyData& data, const std::string& series);
std::vector<PlotSpec> meanRates(const StudyData& data);
std::vector<PlotSpec> meanLatencies(const StudyData& data);
PlotSpec firstEvents(const StudyData& data);

}  // namespace evenkeel::gui
