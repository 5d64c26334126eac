#include "gui/views/trace_view.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "gui/models/table_model.h"
#include "gui/plots/plot_widget.h"
#include "gui/views/choice_menu.h"
#include "gui/views/steps_view.h"
#include "sim/report/format.h"

namespace evenkeel::gui {
TraceView::TraceView(Selection* selection, QWidget* parent)
    : QWidget(parent),
      selection_(selection),
      table_(new QTableView),
      model_(new TableModel(this)),
      variant_(new QComboBox),
      of_(new QLabel),
      rank_(new QLabel("Open a result file first.")),
      missing_(new QLabel),
      plot_(new PlotWidget),
      beside_(new PlotWidget),
      ways_(new QTabWidget),
      steps_(new StepsView),
      stepsBeside_(new StepsView) {
  table_->setModel(model_);
  table_->setObjectName("requests");
  table_->setAccessibleName("Slowest requests");
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->verticalHeader()->hide();
  table_->horizontalHeader()->setStretchLastSection(true);
  variant_->setAccessibleName("Variant beside");
  variant_->setObjectName("beside");
  missing_->setWordWrap(true);
  auto* previous = new QPushButton("◀ slower (,)");
  auto* next = new QPushButton("faster ▶ (.)");
  auto* head = new QHBoxLayout;
  head->addWidget(previous);
  head->addWidget(next);
  head->addWidget(rank_, 1);
  head->addWidget(new QLabel("the same request under"));
  head->addWidget(variant_);
  auto* phases = new QWidget;
  auto* column = new QVBoxLayout(phases);
  column->addWidget(plot_, 1);
  column->addWidget(beside_, 1);
  column->addWidget(missing_);
  auto* steps = new QSplitter(Qt::Vertical);
  steps->addWidget(steps_);
  steps->addWidget(stepsBeside_);
  ways_->setObjectName("ways");
  ways_->addTab(phases, "Phases");
  ways_->addTab(steps, "Step by step");
  auto* split = new QSplitter;
  of_->setWordWrap(true);
  of_->setObjectName("of");
  auto* left = new QWidget;
  auto* list = new QVBoxLayout(left);
  list->setContentsMargins(0, 0, 0, 0);
  list->addWidget(of_);
  list->addWidget(table_, 1);
  split->addWidget(left);
  split->addWidget(ways_);
  split->setStretchFactor(1, 1);
  split->setSizes({440, 900});
  auto* layout = new QVBoxLayout(this);
  layout->addLayout(head);
  layout->addWidget(split, 1);
  connect(previous, &QPushButton::clicked, this, &TraceView::previousOutlier);
  connect(next, &QPushButton::clicked, this, &TraceView::nextOutlier);
  connect(table_, &QTableView::clicked, this, [this](const QModelIndex& index) {
    Selected selected = selection_->now();
    selected.request = numberAt(index.row());
    selection_->set(selected);
  });
  connect(ways_, &QTabWidget::currentChanged, this, &TraceView::offerSteps);
  for (StepsView* view : {steps_, stepsBeside_})
    connect(view, &StepsView::changed, this, &TraceView::useOneScale);
  connect(variant_, &QComboBox::activated, this,
          [this](int index) { emit besideWanted(static_cast<std::size_t>(index)); });
  connect(selection_, &Selection::changed, this, [this] {
    const Selected& now = selection_->now();
    offerOnly(now.choice.variants, variant_);
    if (!run_) return;
    if (listed_.nodes != now.nodes || !listed_.range.isSame(now.range) ||
        listed_.choice.classes != now.choice.classes)
      refreshList();
    refreshRequest();
  });
}

void TraceView::show(std::shared_ptr<const StudyData> study) {
  data_ = std::move(study);
  const int before = variant_->currentIndex();
  variant_->clear();
  for (const report::Variant& variant : data_->variants())
    variant_->addItem(QString::fromStdString(variant.name));
  variant_->setCurrentIndex(before);
  offerOnly(selection_->now().choice.variants, variant_);
}

void TraceView::show(std::shared_ptr<const RunResult> run) {
  run_ = std::move(run);
  refreshList();
  refreshRequest();
}

void TraceView::showBeside(std::shared_ptr<const RunResult> run, std::size_t variant) {
  other_ = std::move(run);
  otherVariant_ = variant;
  variant_->setCurrentIndex(static_cast<int>(variant));
  if (run_) refreshRequest();
}

void TraceView::setTheme(const Theme& theme) {
  theme_ = theme;
  steps_->setTheme(theme);
  stepsBeside_->setTheme(theme);
  if (run_) refreshRequest();
}

void TraceView::refreshList() {
  listed_ = selection_->now();
  order_ = slowestRequests(*run_, listed_.requests());
  const bool isOfOthers = order_.empty() && !listed_.nodes.isEmpty();
  if (isOfOthers) order_ = slowestRequestsBeside(*run_, listed_.requests());
  const QString nodes = listed_.nodes.join(", ");
  const QString classes = QString::fromStdString(listed(listed_.choice.classes));
  QString of = nodes.isEmpty() ? "The slowest requests of the run"
               : isOfOthers    ? nodes +
                                  " answered none of the kept requests; "
                                  "these were answered at the same place"
                            : "The slowest requests that " + nodes + " answered";
  if (!classes.isEmpty()) of += ": only those of " + classes;
  of_->setText(of);
  Table table{.columns = {"request", "latency", "class", "server", "sent at"}};
  for (const std::size_t i : order_) {
    const KeptRequest& request = run_->requests[i];
    const auto its = request.record.request_class;
    table.rows.push_back(
        {std::to_string(request.record.number), report::time(to_seconds(request.record.latency())),
         its < run_->classes.size() ? run_->classes[its].name : "?", serverOf(*run_, request),
         report::plain(to_seconds(request.record.sent)) + " s"});
  }
  model_->show(std::move(table));
  table_->resizeColumnsToContents();
}

void TraceView::refreshRequest() {
  std::size_t place = 0;
  if (selection_->now().request)
    for (std::size_t i = 0; i < order_.size(); ++i)
      if (run_->requests[order_[i]].record.number == *selection_->now().request) place = i;
  if (order_.empty()) {
    rank_->setText(listed_.nodes.isEmpty()
                       ? "The run kept no such completed request."
                       : "No kept request was answered at " + listed_.nodes.join(", ") + ".");
    plot_->show({}, theme_);
    steps_->offerNothing();
    stepsBeside_->offerNothing();
    return beside_->hide();
  }
  table_->selectRow(static_cast<int>(place));
  const KeptRequest& request = run_->requests[order_[place]];
  double until = to_seconds(request.record.latency());
  if (other_)
    if (const auto same = requestNumbered(*other_, request.record.number))
      until = std::max(until, to_seconds(other_->requests[*same].record.latency()));
  plot_->show(waterfall(*run_, request, until), theme_);
  rank_->setText(QString::fromStdString(rankOf(*run_, request, listed_.choice.classes)));
  refreshBeside(until);
  offerSteps();
}

std::uint64_t TraceView::numberAt(int row) const {
  return run_->requests[order_[static_cast<std::size_t>(row)]].record.number;
}

void TraceView::refreshBeside(double untilSeconds) {
  const std::uint64_t number = numberAt(std::max(0, table_->currentIndex().row()));
  beside_->hide();
  missing_->clear();
  if (!other_) return missing_->setText("Choose a variant to see the same request under it.");
  const QString name = variant_->itemText(static_cast<int>(otherVariant_));
  const auto same = requestNumbered(*other_, number);
  if (!same)
    return missing_->setText(
        QString("The run under %1 did not keep request %2: it is neither in its sample nor among "
                "its slowest. Step by step shows it all the same.")
            .arg(name)
            .arg(number));
  PlotSpec spec = waterfall(*other_, other_->requests[*same], untilSeconds);
  spec.id = "waterfall-beside";
  spec.title += " under " + name.toStdString();
  beside_->show(std::move(spec), theme_);
  beside_->QWidget::show();
}

QString TraceView::besideText() const { return missing_->text(); }

void TraceView::step(int by) {
  const int row = table_->currentIndex().row() + by;
  if (row < 0 || row >= model_->rowCount()) return;
  Selected selected = selection_->now();
  selected.request = numberAt(row);
  selection_->set(selected);
}

void TraceView::nextOutlier() { step(1); }
void TraceView::previousOutlier() { step(-1); }

}  // namespace evenkeel::gui
