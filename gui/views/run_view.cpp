#include "gui/views/run_view.h"

#include <QDir>
#include <QFileInfo>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QTableWidget>
#include <QThread>
#include <QVBoxLayout>

#include "sim/report/format.h"

namespace evenkeel::gui {
namespace {

constexpr int growthMs = 700;  // at most so often is the growing result read

/// How many values a list such as "nearest, power_of_d: {d: 2}" has: at commas outside brackets.
std::size_t valuesIn(const QString& text) {
  int depth = 0;
  std::size_t count = text.trimmed().isEmpty() ? 0 : 1;
  for (const QChar c : text) {
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (c == ',' && depth == 0) ++count;
  }
  return count;
}

QString nameOf(const std::map<std::string, std::string>& chosen) {
  QStringList parts;
  for (const auto& [path, value] : chosen) parts << QString::fromStdString(value);
  return parts.isEmpty() ? "as written" : parts.join(", ");
}

QTableWidget* table(const QString& name) {
  auto* result = new QTableWidget;
  result->setAccessibleName(name);
  result->setObjectName(name.toLower());
  return result;
}

}  // namespace

RunView::RunView(QWidget* parent)
    : QWidget(parent),
      run_(new ComparisonRun(this)),
      heading_(new QLabel("Open a scenario first.")),
      matrix_(table("Matrix")),
      seeds_(new QSpinBox),
      jobs_(new QSpinBox),
      result_(new QLineEdit),
      count_(new QLabel),
      start_(new QPushButton("▶ Run (F5)")),
      stop_(new QPushButton("■ Stop (Shift+F5)")),
      bar_(new QProgressBar),
      status_(new QLabel),
      cells_(table("Cells")) {
  layOut();
  growth_.setSingleShot(true);
  growth_.setInterval(growthMs);
  connect(&growth_, &QTimer::timeout, this, [this] { emit resultGrew(run_->result()); });
  connect(matrix_, &QTableWidget::itemChanged, this, &RunView::recount);
  connect(seeds_, &QSpinBox::valueChanged, this, &RunView::recount);
  connect(start_, &QPushButton::clicked, this, &RunView::start);
  connect(stop_, &QPushButton::clicked, this, &RunView::stop);
  connect(run_, &ComparisonRun::planned, this, &RunView::fillCells);
  connect(run_, &ComparisonRun::cellChanged, this, &RunView::showCell);
  connect(run_, &ComparisonRun::progressed, this, &RunView::showProgress);
  connect(run_, &ComparisonRun::ended, this, &RunView::showEnd);
}

void RunView::layOut() {
  matrix_->setColumnCount(2);
  matrix_->setHorizontalHeaderLabels({"what varies (path)", "values, separated by commas"});
  matrix_->horizontalHeader()->setStretchLastSection(true);
  matrix_->setColumnWidth(0, 260);
  matrix_->verticalHeader()->hide();
  matrix_->setFixedHeight(130);
  seeds_->setRange(1, 10000);
  seeds_->setObjectName("seeds");
  seeds_->setAccessibleName("Seeds");
  jobs_->setRange(0, 1024);
  jobs_->setSpecialValueText("as many as cores");
  result_->setObjectName("result");
  status_->setWordWrap(true);
  status_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  stop_->setEnabled(false);
  start_->setEnabled(false);
  start_->setObjectName("start");
  stop_->setObjectName("stop");
  bar_->setTextVisible(true);
  auto* add = new QPushButton("Add a setting");
  connect(add, &QPushButton::clicked, this, [this] { addRow("", ""); });
  auto* form = new QFormLayout;
  form->addRow("Seeds", seeds_);
  form->addRow("Runs at a time", jobs_);
  form->addRow("Result file", result_);
  auto* buttons = new QHBoxLayout;
  for (QPushButton* one : {add, start_, stop_}) buttons->addWidget(one);
  buttons->addWidget(count_, 1);
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(heading_);
  layout->addWidget(matrix_);
  layout->addLayout(form);
  layout->addLayout(buttons);
  layout->addWidget(bar_);
  layout->addWidget(status_);
  layout->addWidget(cells_, 1);
}

void RunView::addRow(const QString& path, const QString& values) {
  const int row = matrix_->rowCount();
  matrix_->insertRow(row);
  matrix_->setItem(row, 0, new QTableWidgetItem(path));
  matrix_->setItem(row, 1, new QTableWidgetItem(values));
}

void RunView::show(const ScenarioInfo& info, const QString& path) {
  if (run_->isRunning()) return;
  const bool isOther = path != scenario_ || info.vary != info_.vary || info.seeds != info_.seeds;
  scenario_ = path;
  info_ = info;
  start_->setEnabled(info.isReadable() && info.mistakes.empty());
  heading_->setText(info.isReadable() ? "<b>" + QString::fromStdString(info.name) + "</b>"
                                      : "The scenario has mistakes.");
  if (!isOther || !info.isReadable()) return;
  matrix_->setRowCount(0);
  for (const auto& [its, values] : info.vary) {
    QStringList texts;
    for (const std::string& value : values) texts << QString::fromStdString(value);
    addRow(QString::fromStdString(its), texts.join(", "));
  }
  seeds_->setValue(info.seeds);
  const QFileInfo file(path);
  result_->setText(file.dir().filePath("result-" + file.completeBaseName() + ".evenkeel"));
  recount();
}

std::size_t RunView::runCount() const {
  std::size_t count = static_cast<std::size_t>(seeds_->value());
  for (int row = 0; row < matrix_->rowCount(); ++row) {
    const QTableWidgetItem* path = matrix_->item(row, 0);
    const QTableWidgetItem* values = matrix_->item(row, 1);
    if (path != nullptr && values != nullptr && !path->text().isEmpty())
      count *= std::max<std::size_t>(1, valuesIn(values->text()));
  }
  return count;
}

void RunView::recount() {
  const std::size_t count = runCount();
  QString text = QString("%1 runs").arg(count);
  const int jobs = jobs_->value() > 0 ? jobs_->value() : QThread::idealThreadCount();
  if (!std::isnan(secondsEach_))
    text += ", about " + QString::fromStdString(report::time(
                             secondsEach_ * static_cast<double>(count) / std::max(1, jobs)));
  else
    text += "; the first finished run tells how long they take";
  count_->setText(text);
}

void RunView::start() {
  if (run_->isRunning() || !start_->isEnabled()) return;
  ComparisonRun::Request request{.scenario = scenario_,
                                 .seeds = seeds_->value(),
                                 .jobs = jobs_->value(),
                                 .result = result_->text()};
  for (int row = 0; row < matrix_->rowCount(); ++row) {
    const QString path = matrix_->item(row, 0)->text().trimmed();
    const QString values = matrix_->item(row, 1)->text().trimmed();
    if (!path.isEmpty()) request.vary << path + "=" + values;
  }
  status_->setText("evenkeel " + ComparisonRun::arguments(request).join(' '));
  bar_->setRange(0, 0);
  start_->setEnabled(false);
  stop_->setEnabled(true);
  data_.reset();
  run_->start(request);
}

void RunView::stop() { run_->stop(); }

/// A row a variant, a column a seed.
void RunView::fillCells() {
  rows_.clear();
  columns_.clear();
  for (const RunCell& cell : run_->cells()) {
    if (std::ranges::find(rows_, cell.chosen) == rows_.end()) rows_.push_back(cell.chosen);
    if (std::ranges::find(columns_, cell.seed) == columns_.end()) columns_.push_back(cell.seed);
  }
  cells_->clear();
  cells_->setRowCount(static_cast<int>(rows_.size()));
  cells_->setColumnCount(static_cast<int>(columns_.size()));
  QStringList names, seeds;
  for (const auto& chosen : rows_) names << nameOf(chosen);
  for (const std::uint64_t seed : columns_) seeds << QString("seed %1").arg(seed);
  cells_->setVerticalHeaderLabels(names);
  cells_->setHorizontalHeaderLabels(seeds);
  cells_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  for (std::size_t i = 0; i < run_->cells().size(); ++i) showCell(i);
}

std::pair<int, int> RunView::placeOf(const RunCell& cell) const {
  return {static_cast<int>(std::ranges::find(rows_, cell.chosen) - rows_.begin()),
          static_cast<int>(std::ranges::find(columns_, cell.seed) - columns_.begin())};
}

void RunView::showCell(std::size_t cell) {
  const RunCell& its = run_->cells()[cell];
  QString text = "·";
  switch (its.state) {
    case RunCell::State::waiting:
      break;
    case RunCell::State::started:
      text = "▶ running";
      break;
    case RunCell::State::failed:
      text = "✗ failed";
      break;
    case RunCell::State::finished:
    case RunCell::State::kept:
      text = "✓";
      growth_.isActive() ? void() : growth_.start();
      break;
  }
  const auto [row, column] = placeOf(its);
  if (data_)
    for (const report::Variant& variant : data_->variants())
      for (const RunResult& run : variant.runs)
        if (variant.chosen == its.chosen && run.seed == its.seed)
          text = QString("✓ p99 %1, busiest %2")
                     .arg(QString::fromStdString(report::time(run.latency.p99)),
                          QString::fromStdString(report::share(highest_utilisation(run))));
  cells_->setItem(row, column, new QTableWidgetItem(text));
}

void RunView::show(std::shared_ptr<const StudyData> study) {
  double sum = 0, runs = 0;
  for (const report::Variant& variant : study->variants())
    for (const RunResult& run : variant.runs) {
      sum += run.wall_s;
      ++runs;
    }
  if (study->study.info.name == info_.name && runs > 0) secondsEach_ = sum / runs;
  recount();
  if (study->path != run_->result().toStdString()) return;
  data_ = std::move(study);
  for (std::size_t i = 0; i < run_->cells().size(); ++i) showCell(i);
  cells_->resizeColumnsToContents();
}

void RunView::showProgress() {
  const RunProgress& progress = run_->progress();
  bar_->setRange(0, static_cast<int>(progress.all));
  bar_->setValue(static_cast<int>(progress.kept + progress.done));
  QString text = QString("%1 of %2 runs").arg(progress.kept + progress.done).arg(progress.all);
  if (progress.kept > 0) text += QString(" (%1 from before)").arg(progress.kept);
  if (!std::isnan(progress.leftSeconds) && progress.leftSeconds > 0)
    text += ", about " + QString::fromStdString(report::time(progress.leftSeconds)) + " left";
  bar_->setFormat(text);
}

void RunView::showEnd(RunEnd how, const QString& errors) {
  start_->setEnabled(true);
  stop_->setEnabled(false);
  if (bar_->maximum() == 0) bar_->setRange(0, 1);
  const QString kept = "What is finished is kept; Run continues there.";
  switch (how) {
    case RunEnd::finished:
      status_->setText("Finished: " + run_->result());
      break;
    case RunEnd::someFailed:
      status_->setText("Some runs failed:\n" + errors);
      break;
    case RunEnd::stopped:
      status_->setText("Stopped. " + kept);
      break;
    case RunEnd::refused:
      status_->setText("Not run: " + errors);
      break;
    case RunEnd::crashed:
      status_->setText("The program evenkeel crashed. " + kept + "\n" + errors);
      break;
  }
  growth_.stop();
  emit ended(run_->result());
}

QString RunView::status() const { return status_->text(); }

}  // namespace evenkeel::gui
