// One selection of policies, classes, nodes and time rules all views; by mouse and keys.
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

namespace evenkeel::gui {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

class OneSelection : public ::testing::Test {
 protected:
  void SetUp() override {
    QSettings().remove("work");
    window_.resize(1400, 900);
    window_.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&window_));
    window_.openFile(test::studyOfTwoClasses(sample_));
    ASSERT_TRUE(settled());
  }
  void TearDown() override { QSettings().remove("work"); }
  bool settled() {
    return QTest::qWaitFor([this] { return window_.isIdle(); }, 60'000);
  }
  /// Opens the menu by its key, goes down so many entries, changes the mark there, and closes it.
  void markByKeys(int key, int downwards) {
    test::press(&window_, key, Qt::ControlModifier);
    auto* menu = qobject_cast<ChoiceMenu*>(QApplication::activePopupWidget());
    ASSERT_NE(menu, nullptr);
    for (int i = 0; i < downwards; ++i) test::press(&window_, Qt::Key_Down);
    test::press(&window_, Qt::Key_Space);
    EXPECT_TRUE(menu->isVisible());  // for the next mark
    test::press(&window_, Qt::Key_Escape);
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

  test::SampleFolder sample_;
  MainWindow window_;
};

TEST_F(OneSelection, OfPoliciesRulesCompareAndKeepsInks) {
  const PlotWindow before = compared("percentiles")->viewport().whole();
  markByKeys(Qt::Key_P, 4);  // All, The others, nearest, random
  EXPECT_THAT(namesOf(compared("percentiles")), ElementsAre("nearest", "least_loaded"));
  EXPECT_EQ(compared("percentiles")->spec().curves[1].ink, 2u);
  EXPECT_EQ(compared("percentiles")->viewport().whole(), before);
  EXPECT_EQ(compared("energy")->spec().y.categories.size(), 2u);
  const QAbstractItemModel* verdicts = window_.compare()->verdicts()->model();
  ASSERT_EQ(verdicts->rowCount(), 2);
  EXPECT_EQ(verdicts->index(1, 0).data().toString(), "least_loaded");
  const auto swatch = verdicts->index(1, 0).data(Qt::DecorationRole).value<QPixmap>().toImage();
  EXPECT_EQ(swatch.pixelColor(3, 3), Theme::light().ink(2));
  EXPECT_TRUE(window_.breadcrumb().contains("only nearest, least_loaded")) << crumbs();
  const QImage image = compared("percentiles")->grab().toImage();
  EXPECT_EQ(test::pixelsOf(image, Theme::light().ink(1)), 0);
  EXPECT_GT(test::pixelsOf(image, Theme::light().ink(2)), 30);
}

TEST_F(OneSelection, OfPoliciesLeadsFromARowIntoItsVariant) {
  markByKeys(Qt::Key_P, 3);  // without nearest
  QTableView* verdicts = window_.compare()->verdicts();
  verdicts->setFocus();
  verdicts->setCurrentIndex(verdicts->model()->index(1, 0));
  QTest::keyClick(verdicts, Qt::Key_Return);
  ASSERT_TRUE(settled());
  EXPECT_EQ(window_.selection()->now().variant, 2u);
  EXPECT_EQ(window_.selection()->now().choice.variants, (std::set<std::size_t>{1, 2}));
  EXPECT_EQ(window_.explore()->findChild<QComboBox*>("variant")->currentText(), "least_loaded");
}

TEST_F(OneSelection, OfPoliciesMovesTheRunThatIsLookedAt) {
  markByKeys(Qt::Key_P, 3);  // nearest, whose run was looked at
  EXPECT_EQ(window_.selection()->now().variant, 1u);
}

TEST_F(OneSelection, OfClassesRulesCompare) {
  EXPECT_DOUBLE_EQ(compared("latency_cdf")->spec().curves[0].points.back().second, 98);
  markByKeys(Qt::Key_L, 3);  // without `ask`
  EXPECT_DOUBLE_EQ(compared("latency_cdf")->spec().curves[0].points.back().second, 100);
  EXPECT_TRUE(compared("latency_cdf")->notes().contains("Only requests of peek."));
  EXPECT_TRUE(compared("energy")->notes().contains("Not known by class"));
  EXPECT_EQ(window_.compare()->verdicts()->model()->index(0, 5).data().toString(), "0 %");
  EXPECT_TRUE(window_.breadcrumb().contains("requests of peek")) << crumbs();
}

TEST_F(OneSelection, OfClassesRulesExploreAndTrace) {
  markByKeys(Qt::Key_L, 4);  // without `peek`
  toView(MainWindow::exploreTab);
  EXPECT_THAT(namesOf(window_.explore()->plot("latency")), ElementsAre("ask"));
  EXPECT_THAT(namesOf(window_.explore()->plot("requests")), ElementsAre("ask"));
  EXPECT_EQ(window_.explore()->plot("rates")->spec().curves[0].points[0].second, 2);  // not 2.2
  EXPECT_TRUE(window_.explore()->heatMapPlot()->notes().contains("Not known by class"));
  toView(MainWindow::traceTab);
  const QAbstractItemModel* requests = window_.trace()->requests()->model();
  ASSERT_EQ(requests->rowCount(), 20);
  for (int row = 0; row < 20; ++row) EXPECT_EQ(requests->index(row, 2).data().toString(), "ask");
  EXPECT_TRUE(window_.trace()->findChild<QLabel*>("of")->text().endsWith("only those of ask"));
}

TEST_F(OneSelection, OfSeveralNodesRulesExploreAndTrace) {
  toView(MainWindow::exploreTab);
  clickRow(0, {});
  clickRow(2, Qt::ControlModifier);
  const std::vector<std::string> rows = window_.explore()->heatMapPlot()->spec().cells.rows;
  EXPECT_THAT(namesOf(window_.explore()->plot("node")), ElementsAre(rows[0], rows[2]));
  toView(MainWindow::traceTab);
  const QAbstractItemModel* requests = window_.trace()->requests()->model();
  ASSERT_EQ(requests->rowCount(), 20);
  std::set<std::string> servers;
  for (int row = 0; row < 20; ++row)
    servers.insert(requests->index(row, 3).data().toString().toStdString());
  EXPECT_EQ(servers, (std::set{rows[0], rows[2]}));
  toView(MainWindow::exploreTab);
  clickRow(0, Qt::ControlModifier);
  EXPECT_EQ(window_.selection()->now().nodes.join(",").toStdString(), rows[2]);
}

TEST_F(OneSelection, IsTakenAwayPartByPartByKeys) {
  markByKeys(Qt::Key_P, 4);
  markByKeys(Qt::Key_L, 3);
  toView(MainWindow::exploreTab);
  clickRow(1, {});
  for (const char* part : {"only nearest, least_loaded", "requests of peek"}) {
    QToolButton* button = crumb(part, false);
    ASSERT_NE(button, nullptr) << part << " in " << crumbs();
    button->setFocus(Qt::TabFocusReason);
    test::press(&window_, Qt::Key_Delete);
    ASSERT_TRUE(settled());
    EXPECT_FALSE(window_.breadcrumb().contains(part)) << crumbs();
    EXPECT_TRUE(window_.breadcrumbBar()->isAncestorOf(window_.focusWidget()));
  }
  EXPECT_EQ(window_.selection()->now().choice, StudyChoice{});
  EXPECT_EQ(compared("percentiles")->spec().curves.size(), 3u);
  const QString node = window_.selection()->now().nodes.front();
  QToolButton* cross = crumb(node, true);
  ASSERT_NE(cross, nullptr);
  test::click(cross);
  EXPECT_TRUE(window_.selection()->now().nodes.isEmpty());
}

TEST_F(OneSelection, LeadsByItsPartsToWhereTheyAreSeen) {
  test::click(crumb("nearest, seed 1", false));
  ASSERT_TRUE(settled());
  EXPECT_EQ(window_.selection()->now().view, MainWindow::exploreTab);
  test::click(crumb("two-classes.evenkeel", false));
  ASSERT_TRUE(settled());
  EXPECT_EQ(window_.selection()->now().view, MainWindow::compareTab);
  markByKeys(Qt::Key_L, 3);
  test::click(crumb("requests of peek", false));
  auto* menu = qobject_cast<ChoiceMenu*>(QApplication::activePopupWidget());
  ASSERT_NE(menu, nullptr);
  EXPECT_EQ(menu->title(), "Classes");
  test::press(&window_, Qt::Key_Escape);
}

TEST_F(OneSelection, HasAPastAndAFuture) {
  markByKeys(Qt::Key_P, 4);
  markByKeys(Qt::Key_L, 3);
  test::press(&window_, Qt::Key_Left, Qt::AltModifier);
  ASSERT_TRUE(settled());
  EXPECT_FALSE(compared("latency_cdf")->notes().contains("Only requests of"));
  EXPECT_EQ(compared("percentiles")->spec().curves.size(), 2u);
  test::press(&window_, Qt::Key_Left, Qt::AltModifier);
  ASSERT_TRUE(settled());
  EXPECT_EQ(compared("percentiles")->spec().curves.size(), 3u);
  EXPECT_EQ(window_.findChild<QToolButton*>("policies")->text(), "Policies");
  test::press(&window_, Qt::Key_Right, Qt::AltModifier);
  test::press(&window_, Qt::Key_Right, Qt::AltModifier);
  ASSERT_TRUE(settled());
  EXPECT_TRUE(compared("latency_cdf")->notes().contains("Only requests of peek."));
  EXPECT_EQ(window_.findChild<QToolButton*>("policies")->text(), "Policies: 2 of 3");
}

TEST_F(OneSelection, IsKnownAgain) {
  markByKeys(Qt::Key_P, 4);
  markByKeys(Qt::Key_L, 3);
  Selected selected = window_.selection()->now();
  selected.nodes = QStringList{"edge/site 2", "edge/site 4"};
  selected.range = {.from = 3, .to = 12};
  selected.view = MainWindow::exploreTab;
  window_.selection()->set(selected);
  ASSERT_TRUE(settled());
  window_.close();
  MainWindow next;
  next.restoreWork();
  next.show();
  ASSERT_TRUE(QTest::qWaitFor([&] { return next.isIdle(); }, 60'000));
  EXPECT_EQ(next.breadcrumb().toStdString(), crumbs());
  EXPECT_TRUE(next.selection()->now().isSame(selected));
}

TEST_F(OneSelection, IsTheOtherOnesByOneEntryOfTheMenu) {
  markByKeys(Qt::Key_P, 3);  // without nearest
  markByKeys(Qt::Key_P, 2);  // The others
  EXPECT_THAT(namesOf(compared("percentiles")), ElementsAre("nearest"));
  markByKeys(Qt::Key_P, 1);  // All
  EXPECT_EQ(compared("percentiles")->spec().curves.size(), 3u);
}

TEST_F(OneSelection, IsInTheListOfKeys) {
  QString text;
  QTimer::singleShot(0, [&] {
    auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
    if (box == nullptr) return;
    text = box->text();
    box->close();
  });
  test::press(&window_, Qt::Key_F1);
  EXPECT_TRUE(text.contains("Ctrl+P</b></td><td>Policies")) << text.toStdString();
  EXPECT_TRUE(text.contains("Ctrl+L</b></td><td>Classes of requests"));
}

}  // namespace
}  // namespace evenkeel::gui
