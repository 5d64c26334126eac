// What a picture shows, read from its pixels and its text; and what an export does when it cannot.
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <QImage>
#include <QTableView>
#include <csignal>

#include "gui/data/compare_plots.h"
#include "gui/data/run_plots.h"
#include "gui/plots/painted_plot.h"
#include "gui/plots/plot_export.h"
#include "gui/plots/plot_widget.h"
#include "tests/gui/sample_study.h"

namespace evenkeel::gui {
namespace {

using test::SampleFolder;

/// How many pixels have about this colour; antialiasing mixes the edges only.
int pixelsOf(const QImage& image, const QColor& colour) {
  int count = 0;
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x) {
      const QColor its = image.pixelColor(x, y);
      const int away = std::abs(its.red() - colour.red()) + std::abs(its.green() - colour.green()) +
                       std::abs(its.blue() - colour.blue());
      if (away < 12) ++count;
    }
  return count;
}

/// Of letters; grid lines are lighter.
int darkPixelsOf(const QImage& image) {
  int count = 0;
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x)
      if (image.pixelColor(x, y).lightness() < 180) ++count;
  return count;
}

QImage picture(const PlotSpec& spec, const Theme& theme) {
  QImage image(900, 520, QImage::Format_RGB32);
  QPainter painter(&image);
  drawPlot(spec, theme, painter, image.rect());
  return image;
}

TEST(DrawPlot, ShowsEveryPolicyInItsInkInBothThemes) {
  const StudyData data = SampleFolder{}.whole();
  for (const Theme& theme : {Theme::light(), Theme::dark()})
    for (const PlotSpec& spec :
         {percentilesPlot(data), cdfPlot(data), ccdfPlot(data), energyPlot(data), paretoPlot(data)})
      for (std::size_t v = 0; v < 3; ++v)
        EXPECT_GT(pixelsOf(picture(spec, theme), theme.ink(v)), 20) << spec.id << " of " << v;
}

TEST(DrawPlot, KeepsAPolicyOfWhichOneValueIsZeroOnALogAxis) {
  PlotSpec spec{.title = "p", .y = {.logarithmic = true}};
  spec.curves = {{.name = "a", .ink = 0, .points = {{0, 1}, {1, 2}, {2, 0}, {3, 3}, {4, 3}}},
                 {.name = "b", .ink = 1, .points = {{0, 2}, {1, 2}, {2, 2}}}};
  EXPECT_GT(pixelsOf(picture(spec, Theme::light()), Theme::light().ink(0)), 100);
  PlotWidget widget;
  widget.show(spec, Theme::light());
  EXPECT_THAT(widget.notes().toStdString(), ::testing::HasSubstr("1 value of 0 or less"));
}

TEST(DrawPlot, LabelsItsAxes) {
  const QImage image = picture(percentilesPlot(SampleFolder{}.whole()), Theme::light());
  EXPECT_GT(darkPixelsOf(image.copy(0, 30, 60, 420)), 200);    // beside the upright one
  EXPECT_GT(darkPixelsOf(image.copy(90, 445, 800, 35)), 200);  // below the other
}

TEST(DrawPlot, ColoursABusyNodeBrightAndAnIdleOneDark) {
  const QImage image = picture(heatMap(test::sampleRun(0, 1), {}), Theme::light());
  EXPECT_GT(pixelsOf(image, Theme::light().heat(0.95)), 5000);
  EXPECT_GT(pixelsOf(image, Theme::light().heat(0.1)), 20000);
}

TEST(CellsImage, ShowsTheHotOneOfManyThatShareAPixel) {
  PlotCells cells;
  cells.values.assign(1000, std::vector<double>(500, 0.0));
  cells.values[123][456] = 1;
  const QImage image = cellsImage(cells, {{0, 500}, {0, 1000}}, QSize(50, 20), Theme::light());
  EXPECT_EQ(pixelsOf(image, Theme::light().heat(1)), 1);
  EXPECT_EQ(image.pixelColor(45, 2), Theme::light().heat(1));
}

TEST(CellsImage, GivesEachCellItsPixelsWhenZoomed) {
  const PlotCells cells{.values = {{0, 1}, {0.5, 0}}};
  const QImage image = cellsImage(cells, {{0, 2}, {0, 2}}, QSize(40, 40), Theme::light());
  EXPECT_EQ(pixelsOf(image, Theme::light().heat(1)), 400);
  EXPECT_EQ(image.pixelColor(20, 19), Theme::light().heat(1));
  EXPECT_EQ(image.pixelColor(19, 19), Theme::light().heat(0));
}

TEST(ExportPlot, WritesEachFormat) {
  const SampleFolder sample;
  const PlotSpec spec = percentilesPlot(sample.whole());
  const auto written = [&](const QString& name) {
    EXPECT_EQ(exportPlot(spec, sample.path(name)), "");
    QFile file(sample.path(name));
    EXPECT_TRUE(file.open(QIODevice::ReadOnly));
    return file.readAll();
  };
  EXPECT_TRUE(QImage::fromData(written("p.png")).width() >= 900);
  const QByteArray svg = written("p.svg");
  for (const char* text : {"nearest", "least_loaded", "latency, ms", "p99.9"})
    EXPECT_TRUE(svg.contains(text)) << text;
  EXPECT_TRUE(written("p.pdf").startsWith("%PDF"));
  EXPECT_EQ(written("p.csv").toStdString(), toCsv(spec.table));
}

TEST(ExportPlot, SaysWhatItCannotWriteAndWhere) {
  const SampleFolder sample;
  const PlotSpec spec = percentilesPlot(sample.whole());
  const QString nowhere = sample.path("no/such/folder/p.png");
  EXPECT_TRUE(exportPlot(spec, nowhere).startsWith(nowhere));
  EXPECT_TRUE(exportPlot(spec, sample.path("p.gif")).contains(".png, .svg, .pdf or .csv"));
}

