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
                    .nodes = settings.value("work/nodes").toStringList(),
                    .view = settings.value("work/view").toInt()};
  for (const QString& one : settings.value("work/policies").toStringList())
    selected.choice.variants.insert(one.toULongLong());
  for (const QString& name : settings.value("work/classes").toStringList())
    selected.choice.classes.insert(name.toStdString());
  selected.range = {settings.value("work/from", no_value).toDouble(),
                    settings.value("work/to", no_value).toDouble()};
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
  settings.setValue("work/nodes", now.nodes);
  QStringList policies, classes;
  for (const std::size_t v : now.choice.variants) policies << QString::number(v);
  for (const std::string& name : now.choice.classes) classes << QString::fromStdString(name);
  settings.setValue("work/policies", policies);
  settings.setValue("work/classes", classes);
  if (now.range.isSet()) {
    settings.setValue("work/from", now.range.from);
    settings.setValue("work/to", now.range.to);
  }
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
