// The way that the window is made for, with the program `evenkeel` as its child: from an example to
// the slowest request of the node that was too busy, by mouse and keys.
#include <gmock/gmock.h>

#include <QDir>
#include <QLabel>
#include <QListWidget>
#include <QSpinBox>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>

#include "gui/models/examples.h"
#include "gui/plots/painted_view.h"
#include "gui/plots/plot_widget.h"
#include "gui/views/cell_grid.h"
#include "gui/views/compare_view.h"
#include "gui/views/explore_view.h"
#include "gui/views/main_window.h"
#include "gui/views/matrix_editor.h"
#include "gui/views/run_view.h"
#include "gui/views/scenario_editor.h"
#include "gui/views/scenario_form.h"
#include "gui/views/scenario_view.h"
#include "gui/views/steps_view.h"
#include "gui/views/trace_view.h"
#include "tests/gui/hand.h"
#include "tests/gui/sample_study.h"

namespace evenkeel::gui {
namespace {

class MainPath : public ::testing::Test {
 protected:
  void SetUp() override {
    QDir(ownScenarioFolder()).removeRecursively();
    window_.resize(1400, 900);
    window_.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&window_));
    ASSERT_TRUE(settled());
  }
  void TearDown() override { QDir(ownScenarioFolder()).removeRecursively(); }
  bool settled() {
    return QTest::qWaitFor([this] { return window_.isIdle(); }, test::patienceMs);
  }
  void toTab(int tab) {
    auto* bar = window_.findChild<QTabWidget*>()->tabBar();
    test::clickAt(bar, bar->tabRect(tab).center());
  }
  int tab() { return window_.findChild<QTabWidget*>()->currentIndex(); }
  QLineEdit* field(const char* name) {
    return window_.scenario()->form()->findChild<QLineEdit*>(name);
  }
  PlotWidget* plot(const std::string& id) {
    for (PlotWidget* one : window_.compare()->plots())
      if (one->spec().id == id) return one;
    return nullptr;
  }
  void openAndShorten();
  void runThreeByFive();
  void clickTheWorstPoint();
  void followStepByStep(std::uint64_t request);
  void exportByKey(PlotWidget* from, const QString& path);

  test::SampleFolder sample_;
  MainWindow window_;
};

void MainPath::openAndShorten() {
  test::choose(window_.menuBar(), {"File", "Examples", "smart_home.yaml"});
  ASSERT_TRUE(settled());
  ASSERT_TRUE(window_.scenario()->path().endsWith("/smart_home.yaml"));
  EXPECT_EQ(window_.scenario()->mistakes()->item(0)->text(), "No mistake.");
  test::typeInto(field("duration"), "2 s");
  test::typeInto(field("warm_up"), "0.5 s");
  ASSERT_TRUE(settled());
  const QString text = window_.scenario()->editor()->toPlainText();
  EXPECT_TRUE(text.contains("\nduration: 2 s\nwarm_up: 0.5 s\n"));
  EXPECT_TRUE(text.contains("# cloud - region - neighbourhoods"));
}

void MainPath::runThreeByFive() {
  toTab(MainWindow::runTab);
  test::typeIntoCell(window_.runView()->matrix()->table(), 0, 1, "nearest, cloud_only, power_of_d");
  const QString result = sample_.path("home.evenkeel");
  test::typeInto(window_.runView()->result(), result);
  EXPECT_EQ(window_.runView()->runCount(), 15u);
  test::press(&window_, Qt::Key_F5);
  ASSERT_TRUE(window_.runView()->isRunning()) << window_.runView()->status().toStdString();
  std::size_t steps = 0, before = 0;
  ASSERT_TRUE(QTest::qWaitFor(
      [&] {
        const std::size_t done = window_.runView()->run()->progress().done;
        steps += done > before ? 1 : 0;
        before = done;
        return !window_.runView()->isRunning();
      },
      test::patienceMs));
  EXPECT_GT(steps, 3u);  // it was seen to advance
  ASSERT_TRUE(settled());
  EXPECT_TRUE(window_.runView()->status().startsWith("Finished: " + result));
  const CellGrid* cells = window_.runView()->cells();
  ASSERT_EQ(cells->rowCount(), 3);
  ASSERT_EQ(cells->columnCount(), 5);
  for (int row = 0; row < 3; ++row)
    for (int column = 0; column < 5; ++column)
      EXPECT_TRUE(cells->item(row, column)->text().startsWith("✓ p99 "));
}

