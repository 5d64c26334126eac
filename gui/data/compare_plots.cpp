#include "gui/data/compare_plots.h"

#include "gui/data/study_choice.h"

namespace evenkeel::gui {

std::vector<PlotSpec> comparePlots(const StudyData& data, const Metric& metric) {
  std::vector<PlotSpec> plots{differencesPlot(data, metric)};
  for (PlotSpec& spec : againstLoadPlots(data)) plots.push_back(std::move(spec));
  for (PlotSpec& spec :
       std::vector<PlotSpec>{percentilesPlot(data), cdfPlot(data), ccdfPlot(data), boxPlot(data),
                             phasesPlot(data), privacyPlot(data), paretoPlot(data),
                             energyPlot(data), pricePlot(data), utilisationPlot(data)})
    plots.push_back(std::move(spec));
  std::erase_if(plots, [](const PlotSpec& spec) { return spec.isEmpty(); });
  for (PlotSpec& spec : plots) {
    spec.command = shellCommand(data);
    noteClasses(data.classes, spec);
  }
  return plots;
}

}  // namespace evenkeel::gui
