// The window's menus, keys and what may be dropped on it.
#include <QDropEvent>
#include <QFileDialog>
#include <QKeyEvent>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QSettings>
#include <QTabWidget>
#include <QToolBar>

#include "gui/models/examples.h"
#include "gui/views/explore_view.h"
#include "gui/views/main_window.h"
#include "gui/views/run_view.h"
#include "gui/views/scenario_view.h"
#include "gui/views/trace_view.h"

namespace evenkeel::gui {

void MainWindow::addFileActions(QMenu* file) {
  file->addAction("&Open …", QKeySequence::Open, this, &MainWindow::openDialog);
  recent_ = file->addMenu("&Recent");
  connect(recent_, &QMenu::aboutToShow, this, &MainWindow::fillRecent);
  examples_ = file->addMenu("&Examples");
  connect(examples_, &QMenu::aboutToShow, this, &MainWindow::fillExamples);
  file->addAction("&Save the scenario", QKeySequence::Save, this, &MainWindow::saveScenario);
  file->addSeparator();
  file->addAction("&Run", QKeySequence("F5"), this, &MainWindow::startRun);
  file->addAction("S&top", QKeySequence("Shift+F5"), run_, &RunView::stop);
  file->addSeparator();
  file->addAction("&Quit", QKeySequence::Quit, this, &QWidget::close);
}

void MainWindow::addViewActions(QMenu* view) {
  for (int i = 0; i < tabs_->count(); ++i)
    view->addAction(tabs_->tabText(i), QKeySequence(QString("Ctrl+%1").arg(i + 1)), this,
                    [this, i] { showView(i); });
  view->addSeparator();
  back_ = view->addAction("&Back", QKeySequence("Alt+Left"), selection_, &Selection::back);
  forward_ =
      view->addAction("&Forward", QKeySequence("Alt+Right"), selection_, &Selection::forward);
  back_->setEnabled(false);
  forward_->setEnabled(false);
  addChoiceActions(view);
  view->addAction("C&lear selection", QKeySequence("Esc"), selection_, &Selection::clear);
  dark_ =
      view->addAction("&Dark", QKeySequence("Ctrl+D"), this, [this] { setDark(!theme_.isDark()); });
  dark_->setCheckable(true);
  view->addAction("&Slower request", QKeySequence("Ctrl+,"), trace_, &TraceView::previousOutlier);
  view->addAction("&Faster request", QKeySequence("Ctrl+."), trace_, &TraceView::nextOutlier);
  view->addAction("Request step &by step", QKeySequence("Ctrl+T"), trace_, &TraceView::follow);
}

void MainWindow::makeActions() {
  addFileActions(menuBar()->addMenu("&File"));
  addViewActions(menuBar()->addMenu("&View"));
  QMenu* help = menuBar()->addMenu("&Help");
  help->addAction("&Keys", QKeySequence("F1"), this, &MainWindow::showKeys);
  QToolBar* bar = addToolBar("Main");
  bar->setObjectName("toolbar");
  bar->setMovable(false);
  bar->addAction("Open", this, &MainWindow::openDialog);
  bar->addSeparator();
  bar->addAction(back_);
  bar->addAction(forward_);
  bar->addAction(dark_);
  bar->addWidget(policiesButton_);
  bar->addWidget(classesButton_);
  addToolBarBreak();
  QToolBar* line = addToolBar("Selection");  // whole, however long it is
  line->setObjectName("selection");
  line->setMovable(false);
  line->addWidget(breadcrumb_);
}

void MainWindow::openDialog() {
  const QString path = QFileDialog::getOpenFileName(
      this, "Open", {}, "Scenarios and results (*.yaml *.yml *.evenkeel);;All files (*)");
  if (!path.isEmpty()) openFile(path);
}

void MainWindow::showKeys() {
  QString text = "<table cellspacing=6>";
  for (QAction* action : findChildren<QAction*>())
    if (!action->shortcut().isEmpty())
      text += QString("<tr><td><b>%1</b></td><td>%2</td></tr>")
                  .arg(action->shortcut().toString().toHtmlEscaped(),
                       action->text().remove('&').toHtmlEscaped());
  constexpr std::pair<const char*, const char*> others[] = {
      {"T", "a plot's table, and back"},
      {"L", "log axis of a plot; Shift+L of its x axis"},
      {"+ - and arrows", "zoom and move a plot"},
      {"0, double click", "show all of a plot"},
      {"Wheel", "zoom a plot that has the focus; with Ctrl any"},
      {"Drag", "move a plot; with Shift frame a part, with Ctrl choose a range of time"},
      {"B", "choose the range of time that a plot shows"},
      {"Ctrl+click", "on a node: add it to those that are chosen, or take it away"},
      {"Space", "change a mark in the menus of policies and classes"},
      {"Delete", "take away the part of the selection that has the focus, in the line above"},
      {"Ctrl+E", "export a plot"},
      {"Ctrl+C", "copy a plot's table as CSV"},
      {"Ctrl+Space", "what a scenario may hold at the cursor"},
      {", and .", "slower and faster request"},
      {"+ - Home", "zoom the topology, or show all of it"},
      {"?", "this list"}};
  for (const auto& [key, what] : others)
    text += QString("<tr><td><b>%1</b></td><td>%2</td></tr>").arg(key, what);
  QMessageBox box(QMessageBox::NoIcon, "Keys", text + "</table>", QMessageBox::Close, this);
  box.exec();
}

/// Keys that are letters of a text elsewhere: they come here only if no editor took them.
void MainWindow::keyPressEvent(QKeyEvent* event) {
  if (event->text() == "?") return showKeys();
  if (event->text() == "," && tabs_->currentIndex() == traceTab) return trace_->previousOutlier();
  if (event->text() == "." && tabs_->currentIndex() == traceTab) return trace_->nextOutlier();
  QMainWindow::keyPressEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  const QList<QUrl> urls = event->mimeData()->urls();
  if (!urls.isEmpty() && urls.front().isLocalFile()) openFile(urls.front().toLocalFile());
}

void MainWindow::fillRecent() {
  recent_->clear();
  for (const QString& path : QSettings().value("recent").toStringList())
    recent_->addAction(path, this, [this, path] { openFile(path); });
}

/// Copies of the scenarios that ship.
void MainWindow::fillExamples() {
  examples_->clear();
  for (const QString& name : exampleNames())
    examples_->addAction(name, this, [this, name] {
      const ExampleCopy copy = copyOfExample(name);
      copy.wrong.isEmpty() ? openScenario(copy.path) : tell(copy.wrong);
    });
  if (examples_->isEmpty()) examples_->addAction("none were found")->setEnabled(false);
}

}  // namespace evenkeel::gui
