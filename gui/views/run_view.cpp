#include "gui/views/run_view.h"

#include <QDir>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QThread>
#include <QThreadPool>

#include "gui/data/measured_speed.h"
#include "gui/views/cell_grid.h"
#include "gui/views/matrix_editor.h"
#include "sim/report/format.h"

namespace evenkeel::gui {
namespace {

constexpr int growthMs = 700;  // at most so often is the growing result read
constexpr int barSteps = 100;  // of a run

QString about(double seconds) {
  return "about " + QString::fromStdString(report::rough_time(seconds));
}

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
  connect(jobs_, &QSpinBox::valueChanged, this, &RunView::recount);
  connect(result_, &QLineEdit::editingFinished, this, &RunView::learnSpeed);
  connect(start_, &QPushButton::clicked, this, &RunView::startWanted);
  connect(stop_, &QPushButton::clicked, this, &RunView::stop);
  connect(run_, &ComparisonRun::planned, this, [this] {
    cells_->plan(run_->cells());
    planned_ = run_->result();
  });
  connect(run_, &ComparisonRun::cellChanged, this, &RunView::showCell);
  connect(run_, &ComparisonRun::progressed, this, &RunView::showProgress);
  connect(run_, &ComparisonRun::ended, this, &RunView::showEnd);
}

/// What is under way must not find its object gone.
RunView::~RunView() { QThreadPool::globalInstance()->waitForDone(); }

void RunView::setSchema(const std::string& schema) { matrix_->setSchema(schema); }

void RunView::show(const ScenarioInfo& info, const QString& path) {
  if (run_->isRunning() || (path.isEmpty() && !info.isReadable())) return;
  const bool isOther = path != scenario_ || info.vary != info_.vary || info.seeds != info_.seeds;
  scenario_ = path;
  info_ = info;
  start_->setEnabled(info.isReadable() && info.mistakes.empty());
  heading_->setText(info.isReadable() ? "<b>" + QString::fromStdString(info.name) + "</b>"
                                      : "The scenario has mistakes.");
  if (!isOther || !info.isReadable()) return recount();
  matrix_->show(info.vary);
  seeds_->setValue(info.seeds);
  const QFileInfo file(path);
  result_->setText(file.dir().filePath("result-" + file.completeBaseName() + ".evenkeel"));
  learnSpeed();
}

/// From the runs that the result file has already.
void RunView::learnSpeed() {
  speed_ = no_value;
  recount();
  if (run_->isRunning() || !QFileInfo::exists(result_->text())) return;
  ++pending_;
  QThreadPool::globalInstance()->start(
      [this, path = result_->text().toStdString(), name = info_.name] {
        const double speed = measuredSpeed(path, name);
        QMetaObject::invokeMethod(this, [this, speed, name] {
          --pending_;
          if (name != info_.name || std::isnan(speed)) return;
          speed_ = speed;
          recount();
        });
      });
}

std::size_t RunView::runCount() const {
  return static_cast<std::size_t>(seeds_->value()) * matrix_->variantCount();
}

void RunView::recount() {
  const std::size_t count = runCount();
  const int jobs = jobs_->value() > 0 ? jobs_->value() : QThread::idealThreadCount();
  const double seconds = speed_ * info_.durationSeconds * static_cast<double>(count) / jobs;
  count_->setText(QString("%1 runs; ").arg(count) +
                  (std::isnan(seconds)
                       ? "how long they take is known a moment after they have begun"
                       : about(seconds) + ", as fast as the last ones went"));
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
  const QString path = QString::fromStdString(study->path);
  if (study->study.info.name == info_.name) {
    speed_ = measuredSpeed(*study);
    recount();
  }
  if (run_->isRunning() && path != run_->result()) return;
  if (!run_->isRunning() && path != planned_) showOther(*study);
  cells_->show(*study);
}

/// A result that did not come from here.
void RunView::showOther(const StudyData& study) {
  planned_ = QString::fromStdString(study.path);
  const std::vector<RunCell> cells = cellsOf(study);
  cells_->plan(cells);
  const auto all = static_cast<int>(cells.size());
  const auto there =
      static_cast<int>(std::ranges::count(cells, RunCell::State::kept, &RunCell::state));
  bar_->setRange(0, all);
  bar_->setValue(there);
  bar_->setFormat(QString("%1 of %2 runs").arg(there).arg(all));
  status_->setText("The runs of " + planned_ + ".");
  if (!scenario_.isEmpty()) return;
  heading_->setText("<b>" + QString::fromStdString(study.study.info.name).toHtmlEscaped() + "</b>");
  matrix_->show(study.study.info.matrix);
  seeds_->setValue(cells_->columnCount());
  result_->setText(planned_);
  count_->setText("Open the scenario to run more.");
}

void RunView::showProgress() {
  const RunProgress& progress = run_->progress();
  bar_->setRange(0, static_cast<int>(progress.all) * barSteps);
  bar_->setValue(static_cast<int>(run_->over() * barSteps));
  QString text = QString("%1 of %2 runs").arg(progress.kept + progress.done).arg(progress.all);
  if (progress.kept > 0) text += QString(" (%1 from before)").arg(progress.kept);
  if (!std::isnan(progress.leftSeconds) && progress.leftSeconds > 0)
    text += ", " + about(progress.leftSeconds) + " left";
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
QString RunView::forecast() const { return count_->text(); }

}  // namespace evenkeel::gui
