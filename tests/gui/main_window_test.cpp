// A reader's ways through the window, by mouse and keys; and files that nobody should open.
#include "gui/views/main_window.h"

#include <gmock/gmock.h>

#include <QComboBox>
#include <QDropEvent>
#include <QFileInfo>
#include <QMimeData>
#include <QProgressBar>
#include <QPushButton>
#include <QSettings>
#include <QTabWidget>
#include <QTableView>

#include "gui/plots/painted_view.h"
#include "gui/plots/plot_surface.h"
#include "gui/plots/plot_widget.h"
#include "gui/views/cell_grid.h"
#include "gui/views/compare_view.h"
#include "gui/views/explore_view.h"
#include "gui/views/matrix_editor.h"
#include "gui/views/run_view.h"
#include "gui/views/trace_view.h"
#include "tests/gui/sample_study.h"

namespace evenkeel::gui {
namespace {

using test::SampleFolder;

class Window : public ::testing::Test {
 protected:
  void SetUp() override {
    window_.resize(1400, 900);
    window_.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&window_));
  }
  bool settled() {
    return QTest::qWaitFor([this] { return window_.isIdle(); }, test::patienceMs);
  }
  void open(const QString& path) {
    window_.openFile(path);
    ASSERT_TRUE(settled());
  }
  void writeFile(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(bytes);
  }
  int tab() { return window_.findChild<QTabWidget*>()->currentIndex(); }

  SampleFolder sample_;
  MainWindow window_;
};

TEST_F(Window, ShowsTheVerdictOfAResultFile) {
  open(sample_.study());
  EXPECT_EQ(tab(), MainWindow::compareTab);
  const QAbstractItemModel* model = window_.compare()->verdicts()->model();
  ASSERT_EQ(model->rowCount(), 3);
  EXPECT_TRUE(model->index(2, model->columnCount() - 1).data().toString().startsWith("▲ better"));
  EXPECT_GE(window_.compare()->plots().size(), 8u);
}

TEST_F(Window, ShowsTheRunsOfAResultFileAndThoseItLacks) {
  test::writeSample(sample_.path("part.evenkeel").toStdString(), 2);
  {
    ResultFile part(sample_.path("part.evenkeel").toStdString(), ResultFile::Mode::write);
    part.add_run(test::sampleRun(0, 3));
  }
  open(sample_.path("part.evenkeel"));
  window_.showView(MainWindow::runTab);
  const CellGrid* cells = window_.runView()->cells();
  ASSERT_EQ(cells->rowCount(), 3);
  ASSERT_EQ(cells->columnCount(), 3);
  EXPECT_TRUE(cells->item(0, 2)->text().startsWith("✓ p99 "))
      << cells->item(0, 2)->text().toStdString();
  EXPECT_EQ(cells->item(1, 2)->text(), "·");
  EXPECT_EQ(window_.runView()->matrix()->settings(),
            QStringList("balancing.policy=nearest, random, least_loaded"));
  EXPECT_EQ(window_.runView()->findChild<QProgressBar*>()->text(), "7 of 9 runs");
  open(sample_.study());
  EXPECT_EQ(cells->columnCount(), test::seeds);
}

TEST_F(Window, LeadsFromAVerdictToTheHotNodesSlowestRequest) {
  open(sample_.study());
  QTableView* verdicts = window_.compare()->verdicts();
  verdicts->setFocus();
  verdicts->setCurrentIndex(verdicts->model()->index(0, 0));
  QTest::keyClick(verdicts, Qt::Key_Return);  // into `nearest`
  ASSERT_TRUE(settled());
  EXPECT_EQ(tab(), MainWindow::exploreTab);

  PlotWidget* heat = window_.explore()->heatMapPlot();
  ASSERT_EQ(heat->spec().cells.rows.front(), "edge/site 4");
  auto* painted = heat->findChild<PaintedView*>();
  const QRectF cells = painted->layoutOfPlot().plot;
  ASSERT_GT(cells.height(), 40);
  QTest::mouseClick(
      painted, Qt::LeftButton, {},
      QPoint(static_cast<int>(cells.center().x()), static_cast<int>(cells.top()) + 5));
  EXPECT_TRUE(window_.breadcrumb().contains("edge/site 4")) << window_.breadcrumb().toStdString();

  QTest::mouseClick(window_.explore()->findChild<QPushButton*>("slowest"), Qt::LeftButton);
  ASSERT_TRUE(settled());
  EXPECT_EQ(tab(), MainWindow::traceTab);
  const QAbstractItemModel* requests = window_.trace()->requests()->model();
  ASSERT_EQ(requests->rowCount(), 10);
  for (int row = 0; row < requests->rowCount(); ++row)
    EXPECT_EQ(requests->index(row, 3).data().toString(), "edge/site 4");
  EXPECT_EQ(requests->index(0, 0).data().toString(), "39");
  EXPECT_EQ(window_.trace()->waterfallPlot()->spec().title, "Request 39");
}

