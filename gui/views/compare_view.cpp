#include "gui/views/compare_view.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QScrollArea>
#include <QTableView>
#include <QVBoxLayout>
#include <set>

#include "gui/models/verdict_model.h"
#include "gui/plots/plot_widget.h"
#include "sim/scenario/scenario.h"

namespace evenkeel::gui {
namespace {

constexpr int plotHeight = 330;

/// Rows need room for their names.
int heightOf(const PlotSpec& spec) {
  constexpr std::size_t frame = 170, row = 20;
  const std::size_t rows = std::max(spec.y.categories.size(), spec.cells.rows.size());
  return std::max(plotHeight, static_cast<int>(frame + row * std::min<std::size_t>(rows, 40)));
}

}  // namespace

CompareView::CompareView(Selection* selection, QWidget* parent)
    : QWidget(parent),
      selection_(selection),
      maker_(new ComparisonMaker(this)),
      heading_(new QLabel("Open a result file, or run a comparison.")),
      question_(new QLabel),
      metric_(new QComboBox),
      table_(new QTableView),
      model_(new VerdictModel(this)),
      declaredHeading_(new QLabel("Charts of the scenario")),
      othersHeading_(new QLabel("More")),
      declaredGrid_(new QGridLayout),
      grid_(new QGridLayout) {
  QFont large = heading_->font();
  large.setPointSizeF(large.pointSizeF() * 1.4);
  large.setBold(true);
  heading_->setFont(large);
  question_->setWordWrap(true);
  metric_->setAccessibleName("Metric of the verdict");
  metric_->setObjectName("metric");
  table_->setModel(model_);
  table_->setObjectName("verdicts");
  table_->setAccessibleName("Verdicts");
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->verticalHeader()->hide();
  table_->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  table_->horizontalHeader()->setStretchLastSection(true);
  table_->setWordWrap(true);
  auto* head = new QHBoxLayout;
  head->addWidget(heading_, 1);
  head->addWidget(new QLabel("judged by"));
  head->addWidget(metric_);
  auto* inside = new QWidget;
  auto* column = new QVBoxLayout(inside);
  column->addLayout(head);
  column->addWidget(question_);
  column->addWidget(table_);
  for (QLabel* label : {declaredHeading_, othersHeading_}) {
    QFont bold = label->font();
    bold.setBold(true);
    label->setFont(bold);
  }
  declaredGrid_->setSpacing(10);
  grid_->setSpacing(10);
  column->addWidget(declaredHeading_);
  column->addLayout(declaredGrid_);
  column->addWidget(othersHeading_);
  column->addLayout(grid_);
  column->addStretch(1);
  auto* scroll = new QScrollArea;
  scroll->setWidget(inside);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(scroll);
  connect(metric_, &QComboBox::activated, this, &CompareView::refresh);
  connect(table_, &QTableView::activated, this, [this](const QModelIndex& index) {
    emit variantChosen(rows_[static_cast<std::size_t>(index.row())]);
  });
  next_.setInterval(0);
  connect(&next_, &QTimer::timeout, this, &CompareView::showNext);
  connect(maker_, &ComparisonMaker::verdictsMade, this, &CompareView::showVerdicts);
  connect(maker_, &ComparisonMaker::plotsMade, this, [this](const ComparisonPlots& plots) {
    specs_ = plots;
    showPlots();
  });
  connect(selection_, &Selection::changed, this, [this] {
    if (data_ && selection_->now().choice != shownChoice_) refresh();
  });
}

bool CompareView::isBusy() const {
  const auto isReady = [](const PlotWidget* plot) { return plot->isReady(); };
  return maker_->isBusy() || next_.isActive() || !std::ranges::all_of(declared_, isReady) ||
         !std::ranges::all_of(plots_, isReady);
}

void CompareView::show(std::shared_ptr<const StudyData> study) {
  data_ = std::move(study);
  fillMetrics();
  refresh();
}

/// Those that the runs have, and what they counted.
void CompareView::fillMetrics() {
  const QString before = metric_->currentText();
  metric_->clear();
  for (const Metric& metric : comparison_metrics())
    metric_->addItem(QString::fromStdString(metric.name));
  std::set<std::string> counts;
  for (const report::Variant& variant : data_->variants())
    for (const RunResult& run : variant.runs)
      for (const CountResult& count : run.counts) counts.insert(count.name);
  for (const std::string& count : counts)
    metric_->addItem(QString::fromStdString(std::string(count_prefix) + count));
  const int kept = metric_->findText(before);
  const int own = metric_->findText(QString::fromStdString(data_->study.info.metric));
  const int usual = metric_->findText("p99");
  metric_->setCurrentIndex(!before.isEmpty() && kept >= 0 ? kept : own >= 0 ? own : usual);
}

void CompareView::setTheme(const Theme& theme) {
  theme_ = theme;
  model_->setTheme(theme);
  if (!data_) return;
  showPlots();
  while (next_.isActive()) showNext();  // a theme comes at once
}

void CompareView::refresh() {
  shownChoice_ = selection_->now().choice;
  explain();
  maker_->want(
      {.study = data_, .choice = shownChoice_, .metric = metric_->currentText().toStdString()});
}

void CompareView::explain() {
  heading_->setText(QString::fromStdString(data_->study.info.name));
  std::set<std::uint64_t> seeds;
  for (const report::Variant& variant : data_->variants())
    for (const RunResult& run : variant.runs) seeds.insert(run.seed);
  const std::size_t all = data_->variants().size();
  const std::size_t shown = shownChoice_.variants.empty() ? all : shownChoice_.variants.size();
  QString text =
      QString(
          "%1\n%2 variants, %3 seeds. The same arrivals for all; in brackets: "
          "95 % intervals over seeds.")
          .arg(QString::fromStdString(data_->study.info.question))
          .arg(shown == all ? QString::number(all) : QString("%1 of %2").arg(shown).arg(all))
          .arg(seeds.size());
  if (!shownChoice_.classes.empty()) {
    const std::string metric = metric_->currentText().toStdString();
    text += QString(" Only requests of %1; how busy nodes are is not known by class%2.")
                .arg(QString::fromStdString(listed(shownChoice_.classes)))
                .arg(isByClass(metric) ? QString()
                                       : QString(", nor is %1").arg(metric_->currentText()));
  }
  if (!data_->hasDetails) text += " Reading the distributions …";
  question_->setText(text);
}

void CompareView::showVerdicts(const ComparisonVerdicts& verdicts) {
  rows_ = verdicts.chosen->shown();
  model_->show(verdicts.table, rows_);
  table_->resizeColumnsToContents();
  table_->resizeRowsToContents();
  int height = table_->horizontalHeader()->sizeHint().height() + 4;
  for (int row = 0; row < model_->rowCount(); ++row) height += table_->rowHeight(row);
  table_->setFixedHeight(std::min(height + 14, 420));
}

/// One after another, so that the window answers in between. Widgets are kept, and with them what
/// the reader has zoomed into.
void CompareView::showPlots() {
  declaredHeading_->setVisible(!specs_.declared.empty());
  othersHeading_->setVisible(!specs_.declared.empty());
  const auto shorten = [](std::vector<PlotWidget*>& plots, std::size_t count) {
    for (; plots.size() > count; plots.pop_back()) delete plots.back();
  };
  shorten(declared_, specs_.declared.size());
  shorten(plots_, specs_.others.size());
  shown_ = 0;
  next_.start();
}

void CompareView::showNext() {
  const std::size_t declared = specs_.declared.size();
  if (shown_ < declared)
    showOne(specs_.declared[shown_], shown_, declared_, declaredGrid_);
  else if (shown_ < declared + specs_.others.size())
    showOne(specs_.others[shown_ - declared], shown_ - declared, plots_, grid_);
  else
    return next_.stop();
  ++shown_;
}

/// In two columns.
void CompareView::showOne(const PlotSpec& spec, std::size_t place, std::vector<PlotWidget*>& plots,
                          QGridLayout* grid) {
  if (place == plots.size()) {
    auto* plot = new PlotWidget;
    grid->addWidget(plot, static_cast<int>(place) / 2, static_cast<int>(place) % 2, Qt::AlignTop);
    connect(plot, &PlotWidget::clicked, this,
            [this, plot](double, double y, const QString& name) { choose(plot->spec(), y, name); });
    plots.push_back(plot);
  }
  plots[place]->setFixedHeight(heightOf(spec));
  plots[place]->show(spec, theme_);
}

/// What was hit is a variant's, or stands in a variant's row.
void CompareView::choose(const PlotSpec& spec, double y, const QString& name) {
  if (name.isEmpty() || chooseByName(name)) return;
  const auto row = static_cast<std::size_t>(std::max(0L, std::lround(y)));
  if (row < spec.y.categories.size()) chooseByName(QString::fromStdString(spec.y.categories[row]));
}

bool CompareView::chooseByName(const QString& name) {
  for (std::size_t v = 0; v < data_->variants().size(); ++v)
    if (!name.isEmpty() && name.startsWith(QString::fromStdString(data_->variants()[v].name))) {
      emit variantChosen(v);
      return true;
    }
  return false;
}

}  // namespace evenkeel::gui
