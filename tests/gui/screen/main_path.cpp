// The way that the window is made for, as somebody goes it who uses assistive technology: the real
// program on a real screen, read by AT-SPI, with keys and a mouse of the X server's. The programs
// are two arguments: evenkeel-gui, evenkeel.
#include <gtest/gtest.h>

#include <QFile>

#include "gui/plots/theme.h"
#include "tests/gui/screen/on_a_screen.h"

namespace evenkeel::gui::screen {
namespace {

class MainPath : public OnAScreen {
 protected:
  void choose(const QStringList& path);
  void openAndShorten();
  void runThreeByFive();
  QStringList readVerdicts();
  void clickTheWorstPoint();
  QString clickTheHotNode();
  void exportPicture(const Accessible& plot, const QString& path);
};

void MainPath::choose(const QStringList& path) {
  Accessible above = window_;
  for (const QString& name : path) {
    const Accessible item = wait("menu item", name, above);
    click(item);
    above = item;
  }
}

void MainPath::openAndShorten() {
  choose({"File", "Examples", "smart_home.yaml"});
  const Accessible duration = wait("text", "Duration");
  ASSERT_TRUE(comes([&] { return duration.text() == "60 s"; }));
  fill(duration, "2 s");
  fill(wait("text", "Warm-up"), "0.5 s");
  wait("list item", "No mistake.");
}

void MainPath::runThreeByFive() {
  toTab("Run");
  const Accessible matrix = wait("table", "Matrix");
  ASSERT_TRUE(comes([&] { return matrix.rows() == 1 && !matrix.cell(0, 1).isNone(); }));
  click(matrix.cell(0, 1), true);
  const QString policies = "nearest, cloud_only, power_of_d";
  hand::pressWithControl('a');
  hand::type(policies);
  hand::press(hand::enter);
  ASSERT_TRUE(comes([&] { return matrix.cell(0, 1).name() == policies; }))
      << matrix.cell(0, 1).name().toStdString();
  EXPECT_EQ(wait("spin box", "Seeds").value(), 5);
  fill(wait("text", "Result file"), folder_.filePath("home.evenkeel"));
  EXPECT_TRUE(wait("push button", "▶ Run (F5)").act("Press"));
  const auto isEnd = [](const Accessible& label) {
    const QString text = label.name();
    return text.startsWith("Finished: ") || text.startsWith("Not run") ||
           text.startsWith("Some runs failed") || text.startsWith("The program");
  };
  Accessible status;
  ASSERT_TRUE(comes([&] {
    status = window_.find("label", isEnd);
    return !status.isNone();
  }));
  EXPECT_TRUE(status.name().startsWith("Finished: ")) << status.name().toStdString();
  const Accessible progress = wait("progress bar", "Progress");
  EXPECT_EQ(progress.value(), progress.most());
  const Accessible cells = wait("table", "Cells");
  ASSERT_EQ(cells.rows(), 3);
  ASSERT_EQ(cells.columns(), 5);
  EXPECT_TRUE(comes([&] { return cells.cell(2, 4).name().startsWith("✓ p99 "); }))
      << cells.cell(2, 4).name().toStdString();
}

/// The policies, in the table's order.
QStringList MainPath::readVerdicts() {
  toTab("Compare");
  const Accessible verdicts = wait("table", "Verdicts");
  EXPECT_TRUE(comes([&] { return verdicts.rows() == 3; }));
  const int last = verdicts.columns() - 1;
  EXPECT_EQ(verdicts.cell(0, last).name(), "baseline");
  QStringList policies;
  for (int row = 0; row < 3; ++row) {
    policies << verdicts.cell(row, 0).name();
    EXPECT_FALSE(verdicts.cell(row, last).name().isEmpty()) << row;
  }
  return policies;
}

/// Further right is worse: the rightmost spots of the marks' colours, until one is hit.
void MainPath::clickTheWorstPoint() {
  Accessible plot;  // one that is in sight
  const QRect window = window_.place();
  ASSERT_TRUE(comes([&] {
    plot = window_.find("chart", [&](const Accessible& one) {
      return one.name() == "Latency percentiles" && window.contains(one.place());
    });
    return !plot.isNone();
  }));
  constexpr int head = 70, foot = 60, step = 5, most = 40;
  const QRect place = plot.place().adjusted(0, head, 0, -foot);
  const auto isMark = [](const QColor& colour) {
    for (std::size_t ink = 0; ink < 4; ++ink)
      if (colour == Theme::light().ink(ink)) return true;
    return false;
  };
  QImage image;
  ASSERT_TRUE(comes([&] {  // it is drawn
    image = picture(place);
    for (int x = 0; x < image.width(); ++x)
      for (int y = 0; y < image.height(); ++y)
        if (isMark(image.pixelColor(x, y))) return true;
    return false;
  }));
  int tried = 0;
  for (int x = image.width() - 1; x >= 0 && tried < most; --x)
    for (int y = 0; y < image.height() && tried < most; y += 2) {
      if (!isMark(image.pixelColor(x, y))) continue;
      hand::click(place.topLeft() + QPoint(x, y));
      ++tried;
      constexpr int enough = 1000;  // ms: a point that leads nowhere cannot be waited for
      if (comes([&] { return isAt("Explore"); }, enough)) return;
      y += step;
    }
  FAIL() << "no point of " << tried << " leads into its variant";
}

/// The first row of the heat map, which is sorted by load. Its name, from the table behind it.
QString MainPath::clickTheHotNode() {
  const Accessible plot = wait("chart", "Utilisation of the nodes");
  plot.focus();
  EXPECT_TRUE(comes([&] { return plot.is(Accessible::focused); }));
  hand::press('t');
  const Accessible table = wait("table", "Utilisation of the nodes, as a table");
  EXPECT_TRUE(comes([&] { return table.rows() > 0; }));
  const QString hot = table.cell(0, 0).name();
  hand::press('t');
  EXPECT_TRUE(comes([&] { return !table.is(Accessible::showing); }));
  const QRect place = plot.place();
  constexpr int head = 40;
  int row = head;
  EXPECT_TRUE(comes([&] {
    const QImage image = picture(place);
    const QColor ground = Theme::light().ground();
    for (row = head; row < image.height(); ++row)
      if (image.pixelColor(image.width() / 2, row) != ground) return true;
    return false;
  }));
  hand::click(place.topLeft() + QPoint(place.width() / 2, row + 2));
  return hot;
}

void MainPath::exportPicture(const Accessible& plot, const QString& path) {
  plot.focus();
  ASSERT_TRUE(comes([&] { return plot.is(Accessible::focused); }));
  hand::pressWithControl('e');
  Accessible name, save;
  ASSERT_TRUE(comes([&] {
    for (const Accessible& one : desktop().children()) {
      if (one.name() != "evenkeel-gui") continue;
      name = one.find("text", "File name:");
      save = one.find("push button", "Save");
    }
    return !name.isNone() && !save.isNone();
  }));
  ASSERT_NO_FATAL_FAILURE(write(name, path));
  // A press may only close the list of completions: then once more, as anybody would.
  const auto isThere = [&] { return !QImage(path).isNull(); };
  constexpr int again = 2000;  // ms
  ASSERT_TRUE(comes([&] {
    save.act("Press");
    return comes(isThere, again);
  })) << path.toStdString();
  QFile file(path);
  ASSERT_TRUE(file.open(QIODevice::ReadOnly));
  EXPECT_EQ(file.read(8), QByteArray("\x89PNG\r\n\x1a\n"));
  EXPECT_GE(QImage(path).width(), 300);
}

TEST_F(MainPath, LeadsFromAnExampleToThePictureOfItsSlowestRequest) {
  ASSERT_NO_FATAL_FAILURE(openAndShorten());
  ASSERT_NO_FATAL_FAILURE(runThreeByFive());
  EXPECT_EQ(readVerdicts(), QStringList({"nearest", "cloud_only", "power_of_d"}));
  ASSERT_NO_FATAL_FAILURE(clickTheWorstPoint());
  const QString hot = clickTheHotNode();
  EXPECT_TRUE(hot.contains('/')) << hot.toStdString();
  EXPECT_TRUE(wait("push button", "Slowest requests of the nodes").act("Press"));
  const Accessible requests = wait("table", "Slowest requests");
  ASSERT_TRUE(comes([&] { return requests.rows() > 0; }));
  const QString place = hot.section('/', 1);  // a hub's frames are answered by its home's gateway
  for (int row = 0; row < std::min(5, requests.rows()); ++row)
    EXPECT_TRUE(requests.cell(row, 3).name().endsWith("/" + place))
        << requests.cell(row, 3).name().toStdString() << " is not at " << place.toStdString();
  const Accessible waterfall = wait("chart", "Request " + requests.cell(0, 0).name());
  ASSERT_NO_FATAL_FAILURE(exportPicture(waterfall, folder_.filePath("request.png")));
}

}  // namespace
}  // namespace evenkeel::gui::screen

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  QApplication application(argc, argv);
  evenkeel::gui::screen::programs = QCoreApplication::arguments().mid(1);
  return RUN_ALL_TESTS();
}
