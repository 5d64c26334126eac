// What a screen reader is told of the plots, and what a screen of twice the pixels shows. The tests
// of the second suite run with QT_SCALE_FACTOR=2 too: see CMakeLists.txt.
#include <gmock/gmock.h>

#include <QAccessible>
#include <QLabel>
#include <QTableView>
#include <QToolButton>

#include "gui/data/compare_plots.h"
#include "gui/data/run_plots.h"
#include "gui/plots/painted_view.h"
#include "gui/plots/plot_widget.h"
#include "tests/gui/sample_study.h"

namespace evenkeel::gui {
namespace {

using test::SampleFolder;

TEST(PlotAccessible, IsAChartWithANameAndItsNotes) {
  StudyData data = SampleFolder{}.whole();
  for (RunResult& run : data.study.variants[0].runs) run.latency.samples = 2000;
  PlotWidget plot;
  plot.show(percentilesPlot(data), Theme::light());
  QAccessibleInterface* its = QAccessible::queryAccessibleInterface(&plot);
  ASSERT_NE(its, nullptr);
  EXPECT_EQ(its->role(), QAccessible::Chart);
  EXPECT_EQ(its->text(QAccessible::Name), "Latency percentiles");
  EXPECT_TRUE(its->text(QAccessible::Description).contains("95 % interval"));
  EXPECT_TRUE(its->text(QAccessible::Description).contains("p99.9: too few samples (nearest)"));
  EXPECT_TRUE(its->text(QAccessible::Help).contains("table of 3 rows"));
}

TEST(PlotAccessible, OffersItsNumbersAsATable) {
  PlotWidget plot;
  plot.show(energyPlot(SampleFolder{}.whole()), Theme::light());
  plot.resize(700, 400);
  plot.QWidget::show();
  QTest::keyClick(&plot, Qt::Key_T);
  QAccessibleInterface* its = QAccessible::queryAccessibleInterface(plot.table());
  ASSERT_NE(its, nullptr);
  EXPECT_EQ(its->text(QAccessible::Name), "Energy, as a table");
  QAccessibleTableInterface* table = its->tableInterface();
  ASSERT_NE(table, nullptr);
  ASSERT_EQ(table->rowCount(), 3);
  EXPECT_EQ(table->columnDescription(0), "variant");
  EXPECT_EQ(table->cellAt(2, 0)->text(QAccessible::Name), "least_loaded");
  EXPECT_TRUE(table->cellAt(0, 1)->text(QAccessible::Name).endsWith("kJ"));
}

TEST(PlotAccessible, NamesItsButtons) {
  PlotWidget plot;
  plot.show(percentilesPlot(SampleFolder{}.whole()), Theme::light());
  for (QToolButton* button : plot.findChildren<QToolButton*>()) {
    QAccessibleInterface* its = QAccessible::queryAccessibleInterface(button);
    EXPECT_GT(its->text(QAccessible::Name).size(), 8) << button->text().toStdString();
  }
}

class AtAnyScale : public ::testing::Test {
 protected:
  void show(PlotSpec spec) {
    plot_.show(std::move(spec), Theme::light());
    plot_.resize(700, 420);
    plot_.QWidget::show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&plot_));
  }

  PlotWidget plot_;
};

TEST_F(AtAnyScale, PicturesHaveAsManyPixelsAsTheScreen) {
  show(heatMap(test::sampleRun(0, 1), {}));
  const QImage image = plot_.grab().toImage();
  const double scale = qEnvironmentVariable("QT_SCALE_FACTOR", "1").toDouble();
  EXPECT_EQ(image.width(), 700 * scale);
  EXPECT_EQ(image.height(), 420 * scale);
  if (scale != 2) return;
  // Sharp: a picture of half the pixels, blown up, has nothing but even squares of four.
  const auto* painted = plot_.findChild<PaintedView*>();
  const QPoint corner = painted->mapTo(&plot_, QPoint(0, 0)) * 2;
  int uneven = 0;
  for (int y = corner.y(); y < corner.y() + painted->height(); y += 2)
    for (int x = corner.x(); x < corner.x() + 2 * painted->width(); x += 2)
      uneven += image.pixel(x, y) != image.pixel(x + 1, y + 1);
  EXPECT_GT(uneven, 100);
}

TEST_F(AtAnyScale, NoTextIsCut) {
  show(percentilesPlot(SampleFolder{}.whole()));
  for (const QLabel* label : plot_.findChildren<QLabel*>()) {
    if (!label->isVisible()) continue;
    const int needed =
        label->wordWrap() ? label->heightForWidth(label->width()) : label->sizeHint().height();
    EXPECT_GE(label->height(), needed) << label->text().toStdString();
    if (!label->wordWrap()) {
      EXPECT_GE(label->width(), label->sizeHint().width()) << label->text().toStdString();
    }
  }
  for (const QToolButton* button : plot_.findChildren<QToolButton*>())
    if (button->isVisible()) {
      EXPECT_GE(button->width(), button->sizeHint().width()) << button->text().toStdString();
    }
}

TEST_F(AtAnyScale, LabelsOfAnAxisAreWithinThePicture) {
  show(percentilesPlot(SampleFolder{}.whole()));
  const QImage image = plot_.grab().toImage();
  const QColor ground = Theme::light().ground();
  // A letter that was cut would touch the edge.
  for (int y = 0; y < image.height(); ++y) {
    EXPECT_EQ(image.pixelColor(3, y), ground) << y;
    EXPECT_EQ(image.pixelColor(image.width() - 4, y), ground) << y;
  }
}

}  // namespace
}  // namespace evenkeel::gui
