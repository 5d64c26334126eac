// How quick the window is with a million requests: `ninja gui_bench && ./gui_bench`. Opens a real
// run of as many, and one that kept every single one, as a reader would, and prints what took how
// long beside what the project promises.
#include <fmt/format.h>
#include <sys/resource.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QScrollArea>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include "gui/plots/plot_widget.h"
#include "gui/views/compare_view.h"
#include "gui/views/explore_view.h"
#include "gui/views/main_window.h"
#include "tests/bench/targets.h"
#include "tests/gui/bench/files.h"
#include "tests/gui/bench/frames.h"

namespace {

using namespace evenkeel::gui;

double peakMb() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void promise(const std::string& what, double limit, double measured, const char* unit) {
  evenkeel::bench::add_row({.what = what,
                            .target = fmt::format("under {:g} {}", limit, unit),
                            .ours = fmt::format("{:.1f} {}", measured, unit),
                            .baseline = "-",
                            .ratio = measured / limit,
                            .met = measured < limit});
}

class Reader {
 public:
  explicit Reader(std::string what) : what_(std::move(what)) {
    window_.resize(1400, 900);
    window_.show();
    settle();
  }

  bool open(const QString& path) {
    QElapsedTimer clock;
    clock.start();
    window_.openFile(path);
    const bool isShown = QTest::qWaitFor(
        [this] { return window_.compare()->verdicts()->model()->rowCount() > 0; }, 60'000);
    window_.grab();
    promise(what_ + ": first paint", 1000, msOf(clock), "ms");
    if (!settle() || !isShown) return false;
    fmt::print("{}: all of Compare after {:.0f} ms\n", what_, msOf(clock));
    return true;
  }

  bool explore() {
    QElapsedTimer clock;
    clock.start();
    window_.showView(MainWindow::exploreTab);
    window_.grab();
    fmt::print("{}: Explore changed to in {:.0f} ms", what_, msOf(clock));
    if (!settle()) return false;
    fmt::print(", all of it there after {:.0f} ms\n", msOf(clock));
    return true;
  }

  void move(PlotWidget* plot) {
    if (plot == nullptr || !plot->isVisible()) return;
    for (QWidget* parent = plot->parentWidget(); parent; parent = parent->parentWidget())
      if (auto* scroll = qobject_cast<QScrollArea*>(parent)) scroll->ensureWidgetVisible(plot);
    settle();
    const bench::Frames frames = bench::zoomAndPan(*plot);
    promise(fmt::format("{}: median frame of {}", what_, plot->spec().id), 50, frames.median(),
            "ms");
    promise(fmt::format("{}: worst frame of {}", what_, plot->spec().id), 50, frames.worst(), "ms");
  }

  MainWindow& window() { return window_; }

 private:
  static double msOf(const QElapsedTimer& clock) {
    return static_cast<double>(clock.nsecsElapsed()) / 1e6;
  }
  bool settle() {
    QApplication::processEvents();
    return QTest::qWaitFor([this] { return window_.isIdle(); }, 300'000);
  }

  std::string what_;
  MainWindow window_;
};

bool measure(const std::string& what, const QString& path) {
  Reader reader(what);
  if (!reader.open(path)) return false;
  for (PlotWidget* plot : reader.window().compare()->plots())
    if (plot->spec().id == "cdf" || plot->spec().id == "percentiles") reader.move(plot);
  if (!reader.explore()) return false;
  for (const char* id : {"heat", "rates", "requests", "latency"})
    reader.move(reader.window().explore()->plot(id));
  promise(what + ": peak memory", 400, peakMb(), "MB");
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  qputenv("EVENKEEL_PROGRAM", EVENKEEL_BINARY_DIR "/evenkeel");
  QStandardPaths::setTestModeEnabled(true);
  const QTemporaryDir folder;
  const QString million = folder.filePath("million.evenkeel"),
                all = folder.filePath("all.evenkeel");
  const QString wrong = bench::runMillion(folder.path(), million);
  if (!wrong.isEmpty()) {
    fmt::print(stderr, "{}\n", wrong.toStdString());
    return 1;
  }
  bench::keepAll(million, all);
  QApplication application(argc, argv);
  prepareApplication();
  const bool isMeasured =
      measure("a run of 1,000,000", million) && measure("all of them kept", all);
  evenkeel::bench::print_table();
  return isMeasured ? 0 : 1;
}
