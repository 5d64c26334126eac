// A window that shows the study of two classes, and a hand that chooses what is spoken of.
#pragma once

#include <gmock/gmock.h>

#include <QLabel>
#include <QSettings>
#include <QTabWidget>
#include <QTableView>
#include <QToolButton>

#include "gui/plots/painted_view.h"
#include "gui/plots/plot_widget.h"
#include "gui/views/breadcrumb.h"
#include "gui/views/choice_menu.h"
#include "gui/views/compare_view.h"
#include "gui/views/explore_view.h"
#include "gui/views/main_window.h"
#include "gui/views/trace_view.h"
#include "tests/gui/hand.h"
#include "tests/gui/two_classes.h"

namespace evenkeel::gui::test {

class OneSelection : public ::testing::Test {
 protected:
  void SetUp() override {
    QSettings().remove("work");
    window_.resize(1400, 900);
    window_.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&window_));
    window_.openFile(studyOfTwoClasses(sample_));
    ASSERT_TRUE(settled());
  }
  void TearDown() override { QSettings().remove("work"); }
  bool settled() {
    return QTest::qWaitFor([this] { return window_.isIdle(); }, 60'000);
  }
  /// Opens the menu by its key, goes down so many entries, changes the mark there, and closes it.
  void markByKeys(int key, int downwards) {
    press(&window_, key, Qt::ControlModifier);
    auto* menu = qobject_cast<ChoiceMenu*>(QApplication::activePopupWidget());
    ASSERT_NE(menu, nullptr);
    for (int i = 0; i < downwards; ++i) press(&window_, Qt::Key_Down);
    press(&window_, Qt::Key_Space);
    EXPECT_TRUE(menu->isVisible());  // for the next mark
    press(&window_, Qt::Key_Escape);
    EXPECT_FALSE(menu->isVisible());
    ASSERT_TRUE(settled());
  }
  PlotWidget* compared(const std::string& id) {
    for (const auto* plots : {&window_.compare()->plots(), &window_.compare()->declared()})
      for (PlotWidget* plot : *plots)
        if (plot->spec().id == id) return plot;
    return nullptr;
  }
  static std::vector<std::string> namesOf(const PlotWidget* plot) {
    std::vector<std::string> names;
    for (const PlotCurve& curve : plot->spec().curves) names.push_back(curve.name);
    return names;
  }
  std::string crumbs() { return window_.breadcrumb().toStdString(); }
  QToolButton* crumb(const QString& text, bool isCross) {
    for (QToolButton* button : window_.breadcrumbBar()->findChildren<QToolButton*>())
      if (button->accessibleName() == (isCross ? "Take away: " + text : text)) return button;
    return nullptr;
  }
  void clickRow(int row, Qt::KeyboardModifiers modifiers) {
    PlotWidget* heat = window_.explore()->heatMapPlot();
    auto* painted = heat->findChild<PaintedView*>();
    const QRectF cells = painted->layoutOfPlot().plot;
    const double height = cells.height() / static_cast<double>(heat->spec().cells.rows.size());
    QTest::mouseClick(painted, Qt::LeftButton, modifiers,
                      QPointF(cells.center().x(), cells.top() + (row + 0.5) * height).toPoint());
    ASSERT_TRUE(settled());
  }
  void toView(int view) {
    window_.showView(view);
    ASSERT_TRUE(settled());
  }

  SampleFolder sample_;
  MainWindow window_;
};

}  // namespace evenkeel::gui::test
