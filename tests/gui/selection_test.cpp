// One selection of policies, classes, nodes and time rules all views; by mouse and keys.
#include <QMessageBox>

#include "tests/gui/one_selection.h"

namespace evenkeel::gui {
namespace {

using ::testing::ElementsAre;
using OneSelection = test::OneSelection;

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

TEST_F(OneSelection, OfPoliciesRulesWhatATraceHasBeside) {
  toView(MainWindow::traceTab);
  EXPECT_EQ(window_.trace()->besidePlot()->spec().title, "Request 39 under random");
  markByKeys(Qt::Key_P, 4);  // without random
  EXPECT_EQ(window_.trace()->besidePlot()->spec().title, "Request 39 under least_loaded");
  markByKeys(Qt::Key_P, 5);  // without least_loaded
  EXPECT_FALSE(window_.trace()->besidePlot()->isVisible());
  markByKeys(Qt::Key_P, 1);  // All
  EXPECT_TRUE(window_.trace()->findChild<QComboBox*>("beside")->isEnabled());
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