TEST(ExportPlot, SaysWhereADeviceIsFull) {
  const PlotSpec spec = percentilesPlot(SampleFolder{}.whole());
  // Names that end as the formats do, and lead to a device on which nothing has room.
  const SampleFolder sample;
  for (const char* name : {"p.png", "p.svg", "p.pdf", "p.csv"}) {
    const QString path = sample.path(name);
    ASSERT_TRUE(QFile::link("/dev/full", path));
    const QString wrong = exportPlot(spec, path);
    EXPECT_TRUE(wrong.startsWith(path)) << wrong.toStdString();
    EXPECT_TRUE(wrong.contains("No space left")) << wrong.toStdString();
  }
}

TEST(ExportPlot, DrawsThePartThatIsSeen) {
  const SampleFolder sample;
  PlotSpec spec{.title = "p", .x = {.low = 0, .high = 10}, .y = {.low = 0, .high = 10}};
  spec.curves = {{.name = "a", .points = {{0, 0}, {5, 0}}}, {.name = "b", .ink = 1}};
  for (int i = 0; i <= 50; ++i) spec.curves[1].points.emplace_back(5 + 0.1 * i, 5);
  const auto drawn = [&](const std::optional<PlotWindow>& seen) {
    const QString path = sample.path("p.png");
    EXPECT_EQ(exportPlot(spec, path, Theme::light(), seen), "");
    return QImage(path);
  };
  const QColor ink = Theme::light().ink(0);
  const int legendOnly = pixelsOf(drawn(PlotWindow{{6, 10}, {0, 10}}), ink);
  EXPECT_GT(pixelsOf(drawn({}), ink), legendOnly + 500);
}

TEST(ExportPlot, LeavesTheOldFileWhenTheDiskIsFull) {
  const SampleFolder sample;
  const PlotSpec spec = percentilesPlot(sample.whole());
  const QString path = sample.path("p.png");
  ASSERT_EQ(exportPlot(spec, path), "");
  const qint64 before = QFileInfo(path).size();
  rlimit old{};
  ::getrlimit(RLIMIT_FSIZE, &old);
  const rlimit small{.rlim_cur = 1000, .rlim_max = old.rlim_max};
  const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
  ::setrlimit(RLIMIT_FSIZE, &small);  // as if no more would fit
  const QString wrong = exportPlot(spec, path);
  ::setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, ignored);
  EXPECT_TRUE(wrong.contains("cannot be written"));
  EXPECT_EQ(QFileInfo(path).size(), before);
}

/// The smallest rectangle around all that has this colour.
QRect around(const QImage& image, const QColor& colour) {
  QRect all;
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x)
      if (image.pixelColor(x, y) == colour) all |= QRect(x, y, 1, 1);
  return all;
}

/// Upside down it is the same, which a star is not, and the middle of its upper edge is free, which
/// that of a square is not.
void expectCross(const QImage& image, const QColor& colour, const char* where) {
  const QRect its = around(image, colour);
  ASSERT_GT(its.width(), 6) << where;
  const QImage mark = image.copy(its), turned = mark.mirrored(false, true);
  int inked = 0, other = 0;
  for (int y = 0; y < mark.height(); ++y)
    for (int x = 0; x < mark.width(); ++x) {
      const bool isInked = mark.pixelColor(x, y) == colour;
      inked += isInked ? 1 : 0;
      other += isInked != (turned.pixelColor(x, y) == colour) ? 1 : 0;
    }
  EXPECT_LT(other, inked / 5) << where;
  const QRect top(mark.width() / 3, 0, mark.width() / 3, mark.height() / 6);
  EXPECT_EQ(pixelsOf(mark.copy(top), colour), 0) << where;
}

TEST(ChartPlot, HasTheSameCrossInTheLegendAsInThePlot) {
  const SampleFolder sample;
  const PlotSpec spec{.id = "crosses",
                      .curves = {{.name = "cross",
                                  .ink = 1,
                                  .mark = Mark::points,
                                  .points = {{1, 1}},
                                  .shape = MarkShape::cross}}};
  ASSERT_EQ(exportPlot(spec, sample.path("crosses.png"), Theme::light(), {}), QString());
  const QImage image(sample.path("crosses.png"));
  const int legend = image.height() / 4;
  expectCross(image.copy(0, 0, image.width(), legend), Theme::light().ink(1), "legend");
  expectCross(image.copy(0, legend, image.width(), image.height() - legend), Theme::light().ink(1),
              "plot");
}

TEST(PlotWidget, HasATableTwinOnT) {
  PlotWidget widget;
  widget.show(percentilesPlot(SampleFolder{}.whole()), Theme::light());
  widget.resize(600, 400);
  widget.QWidget::show();
  QTest::keyClick(&widget, Qt::Key_T);
  EXPECT_TRUE(widget.showsTable());
  EXPECT_EQ(widget.table()->model()->rowCount(), 3);
  EXPECT_EQ(widget.table()->model()->index(0, 0).data().toString(), "nearest");
  QTest::keyClick(&widget, Qt::Key_T);
  EXPECT_FALSE(widget.showsTable());
}

TEST(PlotWidget, SwitchesItsLogAxisOnL) {
  PlotWidget widget;
  widget.show(percentilesPlot(SampleFolder{}.whole()), Theme::light());
  QTest::keyClick(&widget, Qt::Key_L);
  EXPECT_FALSE(widget.spec().y.logarithmic);
  QTest::keyClick(&widget, Qt::Key_L);
  EXPECT_TRUE(widget.spec().y.logarithmic);
}

}  // namespace
}  // namespace evenkeel::gui
