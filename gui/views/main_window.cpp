#include "gui/views/main_window.h"

#include <QApplication>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QStatusBar>
#include <QTabWidget>
#include <QToolButton>

#include "gui/views/breadcrumb.h"
#include "gui/views/choice_menu.h"
#include "gui/views/compare_view.h"
#include "gui/views/explore_view.h"
#include "gui/views/run_view.h"
#include "gui/views/scenario_view.h"
#include "gui/views/trace_view.h"

namespace evenkeel::gui {

MainWindow::MainWindow(QWidget* parent)
    : QMainWindow(parent),
      loader_(new StudyLoader(this)),
      selection_(new Selection(this)),
      tabs_(new QTabWidget),
      scenario_(new ScenarioView),
      run_(new RunView),
      compare_(new CompareView(selection_)),
      explore_(new ExploreView(selection_)),
      trace_(new TraceView(selection_)),
      breadcrumb_(new Breadcrumb),
      policies_(new ChoiceMenu("Policies", this)),
      classes_(new ChoiceMenu("Classes", this)),
      policiesButton_(new QToolButton),
      classesButton_(new QToolButton),
      message_(new QLabel) {
  setWindowTitle("Evenkeel");
  setAcceptDrops(true);
  resize(1400, 900);
  setMinimumSize(900, 600);
  tabs_->addTab(scenario_, "&Scenario");
  tabs_->addTab(run_, "&Run");
  tabs_->addTab(compare_, "&Compare");
  tabs_->addTab(explore_, "E&xplore");
  tabs_->addTab(trace_, "&Trace");
  tabs_->setDocumentMode(true);
  setCentralWidget(tabs_);
  message_->setObjectName("message");
  message_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  statusBar()->addWidget(message_, 1);
  makeActions();
  connectViews();
  applyTheme();
}

void MainWindow::connectViews() {
  connect(loader_, &StudyLoader::opened, this, &MainWindow::showStudy);
  connect(loader_, &StudyLoader::runOpened, this, &MainWindow::showRun);
  connect(loader_, &StudyLoader::failed, this, &MainWindow::tell);
  connect(selection_, &Selection::changed, this, &MainWindow::followSelection);
  connect(tabs_, &QTabWidget::currentChanged, this, &MainWindow::showView);
  connect(compare_, &CompareView::variantChosen, this, [this](std::size_t variant) {
    selection_->set({.choice = selection_->now().choice, .variant = variant, .view = exploreTab});
  });
  connect(explore_, &ExploreView::requestsWanted, this, [this] {
    Selected selected = selection_->now();
    selected.request.reset();
    selected.view = traceTab;
    selection_->set(selected);
  });
  connect(explore_, &ExploreView::requestWanted, this, [this](std::uint64_t number) {
    Selected selected = selection_->now();
    selected.nodes.clear();
    selected.request = number;
    selected.view = traceTab;
    selection_->set(selected);
  });
  connectChoice();
  connect(trace_, &TraceView::besideWanted, this, &MainWindow::askForBeside);
  connect(scenario_, &ScenarioView::checked, this,
          [this] { run_->show(scenario_->info(), scenario_->path()); });
  connect(scenario_, &ScenarioView::schemaKnown, run_, &RunView::setSchema);
  connect(run_, &RunView::startWanted, this, &MainWindow::startRun);
  connect(run_, &RunView::resultGrew, loader_, [this](const QString& path) {
    const bool isLookedAt = tabs_->currentIndex() >= compareTab;
    isInOutline_ = !isLookedAt;
    loader_->open(path, isLookedAt ? StudyLoader::Reads::all : StudyLoader::Reads::scalars);
  });
  connect(run_, &RunView::ended, loader_, [this](const QString& path) {
    isInOutline_ = false;
    if (QFileInfo::exists(path)) loader_->open(path);
  });
}

void MainWindow::openFile(const QString& path) {
  const QString ending = QFileInfo(path).suffix().toLower();
  if (ending == "yaml" || ending == "yml") return openScenario(path);
  message_->setText("Reading " + path + " …");
  loader_->open(path);
}

void MainWindow::openScenario(const QString& path) {
  const QString wrong = scenario_->openFile(path);
  if (!wrong.isEmpty()) return tell(wrong);
  message_->setText(path);
  rememberFile(QFileInfo(path).absoluteFilePath());
  showView(scenarioTab);
}

/// Runs what is on the screen: the text is saved first.
void MainWindow::startRun() {
  if (scenario_->isChanged()) saveScenario();
  if (scenario_->isChanged()) return;
  showView(runTab);
  run_->start();
}

void MainWindow::saveScenario() {
  QString path = scenario_->path();
  if (path.isEmpty()) path = QFileDialog::getSaveFileName(this, "Save", {}, "Scenarios (*.yaml)");
  if (path.isEmpty()) return;
  const QString wrong = scenario_->save(path);
  tell(wrong.isEmpty() ? path + " saved" : wrong);
}

void MainWindow::showStudy(std::shared_ptr<const StudyData> study) {
  const bool isNew = !data_ || data_->path != study->path;
  data_ = std::move(study);
  setWindowTitle(QFileInfo(QString::fromStdString(data_->path)).fileName() + " – Evenkeel");
  run_->show(data_);
  offerChoice();
  isShown_ = false;
  if (!run_->isRunning() || tabs_->currentIndex() >= compareTab) showStudyInViews();
  QString text = QString::fromStdString(data_->path);
  if (data_->otherStudies > 0)
    text += QString(" holds %1 more studies; the first is shown").arg(data_->otherStudies);
  message_->setText(text);
  if (!isNew) return;
  rememberFile(QFileInfo(QString::fromStdString(data_->path)).absoluteFilePath());
  shownRun_.first = askedRun_.first = static_cast<std::size_t>(-1);
  if (lookAgain()) return;
  const int view = tabs_->currentIndex();
  selection_->follow({.view = view == scenarioTab && !run_->isRunning() ? compareTab : view});
}

/// While a comparison runs on, its file grows often: views that nobody looks at are left alone, and
/// what only they show is not read, since that would take the processor from the runs.
void MainWindow::showStudyInViews() {
  if (isShown_ || !data_) return;
  isShown_ = true;
  if (std::exchange(isInOutline_, false)) loader_->open(QString::fromStdString(data_->path));
  compare_->show(data_);
  explore_->show(data_);
  trace_->show(data_);
}

/// Where the file has what was looked at when the window was closed.
bool MainWindow::lookAgain() {
  const auto wanted = std::exchange(restored_, std::nullopt);
  if (!wanted || wanted->view < scenarioTab || wanted->view > traceTab) return false;
  if (wanted->variant >= data_->variants().size() ||
      wanted->run >= data_->variants()[wanted->variant].runs.size())
    return false;
  Selected selected = *wanted;
  selected.choice = within(selected.choice, *data_);
  selection_->follow(selected);
  return true;
}

void MainWindow::askForRun() {
  const std::pair wanted{selection_->now().variant, selection_->now().run};
  if (wanted == askedRun_ || !data_ || wanted.second >= data_->runs[wanted.first].size()) return;
  askedRun_ = wanted;
  loader_->openRun(data_, wanted.first, wanted.second);
}

/// The same seed under another variant: it has met the same requests.
void MainWindow::askForBeside(std::size_t variant) {
  if (!data_ || variant >= data_->variants().size()) return;
  const auto& own = data_->variants()[selection_->now().variant].runs;
  const auto& others = data_->variants()[variant].runs;
  const std::uint64_t seed = own[selection_->now().run].seed;
  for (std::size_t i = 0; i < others.size(); ++i)
    if (others[i].seed == seed) {
      besideAsked_ = variant;
      return loader_->openRun(data_, variant, i);
    }
  tell(QString("%1 has no run of seed %2")
           .arg(QString::fromStdString(data_->variants()[variant].name))
           .arg(seed));
}

void MainWindow::showRun(std::shared_ptr<const RunResult> run, std::size_t variant,
                         std::size_t number) {
  if (besideAsked_ == variant && std::pair{variant, number} != askedRun_) {
    besideAsked_.reset();
    besideShown_ = variant;
    return trace_->showBeside(std::move(run), variant);
  }
  if (std::pair{variant, number} != askedRun_) return;
  shownRun_ = askedRun_;
  explore_->show(run);
  trace_->show(run);
  showAnyBeside();
}

void MainWindow::showView(int view) {
  Selected selected = selection_->now();
  selected.view = view;
  selection_->set(selected);
}

void MainWindow::tell(const QString& what) {
  message_->setText(what);
  statusBar()->setToolTip(what);
}

void MainWindow::setDark(bool isDark) {
  theme_ = isDark ? Theme::dark() : Theme::light();
  applyTheme();
}

void MainWindow::applyTheme() {
  QApplication::setPalette(theme_.palette());
  if (dark_ != nullptr) dark_->setChecked(theme_.isDark());
  if (data_) offerChoice();
  scenario_->setTheme(theme_);
  compare_->setTheme(theme_);
  explore_->setTheme(theme_);
  trace_->setTheme(theme_);
}

QString MainWindow::breadcrumb() const { return breadcrumb_->text(); }
bool MainWindow::hasContent() const { return data_ || !scenario_->path().isEmpty(); }
QString MainWindow::message() const { return message_->text(); }
bool MainWindow::isIdle() const {
  return !loader_->isBusy() && !scenario_->isBusy() && !run_->isBusy() && !compare_->isBusy() &&
         !explore_->isBusy() && !trace_->isBusy();
}

}  // namespace evenkeel::gui