TEST_F(Window, ARangeOfTimeRulesAllPlotsUntilEscape) {
  open(sample_.study());
  window_.showView(MainWindow::exploreTab);
  ASSERT_TRUE(settled());
  ExploreView* explore = window_.explore();
  PlotWidget* rates = explore->plot("rates");
  QWidget* area = rates->surface()->area();
  rates->grab();
  const QRectF plane = rates->surface()->plotArea();
  const QPoint from(static_cast<int>(plane.left() + plane.width() / 4), 60);
  const QPoint to(static_cast<int>(plane.left() + plane.width() / 2), 70);
  QTest::mousePress(area, Qt::LeftButton, Qt::ControlModifier, from);
  QTest::mouseMove(area, to);
  QTest::mouseRelease(area, Qt::LeftButton, Qt::ControlModifier, to);
  ASSERT_TRUE(settled());
  EXPECT_TRUE(window_.breadcrumb().contains("5.0 s to 10.0 s"))
      << window_.breadcrumb().toStdString();
  for (const char* id : {"heat", "latency", "fairness", "requests", "spread"})
    EXPECT_NEAR(explore->plot(id)->spec().x.low, 5, 0.1) << id;
  EXPECT_EQ(rates->spec().shades.size(), 1u);
  EXPECT_EQ(rates->spec().x.high, 20);
  window_.showView(MainWindow::traceTab);
  EXPECT_EQ(window_.trace()->requests()->model()->rowCount(), 0);  // the kept were sent before
  window_.showView(MainWindow::exploreTab);
  QTest::keyClick(&window_, Qt::Key_Escape);
  ASSERT_TRUE(settled());
  EXPECT_FALSE(window_.breadcrumb().contains(" to "));
  EXPECT_EQ(explore->plot("heat")->spec().x.low, 0);
  EXPECT_TRUE(rates->spec().shades.empty());
}

TEST_F(Window, StepsThroughOutliersByKey) {
  open(sample_.study());
  window_.showView(MainWindow::traceTab);
  ASSERT_TRUE(settled());
  QTest::keyClick(&window_, Qt::Key_Period);
  EXPECT_EQ(window_.trace()->waterfallPlot()->spec().title, "Request 38");
  QTest::keyClick(&window_, Qt::Key_Comma);
  EXPECT_EQ(window_.trace()->waterfallPlot()->spec().title, "Request 39");
}

TEST_F(Window, PutsTheSameRequestOfAnotherPolicyBeside) {
  open(sample_.study());
  window_.showView(MainWindow::traceTab);
  ASSERT_TRUE(settled());
  emit window_.trace()->besideWanted(2);
  ASSERT_TRUE(settled());
  ASSERT_TRUE(window_.trace()->besidePlot()->isVisible());
  EXPECT_EQ(window_.trace()->besidePlot()->spec().title, "Request 39 under least_loaded");
  EXPECT_EQ(window_.trace()->besidePlot()->spec().x.high,
            window_.trace()->waterfallPlot()->spec().x.high);
}

TEST_F(Window, GoesBackAndForwardThroughSelections) {
  open(sample_.study());
  window_.showView(MainWindow::exploreTab);
  window_.showView(MainWindow::traceTab);
  QTest::keyClick(&window_, Qt::Key_Left, Qt::AltModifier);
  EXPECT_EQ(tab(), MainWindow::exploreTab);
  QTest::keyClick(&window_, Qt::Key_Right, Qt::AltModifier);
  EXPECT_EQ(tab(), MainWindow::traceTab);
  settled();
}

