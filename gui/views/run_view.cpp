#include "gui/views/run_view.h"

#include <QDir>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QThread>
#include <QVBoxLayout>

#include "gui/views/cell_grid.h"
#include "gui/views/matrix_editor.h"
#include "sim/report/format.h"

namespace evenkeel::gui {
namespace {

constexpr int growthMs = 700;  // at most so often is the growing result read

}  // namespace

RunView::RunView(QWidget* parent)
    : QWidget(parent),
      run_(new ComparisonRun(this)),
      heading_(new QLabel("Open a scenario first.")),
      matrix_(new MatrixEditor),
      seeds_(new QSpinBox),
      jobs_(new QSpinBox),
      result_(new QLineEdit),
      count_(new QLabel),
      start_(new QPushButton("▶ Run (F5)")),
      stop_(new QPushButton("■ Stop (Shift+F5)")),
      bar_(new QProgressBar),
      status_(new QLabel),
      cells_(new CellGrid) {
  layOut();
  growth_.setSingleShot(true);
  growth_.setInterval(growthMs);
  connect(&growth_, &QTimer::timeout, this, [this] { emit resultGrew(run_->result()); });
  connect(matrix_, &MatrixEditor::changed, this, &RunView::recount);
  connect(seeds_, &QSpinBox::valueChanged, this, &RunView::recount);
  connect(start_, &QPushButton::clicked, this, &RunView::start);
  connect(stop_, &QPushButton::clicked, this, &RunView::stop);
  connect(run_, &ComparisonRun::planned, this, [this] { cells_->plan(run_->cells()); });
  connect(run_, &ComparisonRun::cellChanged, this, &RunView::showCell);
  connect(run_, &ComparisonRun::progressed, this, &RunView::showProgress);
  connect(run_, &ComparisonRun::ended, this, &RunView::showEnd);
}

void RunView::layOut() {
  matrix_->setFixedHeight(170);
  seeds_->setRange(1, 10000);
  seeds_->setObjectName("seeds");
  seeds_->setAccessibleName("Seeds");
  jobs_->setRange(0, 1024);
  jobs_->setSpecialValueText("as many as cores");
  result_->setObjectName("result");
  result_->setAccessibleName("Result file");
  jobs_->setAccessibleName("Runs at a time");
  bar_->setAccessibleName("Progress");
  status_->setObjectName("status");
  status_->setWordWrap(true);
  status_->setTextFormat(Qt::PlainText);
  status_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  stop_->setEnabled(false);
  start_->setEnabled(false);
  start_->setObjectName("start");
  stop_->setObjectName("stop");
  bar_->setTextVisible(true);
  auto* form = new QFormLayout;
  form->addRow("Seeds", seeds_);
  form->addRow("Runs at a time", jobs_);
  form->addRow("Result file", result_);
  auto* buttons = new QHBoxLayout;
  for (QPushButton* one : {start_, stop_}) buttons->addWidget(one);
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

void RunView::setSchema(const std::string& schema) { matrix_->setSchema(schema); }

void RunView::show(const ScenarioInfo& info, const QString& path) {
  if (run_->isRunning()) return;
  const bool isOther = path != scenario_ || info.vary != info_.vary || info.seeds != info_.seeds;
  scenario_ = path;
  info_ = info;
  start_->setEnabled(info.isReadable() && info.mistakes.empty());
  heading_->setText(info.isReadable() ? "<b>" + QString::fromStdString(info.name) + "</b>"
                                      : "The scenario has mistakes.");
  if (!isOther || !info.isReadable()) return;
  matrix_->show(info.vary);
  seeds_->setValue(info.seeds);
  const QFileInfo file(path);
  result_->setText(file.dir().filePath("result-" + file.completeBaseName() + ".evenkeel"));
  recount();
}

std::size_t RunView::runCount() const {
  return static_cast<std::size_t>(seeds_->value()) * matrix_->variantCount();
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
  request.vary = matrix_->settings();
  status_->setText("evenkeel " + ComparisonRun::arguments(request).join(' '));
  bar_->setRange(0, 0);
  start_->setEnabled(false);
  stop_->setEnabled(true);
  data_.reset();
  run_->start(request);
}

/// The reader sees at once that it was heard.
void RunView::stop() {
  if (!run_->isRunning()) return;
  stop_->setEnabled(false);
  status_->setText("Stopping …");
  run_->stop();
}

void RunView::showCell(std::size_t cell) {
  const RunCell& its = run_->cells()[cell];
  cells_->show(its);
  if (its.state != RunCell::State::finished && its.state != RunCell::State::kept) return;
  if (!growth_.isActive()) growth_.start();
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
  cells_->show(*data_);
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
      QFileInfo::exists(run_->result())
          ? status_->setText("Finished: " + run_->result() + ". Ctrl+3 shows the verdict.")
          : status_->setText("The program evenkeel ended without a result " + run_->result() +
                             ".\n" + errors);
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
