#include "gui/views/explore_view.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QFileInfo>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>

#include "gui/data/scenario_info.h"
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
      order_(choice("Order", {"by load", "by name", "as in the topology"})),
      summary_(new QLabel("Open a result file first.")),
      heat_(new PlotWidget),
      node_(new PlotWidget),
      map_(new LoadMap(selection)),
      grid_(new QGridLayout) {
  auto* head = new QHBoxLayout;
  for (QComboBox* box : {variant_, seed_, measure_, order_}) {
    head->addWidget(new QLabel(box->accessibleName()));
    head->addWidget(box);
    connect(box, &QComboBox::activated, this, &ExploreView::choose);
  }
  head->addWidget(summary_, 1);
  auto* requests = new QPushButton("Slowest requests of the node");
  requests->setObjectName("slowest");
  head->addWidget(requests);
  heat_->setMinimumHeight(330);
  node_->setFixedHeight(overTimeHeight);
  for (int i = 0; i < 4; ++i) {
    overTime_.push_back(new PlotWidget);
    overTime_.back()->setFixedHeight(overTimeHeight);
    connect(overTime_.back(), &PlotWidget::clicked, this, [this](double x, double, const QString&) {
      Selected selected = selection_->now();
      selected.atSeconds = x;
      selection_->set(selected);
    });
  }
  grid_->setSpacing(10);
  grid_->addWidget(heat_, 0, 0);
  grid_->addWidget(map_, 0, 1);
  grid_->setColumnStretch(0, 3);
  grid_->setColumnStretch(1, 2);
  grid_->addWidget(node_, 1, 0);
  for (int i = 0; i < 4; ++i)
    grid_->addWidget(overTime_[static_cast<std::size_t>(i)], (i + 3) / 2, (i + 1) % 2);
  auto* inside = new QWidget;
  auto* column = new QVBoxLayout(inside);
  column->addLayout(head);
  column->addLayout(grid_, 1);
  auto* scroll = new QScrollArea;
  scroll->setWidget(inside);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(scroll);
  connect(heat_, &PlotWidget::rowClicked, this, [this](const QString& row, double x) {
    Selected selected = selection_->now();
    selected.node = row;
    selected.atSeconds = x;
    selection_->set(selected);
  });
  connect(map_, &LoadMap::nodeChosen, this, [this](const QString& node) {
    Selected selected = selection_->now();
    selected.node = node;
    selection_->set(selected);
  });
  connect(requests, &QPushButton::clicked, this,
          [this] { emit requestsWanted(selection_->now().node); });
  connect(selection_, &Selection::changed, this, &ExploreView::follow);
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
               if (info.isReadable()) map_->show(info);
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
  heat_->setCursorAt(now.atSeconds);
  node_->setCursorAt(now.atSeconds);
  for (PlotWidget* plot : overTime_) plot->setCursorAt(now.atSeconds);
  if (run_) refreshNode();
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

void ExploreView::refreshHeatMap() {
  HeatMapChoice wanted{.series = measure_->currentText().toStdString(),
                       .order = static_cast<RowOrder>(order_->currentIndex())};
  if (wanted.series == "mean_queue") wanted.top = queueScale();
  heat_->show(heatMap(*run_, wanted), theme_);
  heat_->setCursorAt(selection_->now().atSeconds);
}

void ExploreView::refreshNode() {
  QString node = selection_->now().node;
  if (node.isEmpty() && !heat_->spec().cells.rows.empty())
    node = QString::fromStdString(heat_->spec().cells.rows.front());
  node_->show(nodeOverTime(*run_, node.toStdString()), theme_);
}

void ExploreView::refresh() {
  refreshHeatMap();
  refreshNode();
  const PlotSpec specs[] = {ratesOverTime(*run_), latencyOverTime(*run_), fairnessOverTime(*run_),
                            eventsOverTime(*run_)};
  for (std::size_t i = 0; i < overTime_.size(); ++i) {
    overTime_[i]->show(specs[i], theme_);
    overTime_[i]->setVisible(!specs[i].isEmpty());
  }
  summary_->setText(QString("%1 sent, %2 lost, p99 %3")
                        .arg(run_->tally.sent)
                        .arg(run_->tally.lost())
                        .arg(QString::fromStdString(report::time(run_->latency.p99))));
}

}  // namespace evenkeel::gui
