#include "gui/views/explore_view.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QFileInfo>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>

#include "gui/data/scenario_info.h"
#include "gui/data/zones.h"
#include "gui/models/program.h"
#include "gui/plots/plot_widget.h"
#include "gui/views/load_map.h"
#include "sim/report/format.h"
#include "sim/report/scale.h"

namespace evenkeel::gui {
namespace {

constexpr int overTimeHeight = 290;

QComboBox* choice(const QString& name, const QStringList& items) {
  auto* result = new QComboBox;
  result->addItems(items);
  result->setAccessibleName(name);
  result->setObjectName(name.toLower());
  result->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  return result;
}

}  // namespace

ExploreView::ExploreView(Selection* selection, QWidget* parent)
    : QWidget(parent),
      selection_(selection),
      variant_(choice("Variant", {})),
      seed_(choice("Seed", {})),
      measure_(choice("Measure", {"utilisation", "mean_queue"})),
      order_(choice("Order", {"by load", "by name", "by zone", "as in the topology"})),
      summary_(new QLabel("Open a result file first.")),
      map_(new LoadMap(selection)),
      heat_(new PlotWidget),
      node_(new PlotWidget),
      rates_(new PlotWidget),
      latency_(new PlotWidget),
      requests_(new PlotWidget),
      spread_(new PlotWidget),
      fairness_(new PlotWidget),
      loads_(new PlotWidget),
      events_(new PlotWidget),
      all_{heat_, rates_, node_, latency_, requests_, spread_, fairness_, loads_, events_} {
  layOut();
  for (PlotWidget* plot : all_) link(plot);
  connect(heat_, &PlotWidget::rowClicked, this, [this](const QString& row, double x) {
    Selected selected = selection_->now();
    selected.node = row;
    selected.atSeconds = x;
    selection_->set(selected);
  });
  const auto chooseNode = [this](const QString& node) {
    Selected selected = selection_->now();
    selected.node = node;
    selection_->set(selected);
  };
  connect(map_, &LoadMap::nodeChosen, this, chooseNode);
  connect(loads_, &PlotWidget::clicked, this,
          [chooseNode](double, double, const QString& name) { chooseNode(name); });
  connect(requests_, &PlotWidget::clicked, this, [this](double x, double y, const QString& name) {
    if (!name.isEmpty()) chooseRequest(x, y);
  });
  connect(selection_, &Selection::changed, this, &ExploreView::follow);
}

void ExploreView::layOut() {
  auto* head = new QHBoxLayout;
  for (QComboBox* box : {variant_, seed_, measure_, order_}) {
    head->addWidget(new QLabel(box->accessibleName()));
    head->addWidget(box);
    connect(box, &QComboBox::activated, this, &ExploreView::choose);
  }
  head->addWidget(summary_, 1);
  auto* requests = new QPushButton("Slowest requests of the node");
  requests->setObjectName("slowest");
  connect(requests, &QPushButton::clicked, this,
          [this] { emit requestsWanted(selection_->now().node); });
  head->addWidget(requests);
  heat_->setMinimumHeight(330);
  auto* grid = new QGridLayout;
  grid->setSpacing(10);
  grid->addWidget(heat_, 0, 0);
  grid->addWidget(map_, 0, 1);
  for (std::size_t i = 1; i < all_.size(); ++i) {
    all_[i]->setFixedHeight(overTimeHeight);
    const int place = static_cast<int>(i) + 1;
    grid->addWidget(all_[i], place / 2, place % 2);
  }
  grid->setColumnStretch(0, 3);
  grid->setColumnStretch(1, 2);
  auto* inside = new QWidget;
  auto* column = new QVBoxLayout(inside);
  column->addLayout(head);
  column->addLayout(grid, 1);
  auto* scroll = new QScrollArea;
  scroll->setWidget(inside);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(scroll);
}

/// One cursor and one range for all that are over time.
void ExploreView::link(PlotWidget* plot) {
  connect(plot, &PlotWidget::pointed, this, [this, plot](double x, double) {
    if (plot->spec().isOverTime) showCursor(x);
  });
  connect(plot, &PlotWidget::pointerLeft, this,
          [this] { showCursor(selection_->now().atSeconds); });
  connect(plot, &PlotWidget::rangeChosen, this, [this](double from, double to) {
    Selected selected = selection_->now();
    selected.range = {std::max(0.0, from), std::min(run_->duration_s, to)};
    selection_->set(selected);
  });
  if (plot == heat_ || plot == requests_) return;
  connect(plot, &PlotWidget::clicked, this, [this, plot](double x, double, const QString&) {
    if (!plot->spec().isOverTime) return;
    Selected selected = selection_->now();
    selected.atSeconds = x;
    selection_->set(selected);
  });
}

void ExploreView::showCursor(double atSeconds) {
  for (PlotWidget* plot : all_) plot->setCursorAt(plot->spec().isOverTime ? atSeconds : no_value);
}

bool ExploreView::isBusy() const {
  return asked_ > 0 || !std::ranges::all_of(all_, &PlotWidget::isReady);
}

PlotWidget* ExploreView::plot(const QString& id) const {
  return findChild<PlotWidget*>("plot-" + id);
}

void ExploreView::show(std::shared_ptr<const StudyData> study) {
  const bool isOther = !data_ || data_->path != study->path;
  data_ = std::move(study);
  if (isOther) askForTopology();
  variant_->clear();
  for (const report::Variant& variant : data_->variants())
    variant_->addItem(QString::fromStdString(variant.name));
  follow();
  if (run_) refreshHeatMap();
}

/// The study holds its scenario's text; what it makes of its places, the program knows.
void ExploreView::askForTopology() {
  const QFileInfo file(QString::fromStdString(data_->path));
  const QString name = file.absolutePath() + "/scenario.yaml";
  ++asked_;
  askProgram(this, {"validate", "--json", "--input-as", name},
             QByteArray::fromStdString(data_->study.info.scenario_text),
             [this](const ProgramAnswer& answer) {
               --asked_;
               const ScenarioInfo info = readScenarioInfo(answer.output.toStdString());
               map_->setVisible(info.isReadable());
               if (!info.isReadable()) return;
               zones_ = zonesOf(info.topology);
               map_->show(info);
               if (run_) refreshHeatMap();
             });
}

void ExploreView::show(std::shared_ptr<const RunResult> run) {
  run_ = std::move(run);
  map_->show(run_);
  refresh();
}

void ExploreView::setTheme(const Theme& theme) {
  theme_ = theme;
  map_->setTheme(theme);
  if (run_) refresh();
}

/// From the boxes to the selection.
void ExploreView::choose() {
  Selected selected = selection_->now();
  const auto variant = static_cast<std::size_t>(std::max(0, variant_->currentIndex()));
  selected.run = variant == selected.variant
                     ? static_cast<std::size_t>(std::max(0, seed_->currentIndex()))
                     : 0;
  selected.variant = variant;
  if (run_) refreshHeatMap();
  selection_->set(selected);
}

/// From the selection to the boxes.
void ExploreView::follow() {
  if (!data_ || selection_->now().variant >= data_->variants().size()) return;
  const Selected& now = selection_->now();
  variant_->setCurrentIndex(static_cast<int>(now.variant));
  seed_->clear();
  for (const RunResult& run : data_->variants()[now.variant].runs)
    seed_->addItem(QString::number(run.seed));
  seed_->setCurrentIndex(static_cast<int>(now.run));
  if (run_ && !now.range.isSame(shownRange_))
    refresh();
  else if (run_)
    refreshNode();
  showCursor(now.atSeconds);
}

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

void ExploreView::refreshNode() {
  QString node = selection_->now().node;
  if (node.isEmpty() && !heat_->spec().cells.rows.empty())
    node = QString::fromStdString(heat_->spec().cells.rows.front());
  put(node_, nodeOverTime(*run_, node.toStdString(), selection_->now().range));
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
  refreshHeatMap();
  refreshNode();
  PlotSpec rates = ratesOverTime(*run_);
  if (range.isSet()) rates.shades = {{range.from, range.to}};
  put(rates_, std::move(rates));
  put(latency_, latencyOverTime(*run_, range));
  put(spread_, loadSpreadOverTime(*run_, range));
  put(fairness_, fairnessOverTime(*run_, range));
  put(loads_, loadOfNodes(*run_, range));
  put(events_, eventsOverTime(*run_, range));
  requests_->setVisible(!run_->requests.empty());
  const std::string command = data_ ? shellCommand(*data_) : std::string();
  requests_->showLater(
      [run = run_, range, command] {
        PlotSpec spec = requestsOverTime(*run, range);
        spec.command = command;
        return spec;
      },
      theme_);
  summary_->setText(QString("%1 sent, %2 lost, p99 %3")
                        .arg(run_->tally.sent)
                        .arg(run_->tally.lost())
                        .arg(QString::fromStdString(report::time(run_->latency.p99))));
}

}  // namespace evenkeel::gui