TEST_F(Window, SaysWhatIsWrongWithAFileAndLives) {
  QFile whole(sample_.study());
  ASSERT_TRUE(whole.open(QIODevice::ReadOnly));
  const QByteArray bytes = whole.readAll();
  QByteArray flipped = bytes;
  for (qsizetype i = 4096; i < flipped.size(); i += 512)
    flipped[i] = static_cast<char>(~flipped[i]);
  writeFile(sample_.path("cut.evenkeel"), bytes.left(bytes.size() / 2));
  writeFile(sample_.path("flipped.evenkeel"), flipped);
  writeFile(sample_.path("foreign.evenkeel"), "PNG or something");
  writeFile(sample_.path("empty.evenkeel"), "");
  for (const char* name : {"cut", "flipped", "foreign", "empty", "missing"}) {
    const QString path = sample_.path(QString(name) + ".evenkeel");
    open(path);
    EXPECT_TRUE(window_.message().startsWith(path + ": ")) << window_.message().toStdString();
    EXPECT_TRUE(window_.isVisible());
  }
  open(sample_.study());  // and is of use afterwards
  EXPECT_EQ(window_.compare()->verdicts()->model()->rowCount(), 3);
}

/// As a run leaves it that was cut off by a power loss: some of its pages are there.
TEST_F(Window, TellsAHalfWrittenFileAndLives) {
  QFile whole(sample_.study());
  ASSERT_TRUE(whole.open(QIODevice::ReadOnly));
  const QByteArray bytes = whole.readAll();
  for (const int percent : {1, 10, 50, 90, 99}) {
    QByteArray half = bytes;
    const qsizetype from = half.size() * percent / 100;
    std::fill(half.begin() + from, half.end(), '\0');
    const QString path = sample_.path(QString("half-%1.evenkeel").arg(percent));
    writeFile(path, half);
    open(path);
    const bool isShown = window_.windowTitle().startsWith(QFileInfo(path).fileName());
    EXPECT_TRUE(isShown || window_.message().startsWith(path + ": "))
        << percent << ": " << window_.message().toStdString();
    window_.showView(MainWindow::exploreTab);
    ASSERT_TRUE(settled());
    EXPECT_TRUE(window_.isVisible());
    EXPECT_NE(window_.message(), "");
  }
}

TEST_F(Window, KnowsAgainWhatWasLookedAt) {
  QSettings().remove("work");
  open(sample_.study());
  window_.selection()->set({.variant = 2,
                            .run = 1,
                            .nodes = {"edge/site 2"},
                            .atSeconds = 7.5,
                            .request = 37,
                            .view = MainWindow::traceTab});
  ASSERT_TRUE(settled());
  const QString before = window_.breadcrumb();
  EXPECT_TRUE(before.contains("least_loaded")) << before.toStdString();
  window_.close();
  MainWindow next;
  next.restore();
  next.restoreWork();
  next.show();
  ASSERT_TRUE(QTest::qWaitFor([&] { return next.isIdle(); }, test::patienceMs));
  EXPECT_EQ(next.breadcrumb(), before);
  EXPECT_EQ(next.findChild<QTabWidget*>()->currentIndex(), MainWindow::traceTab);
  EXPECT_EQ(next.trace()->waterfallPlot()->spec().title, "Request 37");
  QSettings().remove("work");
}

TEST_F(Window, SaysThatWhatWasOpenIsGone) {
  QSettings().setValue("work/result", sample_.path("gone.evenkeel"));
  window_.restoreWork();
  ASSERT_TRUE(settled());
  EXPECT_TRUE(window_.message().startsWith(sample_.path("gone.evenkeel") + ": "))
      << window_.message().toStdString();
  QSettings().remove("work");
}

TEST_F(Window, TellsAStudyOfWhichNothingHasFinished) {
  const QString path = sample_.path("begun.evenkeel");
  test::writeSample(path.toStdString(), 0);
  open(path);
  EXPECT_TRUE(window_.message().contains("no run yet") ||
              window_.message().contains("has finished yet"))
      << window_.message().toStdString();
}

TEST_F(Window, OpensWhatIsDropped) {
  QMimeData mime;
  mime.setUrls({QUrl::fromLocalFile(sample_.study())});
  QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&window_, &enter);
  ASSERT_TRUE(enter.isAccepted());
  QDropEvent drop(QPointF(50, 50), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&window_, &drop);
  ASSERT_TRUE(settled());
  EXPECT_EQ(window_.compare()->verdicts()->model()->rowCount(), 3);
}

TEST_F(Window, KeepsInksInTheDark) {
  open(sample_.study());
  window_.setDark(true);
  const QImage image = window_.grab().toImage();
  int inks = 0;
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x)
      if (image.pixelColor(x, y) == Theme::dark().ink(1)) ++inks;
  EXPECT_GT(inks, 50);
  window_.setDark(false);
}

}  // namespace
}  // namespace evenkeel::gui