/// The highest spots of variants' colours in the picture of the percentiles, until one is hit: the
/// highest may be an interval's end.
void MainPath::clickTheWorstPoint() {
  PlotWidget* percentiles = plot("percentiles");
  ASSERT_NE(percentiles, nullptr);
  test::bringIntoSight(percentiles, percentiles->rect().center());
  const QImage image = percentiles->grab().toImage();
  constexpr int head = 60, step = 4, most = 60;  // the title and the legend have the colours too
  int tried = 0;
  for (int y = head; y < image.height(); y += step)
    for (int x = 0; x < image.width() && tried < most; ++x) {
      const QColor colour = image.pixelColor(x, y);
      if (colour != Theme::light().ink(0) && colour != Theme::light().ink(1) &&
          colour != Theme::light().ink(2))
        continue;
      test::clickAt(percentiles, QPoint(x, y));
      if (tab() == MainWindow::exploreTab) return;
      ++tried;
      x += 2 * step;
    }
  FAIL() << "no point of " << tried << " leads into its variant";
}

void MainPath::exportByKey(PlotWidget* from, const QString& path) {
  from->setFocus();
  test::answerFileDialog(path);
  test::press(&window_, Qt::Key_E, Qt::ControlModifier);
}

/// The run is repeated, and the other variant's, for the same request.
void MainPath::followStepByStep(std::uint64_t request) {
  QTabBar* ways = window_.trace()->findChild<QTabWidget*>("ways")->tabBar();
  test::clickAt(ways, ways->tabRect(1).center());
  ASSERT_TRUE(settled());
  for (const StepsView* steps : {window_.trace()->steps(), window_.trace()->stepsBeside()}) {
    ASSERT_TRUE(steps->trace()) << steps->status().toStdString();
    EXPECT_EQ(steps->trace()->number, request);
    EXPECT_FALSE(steps->plot()->spec().spans.empty());
  }
  EXPECT_NE(window_.trace()->steps()->status(), window_.trace()->stepsBeside()->status());
}

TEST_F(MainPath, LeadsFromAnExampleToTheSlowestRequestOfTheHotNode) {
  ASSERT_NO_FATAL_FAILURE(openAndShorten());
  ASSERT_NO_FATAL_FAILURE(runThreeByFive());

  toTab(MainWindow::compareTab);
  const QAbstractItemModel* verdicts = window_.compare()->verdicts()->model();
  ASSERT_EQ(verdicts->rowCount(), 3);
  const int last = verdicts->columnCount() - 1;
  EXPECT_EQ(verdicts->index(0, last).data().toString(), "baseline");
  for (int row = 1; row < 3; ++row)
    EXPECT_FALSE(verdicts->index(row, last).data().toString().isEmpty());
  const QString compared = sample_.path("percentiles.png");
  exportByKey(plot("percentiles"), compared);
  const QImage picture(compared);
  ASSERT_FALSE(picture.isNull());
  for (std::size_t ink = 0; ink < 3; ++ink)
    EXPECT_GT(test::pixelsOf(picture, Theme::light().ink(ink)), 30) << "policy " << ink;

  ASSERT_NO_FATAL_FAILURE(clickTheWorstPoint());
  ASSERT_TRUE(settled());
  EXPECT_EQ(tab(), MainWindow::exploreTab);

  PlotWidget* heat = window_.explore()->heatMapPlot();
  const QString hot = QString::fromStdString(heat->spec().cells.rows.front());
  auto* painted = heat->findChild<PaintedView*>();
  const QRectF cells = painted->layoutOfPlot().plot;
  const double rowHeight = cells.height() / static_cast<double>(heat->spec().cells.rows.size());
  test::clickAt(painted, QPointF(cells.center().x(), cells.top() + rowHeight / 2).toPoint());
  EXPECT_TRUE(window_.breadcrumb().contains(hot)) << window_.breadcrumb().toStdString();
  test::click(window_.explore()->findChild<QPushButton*>("slowest"));
  ASSERT_TRUE(settled());
  EXPECT_EQ(tab(), MainWindow::traceTab);
  const QAbstractItemModel* requests = window_.trace()->requests()->model();
  ASSERT_GT(requests->rowCount(), 0);
  const QString place = hot.section('/', 1);  // a hub's frames are answered by its home's gateway
  EXPECT_TRUE(requests->index(0, 3).data().toString().endsWith("/" + place));
  EXPECT_EQ(window_.trace()->waterfallPlot()->spec().title,
            "Request " + requests->index(0, 0).data().toString().toStdString());

  const QString traced = sample_.path("request.png");
  exportByKey(window_.trace()->waterfallPlot(), traced);
  const QImage waterfall(traced);
  ASSERT_FALSE(waterfall.isNull());
  int phases = 0;
  for (std::size_t ink = 0; ink < 5; ++ink)
    phases += test::pixelsOf(waterfall, Theme::light().ink(ink)) > 20 ? 1 : 0;
  EXPECT_GE(phases, 2);
  ASSERT_NO_FATAL_FAILURE(followStepByStep(requests->index(0, 0).data().toULongLong()));
}

}  // namespace
}  // namespace evenkeel::gui
