// What the window knows again when it is opened the next time.
#include <QApplication>
#include <QCloseEvent>
#include <QFontDatabase>
#include <QMessageBox>
#include <QSettings>
#include <QTabWidget>

#include "gui/views/edged_style.h"
#include "gui/views/main_window.h"
#include "gui/views/scenario_view.h"

namespace evenkeel::gui {

void prepareApplication() {
  QApplication::setStyle(new EdgedStyle);
  const int font = QFontDatabase::addApplicationFont(":/fonts/DejaVuSans.ttf");
  QFontDatabase::addApplicationFont(":/fonts/DejaVuSansMono.ttf");
  if (font < 0) qWarning("evenkeel-gui: its own font cannot be loaded; letters may be missing");
  QApplication::setFont(QFont("DejaVu Sans", 9));
}

void MainWindow::rememberFile(const QString& path) {
  constexpr int most = 10;
  QSettings settings;
  QStringList files = settings.value("recent").toStringList();
  files.removeAll(path);
  files.prepend(path);
  settings.setValue("recent", files.mid(0, most));
}

void MainWindow::restore() {
  const QSettings settings;
  restoreGeometry(settings.value("geometry").toByteArray());
  setDark(settings.value("dark", false).toBool());
}

/// The files that were open, and what was looked at in them. A file that is gone is said to be.
void MainWindow::restoreWork() {
  const QSettings settings;
  const QString scenario = settings.value("work/scenario").toString();
  const QString result = settings.value("work/result").toString();
  if (!scenario.isEmpty()) openScenario(scenario);
  if (result.isEmpty()) return;
  Selected selected{.variant = settings.value("work/variant").toULongLong(),
                    .run = settings.value("work/run").toULongLong(),
                    .node = settings.value("work/node").toString(),
                    .view = settings.value("work/view").toInt()};
  if (settings.contains("work/at")) selected.atSeconds = settings.value("work/at").toDouble();
  if (settings.contains("work/request"))
    selected.request = settings.value("work/request").toULongLong();
  restored_ = selected;
  openFile(result);
}

void MainWindow::rememberWork() const {
  QSettings settings;
  settings.remove("work");
  settings.setValue("work/scenario", scenario_->path());
  settings.setValue("work/view", tabs_->currentIndex());
  if (!data_) return;
  const Selected& now = selection_->now();
  settings.setValue("work/result", QString::fromStdString(data_->path));
  settings.setValue("work/variant", QVariant::fromValue<qulonglong>(now.variant));
  settings.setValue("work/run", QVariant::fromValue<qulonglong>(now.run));
  settings.setValue("work/node", now.node);
  if (!std::isnan(now.atSeconds)) settings.setValue("work/at", now.atSeconds);
  if (now.request) settings.setValue("work/request", QVariant::fromValue<qulonglong>(*now.request));
}

void MainWindow::closeEvent(QCloseEvent* event) {
  if (scenario_->isChanged()) {
    const auto answer = QMessageBox::question(
        this, "Unsaved", "The scenario has changes that are not saved. Save them?",
        QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel);
    if (answer == QMessageBox::Save) saveScenario();
    if (answer == QMessageBox::Cancel || (answer == QMessageBox::Save && scenario_->isChanged()))
      return event->ignore();
  }
  QSettings settings;
  settings.setValue("geometry", saveGeometry());
  settings.setValue("dark", theme_.isDark());
  rememberWork();
  QMainWindow::closeEvent(event);
}

}  // namespace evenkeel::gui
