// What wheel, drags and keys do to a plot, as events on a window that no screen shows.
#include <gmock/gmock.h>

#include <QClipboard>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>
#include <QWheelEvent>

#include "gui/data/run_plots.h"
#include "gui/plots/plot_surface.h"
#include "gui/plots/plot_widget.h"
#include "tests/gui/sample_study.h"

namespace evenkeel::gui {
namespace {

PlotSpec tenPoints() {
  PlotSpec spec{.id = "ten",
                .title = "ten",
                .explanation = "Ten points.",
                .x = {.label = "x", .low = 0, .high = 10},
                .y = {.label = "y", .low = 0, .high = 100}};
  PlotCurve curve{.name = "a"};
  for (int i = 0; i <= 10; ++i) curve.points.emplace_back(i, 10 * i);
  spec.curves = {curve};
  return spec;
}

/// As from a real wheel: only such events go on to the parent of who ignores them.
void turnWheel(QWidget* area, const QPointF& place, int notches, Qt::KeyboardModifiers keys = {}) {
  QWheelEvent event(place, area->mapToGlobal(place), {}, QPoint(0, 120 * notches), Qt::NoButton,
                    keys, Qt::NoScrollPhase, false);
  QSpontaneKeyEvent::setSpontaneous(&event);
  qApp->notify(area, &event);
}

class Gestures : public ::testing::Test {
 protected:
  void show(PlotSpec spec) {
    plot_.show(std::move(spec), Theme::light());
    plot_.resize(700, 420);
    plot_.QWidget::show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&plot_));
    plot_.grab();  // lays the chart out
  }
  QWidget* area() { return plot_.surface()->area(); }
  QPoint at(double partX, double partY) {
    const QRectF plot = plot_.surface()->plotArea();
    return QPointF(plot.left() + partX * plot.width(), plot.top() + partY * plot.height())
        .toPoint();
  }
  void wheel(double partX, double partY, int notches, Qt::KeyboardModifiers keys) {
    turnWheel(area(), at(partX, partY), notches, keys);
  }
  void drag(const QPoint& from, const QPoint& to, Qt::KeyboardModifiers keys = {}) {
    QTest::mousePress(area(), Qt::LeftButton, keys, from);
    QTest::mouseMove(area(), (from + to) / 2);
    // QTest::mouseMove() presses no button; what matters here is the place.
    QTest::mouseMove(area(), to);
    QTest::mouseRelease(area(), Qt::LeftButton, keys, to);
  }
  const PlotWindow& seen() { return plot_.viewport().seen(); }

  PlotWidget plot_;
};

TEST_F(Gestures, WheelZoomsAboutThePointer) {
  show(tenPoints());
  wheel(0.3, 0.5, 3, Qt::ControlModifier);
  EXPECT_LT(seen().x.width(), 6);
  EXPECT_NEAR(seen().x.at(0.3), 3, 0.1);
  EXPECT_NEAR(seen().y.at(0.5), 50, 1);
  wheel(0.3, 0.5, -9, Qt::ControlModifier);
  EXPECT_TRUE(plot_.viewport().isWhole());
}

