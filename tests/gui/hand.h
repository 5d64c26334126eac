// A reader's hand: mouse and keys, sent to the window as the platform would send them.
#pragma once

#include <gtest/gtest.h>
#include <QComboBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QScrollArea>
#include <QTableView>

#include <QTest>
#include <QTimer>
#include <QWindow>

namespace evenkeel::gui::test {

/// Scrolls what is around the widget until that place of it is in sight.
inline void bringIntoSight(QWidget* widget, const QPoint& at) {
  for (QWidget* above = widget->parentWidget(); above != nullptr; above = above->parentWidget())
    if (auto* scroll = qobject_cast<QScrollArea*>(above)) {
      const QPoint place = widget->mapTo(scroll->widget(), at);
      scroll->ensureVisible(place.x(), place.y(), 60, 60);
    }
}

inline void clickAt(QWidget* widget, const QPoint& at, bool isDouble = false) {
  bringIntoSight(widget, at);
  QWindow* window = widget->window()->windowHandle();
  const QPoint place = widget->mapTo(widget->window(), at);
  QTest::mouseMove(window, place);
  QTest::mouseClick(window, Qt::LeftButton, {}, place);
  if (isDouble) QTest::mouseDClick(window, Qt::LeftButton, {}, place);
}
inline void click(QWidget* widget) { clickAt(widget, widget->rect().center()); }

inline void press(QWidget* window, int key, Qt::KeyboardModifiers modifiers = {}) {
  QTest::keyClick(window->windowHandle(), static_cast<Qt::Key>(key), modifiers);
}
inline void type(QWidget* window, const QString& text) {
  for (const QChar c : text) QTest::keyClick(window->windowHandle(), c.toLatin1());
}
/// What is there is replaced.
inline void typeInto(QLineEdit* edit, const QString& text) {
  click(edit);
  press(edit->window(), Qt::Key_A, Qt::ControlModifier);
  type(edit->window(), text);
  press(edit->window(), Qt::Key_Return);
}
inline void typeIntoCell(QTableView* table, int row, int column, const QString& text) {
  const QModelIndex index = table->model()->index(row, column);
  table->scrollTo(index);
  clickAt(table->viewport(), table->visualRect(index).center(), true);
  auto* editor = table->findChild<QLineEdit*>();
  if (editor == nullptr) return ADD_FAILURE() << "no editor in the cell";
  press(table->window(), Qt::Key_A, Qt::ControlModifier);
  type(table->window(), text);
  press(table->window(), Qt::Key_Return);
}

inline QAction* actionOf(const QWidget* menu, const QString& text) {
  for (QAction* action : menu->actions())
    if (action->text().remove('&') == text) return action;
  return nullptr;
}
/// Clicks from menu to menu, as {"File", "Examples", "smart_home.yaml"}.
inline void choose(QMenuBar* bar, const QStringList& path) {
  QWidget* where = bar;
  for (const QString& text : path) {
    QAction* action = actionOf(where, text);
    if (action == nullptr) return ADD_FAILURE() << "no entry " << text.toStdString();
    const QRect its = where == bar ? bar->actionGeometry(action)
                                   : qobject_cast<QMenu*>(where)->actionGeometry(action);
    clickAt(where, its.center());
    if (action->menu() == nullptr) return;
    where = action->menu();
    if (!QTest::qWaitFor([&] { return where->isVisible() && where->windowHandle(); }, 5000))
      return ADD_FAILURE() << "the menu " << text.toStdString() << " does not open";
  }
}

/// Types a file's name into the next file dialog, as soon as it is there.
inline void answerFileDialog(const QString& path) {
  auto* watch = new QTimer;
  watch->setInterval(20);
  QObject::connect(watch, &QTimer::timeout, watch, [watch, path] {
    auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
    if (dialog == nullptr || !dialog->isVisible() || dialog->windowHandle() == nullptr) return;
    watch->stop();
    watch->deleteLater();
    auto* name = dialog->findChild<QLineEdit*>("fileNameEdit");
    if (name == nullptr) return ADD_FAILURE() << "no field for a file's name";
    name->setCompleter(nullptr);  // its popup would take the keys
    name->setFocus();
    name->selectAll();
    type(dialog, path);
    press(dialog, Qt::Key_Return);
  });
  watch->start();
}

inline int pixelsOf(const QImage& image, const QColor& colour) {
  int count = 0;
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x)
      if (image.pixelColor(x, y) == colour) ++count;
  return count;
}

}  // namespace evenkeel::gui::test
