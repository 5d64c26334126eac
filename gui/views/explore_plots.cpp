// What Explore draws of its run, in the range of time and of the classes that are chosen.
#include <QComboBox>
#include <QLabel>

#include "gui/plots/plot_widget.h"
#include "gui/views/explore_view.h"
#include "gui/views/load_map.h"
#include "sim/report/format.h"
#include "sim/report/scale.h"

namespace evenkeel::gui {

/// One scale for the queues of all variants and seeds, so that colours can be compared.
double ExploreView::queueScale() const {
  double top = 0;
  for (const report::Variant& variant : data_->variants())
    for (const auto& [key, series] : variant.series)
      if (std::get<0>(key) == "mean_queue")
        for (const double value : series.values()) top = std::fmax(top, value);
  for (const Series& series : run_->series)
    if (series.name == "mean_queue")
      for (const double value : series.values) top = std::fmax(top, value);
  return report::Scale::linear(0, std::max(top, 1e-9)).high();
}

void ExploreView::put(PlotWidget* plot, PlotSpec spec) {
  plot->setVisible(!spec.isEmpty());
  if (data_) spec.command = shellCommand(*data_);
  noteClasses(shownClasses_, spec);
  plot->show(std::move(spec), theme_);
}

void ExploreView::refreshHeatMap() {
  HeatMapChoice wanted{.series = measure_->currentText().toStdString(),
                       .order = static_cast<RowOrder>(order_->currentIndex()),
                       .range = selection_->now().range,
                       .zones = zones_};
  if (wanted.series == "mean_queue") wanted.top = queueScale();
  put(heat_, heatMap(*run_, wanted));
}

/// Of the busiest one where none is chosen.
void ExploreView::refreshNodes() {
  std::vector<std::string> nodes;
  for (const QString& node : selection_->now().nodes) nodes.push_back(node.toStdString());
  if (nodes.empty() && !heat_->spec().cells.rows.empty())
    nodes.push_back(heat_->spec().cells.rows.front());
  put(nodes_, nodesOverTime(*run_, nodes, selection_->now().range));
}

/// Of those sent at the same instant the one whose latency is the nearest.
void ExploreView::chooseRequest(double sentSeconds, double latency) {
  const double seconds = latency / timeUnitFor(run_->latency.max).perSecond;
  const KeptRequest* nearest = nullptr;
  const auto away = [&](const KeptRequest& request) {
    return std::abs(to_seconds(request.record.latency()) - seconds);
  };
  for (const KeptRequest& request : run_->requests)
    if (request.record.end == RequestEnd::completed &&
        std::abs(to_seconds(request.record.sent) - sentSeconds) < 1e-9 &&
        (nearest == nullptr || away(request) < away(*nearest)))
      nearest = &request;
  if (nearest != nullptr) emit requestWanted(nearest->record.number);
}

void ExploreView::refresh() {
  const TimeRange range = shownRange_ = selection_->now().range;
  shownClasses_ = selection_->now().choice.classes;
  refreshHeatMap();
  refreshNodes();
  PlotSpec rates = ratesOverTime(*run_, {}, shownClasses_);
  if (range.isSet()) rates.shades = {{range.from, range.to}};
  put(rates_, std::move(rates));
  put(latency_, latencyOverTime(*run_, range, shownClasses_));
  put(spread_, loadSpreadOverTime(*run_, range));
  put(fairness_, fairnessOverTime(*run_, range));
  put(loads_, loadOfNodes(*run_, range));
  put(events_, eventsOverTime(*run_, range));
  refreshRequests();
  summarise();
}

void ExploreView::refreshRequests() {
  requests_->setVisible(!run_->requests.empty());
  const std::string command = data_ ? shellCommand(*data_) : std::string();
  requests_->showLater(
      [run = run_, range = shownRange_, classes = shownClasses_, command] {
        PlotSpec spec = requestsOverTime(*run, range, classes);
        spec.command = command;
        noteClasses(classes, spec);
        return spec;
      },
      theme_);
}

void ExploreView::summarise() {
  RunResult scalars = {.tally = run_->tally, .latency = run_->latency};
  if (!shownClasses_.empty()) {
    scalars.classes = run_->classes;
    scalars.histograms = run_->histograms;
    scalars = ofClasses(std::move(scalars), shownClasses_);
  }
  summary_->setText(QString("%1 sent, %2 lost, p99 %3%4")
                        .arg(scalars.tally.sent)
                        .arg(scalars.tally.lost())
                        .arg(QString::fromStdString(report::time(scalars.latency.p99)))
                        .arg(shownClasses_.empty()
                                 ? QString()
                                 : " of " + QString::fromStdString(listed(shownClasses_))));
}

}  // namespace evenkeel::gui