TEST_F(Gestures, WheelAlongOneAxisWithAKey) {
  show(tenPoints());
  wheel(0.5, 0.5, 2, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_LT(seen().x.width(), 10);
  EXPECT_EQ(seen().y.width(), 100);
}

TEST(GesturesOnAPage, TheWheelScrollsUntilThePlotHasTheFocus) {
  QScrollArea scroll;
  auto* page = new QWidget;
  auto* column = new QVBoxLayout(page);
  auto* plot = new PlotWidget;
  plot->setFixedHeight(300);
  column->addWidget(plot);
  column->addSpacing(2000);
  scroll.setWidget(page);
  scroll.setWidgetResizable(true);
  scroll.resize(700, 400);
  plot->show(tenPoints(), Theme::light());
  scroll.show();
  ASSERT_TRUE(QTest::qWaitForWindowActive(&scroll));
  scroll.grab();
  const QPointF middle = plot->surface()->plotArea().center();
  const auto turn = [&] { turnWheel(plot->surface()->area(), middle, -1); };
  scroll.setFocus();
  ASSERT_FALSE(plot->hasFocus());
  ASSERT_GT(scroll.verticalScrollBar()->maximum(), 0);
  turn();
  EXPECT_GT(scroll.verticalScrollBar()->value(), 0);
  scroll.verticalScrollBar()->setValue(0);
  QTest::mouseClick(plot->surface()->area(), Qt::LeftButton, {}, middle.toPoint());
  QTest::keyClick(plot, Qt::Key_Plus);
  const double before = plot->viewport().seen().x.width();
  turn();
  EXPECT_EQ(scroll.verticalScrollBar()->value(), 0);
  EXPECT_GT(plot->viewport().seen().x.width(), before);
}

TEST_F(Gestures, DragMovesWhatIsZoomed) {
  show(tenPoints());
  QTest::keyClick(&plot_, Qt::Key_Plus);
  const double low = seen().x.low;
  drag(at(0.3, 0.5), at(0.5, 0.5));
  EXPECT_NEAR(seen().x.low, low - 0.2 * seen().x.width(), 0.1);
}

TEST_F(Gestures, ShiftDragFrames) {
  show(tenPoints());
  drag(at(0.2, 0.1), at(0.5, 0.6), Qt::ShiftModifier);
  EXPECT_NEAR(seen().x.low, 2, 0.1);
  EXPECT_NEAR(seen().x.high, 5, 0.1);
  EXPECT_NEAR(seen().y.low, 40, 1);
  EXPECT_NEAR(seen().y.high, 90, 1);
}

TEST_F(Gestures, DoubleClickAndZeroShowAll) {
  show(tenPoints());
  QTest::keyClick(&plot_, Qt::Key_Plus);
  QTest::mouseDClick(area(), Qt::LeftButton, {}, at(0.5, 0.5));
  EXPECT_TRUE(plot_.viewport().isWhole());
  QTest::keyClick(&plot_, Qt::Key_Plus);
  EXPECT_FALSE(plot_.viewport().isWhole());
  QTest::keyClick(&plot_, Qt::Key_0);
  EXPECT_TRUE(plot_.viewport().isWhole());
}

TEST_F(Gestures, ArrowsMoveWhatIsZoomed) {
  show(tenPoints());
  QTest::keyClick(&plot_, Qt::Key_Plus);
  const PlotWindow before = seen();
  QTest::keyClick(&plot_, Qt::Key_Right);
  EXPECT_GT(seen().x.low, before.x.low);
  QTest::keyClick(&plot_, Qt::Key_Up);
  EXPECT_GT(seen().y.low, before.y.low);
  QTest::keyClick(&plot_, Qt::Key_Left);
  QTest::keyClick(&plot_, Qt::Key_Down);
  EXPECT_NEAR(seen().x.low, before.x.low, 1e-9);
  EXPECT_NEAR(seen().y.low, before.y.low, 1e-9);
}

TEST_F(Gestures, ControlDragChoosesARangeOfTimeWhereThereIsOne) {
  QSignalSpy chosen(&plot_, &PlotWidget::rangeChosen);
  show(tenPoints());
  drag(at(0.2, 0.5), at(0.5, 0.6), Qt::ControlModifier);
  EXPECT_EQ(chosen.count(), 0);
  PlotSpec overTime = tenPoints();
  overTime.isOverTime = true;
  show(overTime);
  drag(at(0.2, 0.5), at(0.5, 0.6), Qt::ControlModifier);
  ASSERT_EQ(chosen.count(), 1);
  EXPECT_NEAR(chosen[0][0].toDouble(), 2, 0.1);
  EXPECT_NEAR(chosen[0][1].toDouble(), 5, 0.1);
  QTest::keyClick(&plot_, Qt::Key_B);
  ASSERT_EQ(chosen.count(), 2);
  EXPECT_EQ(chosen[1][1].toDouble(), seen().x.high);
}

TEST_F(Gestures, AClickNamesTheCurveUnderIt) {
  QSignalSpy clicked(&plot_, &PlotWidget::clicked);
  show(tenPoints());
  QTest::mouseClick(area(), Qt::LeftButton, {}, at(0.4, 0.6));
  ASSERT_EQ(clicked.count(), 1);
  EXPECT_EQ(clicked[0][0].toDouble(), 4);
  EXPECT_EQ(clicked[0][2].toString(), "a");
}

TEST_F(Gestures, AHeatMapZoomsToo) {
  show(heatMap(test::sampleRun(0, 1), {}));
  wheel(0.5, 0.5, 2, Qt::ControlModifier);
  EXPECT_LT(seen().x.width(), 20);
  EXPECT_EQ(seen().y.width(), 4);  // rows stay: the axis is time
  QTest::keyClick(&plot_, Qt::Key_0);
  EXPECT_TRUE(plot_.viewport().isWhole());
}

TEST_F(Gestures, LogSaysWhatItCannotShow) {
  PlotSpec spec = tenPoints();
  spec.y = {.label = "y", .mayBeLogarithmic = true};
  show(spec);
  EXPECT_THAT(plot_.notes().toStdString(), ::testing::Not(::testing::HasSubstr("log axis")));
  QTest::keyClick(&plot_, Qt::Key_L);
  EXPECT_THAT(plot_.notes().toStdString(), ::testing::HasSubstr("1 value of 0 or less"));
}

TEST_F(Gestures, AMillionPointsAreGatheredBeside) {
  PlotSpec spec{.id = "many", .title = "many"};
  spec.curves = {{.name = "a"}};
  for (int i = 0; i < 1'000'000; ++i) spec.curves[0].points.emplace_back(i, i % 10);
  plot_.show(spec, Theme::light());
  EXPECT_FALSE(plot_.isReady());
  EXPECT_THAT(plot_.notes().toStdString(), ::testing::HasSubstr("Gathering its points"));
  ASSERT_TRUE(QTest::qWaitFor([this] { return plot_.isReady(); }, test::patienceMs));
  EXPECT_EQ(seen().x.high, 1e6);
}

}  // namespace
}  // namespace evenkeel::gui
