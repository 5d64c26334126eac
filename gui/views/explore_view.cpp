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
      nodes_(new PlotWidget),
      rates_(new PlotWidget),
      latency_(new PlotWidget),
      requests_(new PlotWidget),
      spread_(new PlotWidget),
      fairness_(new PlotWidget),
      loads_(new PlotWidget),
      events_(new PlotWidget),
      all_{heat_, rates_, nodes_, latency_, requests_, spread_, fairness_, loads_, events_} {
  layOut();
  for (PlotWidget* plot : all_) link(plot);
  connect(heat_, &PlotWidget::rowClicked, this,
          [this](const QString& row, double x) { chooseNodes({row}, x); });
  connect(map_, &LoadMap::nodesChosen, this,
          [this](const QStringList& nodes) { chooseNodes(nodes); });
  connect(loads_, &PlotWidget::clicked, this, [this](double, double, const QString& name) {
    if (!name.isEmpty()) chooseNodes({name});
  });
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
  auto* zone = new QPushButton("All of its zone");
  zone->setObjectName("zone");
  zone->setToolTip("Choose the nodes of the chosen one's zone; with Ctrl a click adds single ones");
  connect(zone, &QPushButton::clicked, this, &ExploreView::chooseZone);
  auto* requests = new QPushButton("Slowest requests of the nodes");
  requests->setObjectName("slowest");
  connect(requests, &QPushButton::clicked, this, &ExploreView::requestsWanted);
  head->addWidget(zone);
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

}  // namespace evenkeel::gui
