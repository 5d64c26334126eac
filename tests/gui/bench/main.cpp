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
#include <QTimer>

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

/// The longest time in which the window's thread answered nobody.
class Pauses {
 public:
  Pauses() {
    beat_.setInterval(0);
    QObject::connect(&beat_, &QTimer::timeout, &beat_, [this] {
      longest_ = std::max(longest_, static_cast<double>(since_.nsecsElapsed()) / 1e6);
      since_.start();
    });
    since_.start();
    beat_.start();
  }
  double longest() const { return longest_; }

 private:
  QTimer beat_;
  QElapsedTimer since_;
  double longest_ = 0;
};

/// Against what SQLite alone takes, in the same minute on the same machine.
void promiseAgainst(const std::string& what, double most, double measured, double alone) {
  evenkeel::bench::add_row({.what = what,
                            .target = fmt::format("under {:g} times", most),
                            .ours = fmt::format("{:.1f} ms", measured),
                            .baseline = fmt::format("SQLite alone {:.1f} ms", alone),
                            .ratio = measured / alone,
                            .met = measured < most * alone});
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
    const Pauses pauses;
    if (!settle() || !isShown) return false;
    promise(what_ + ": all of Compare", 1500, msOf(clock), "ms");
    promise(what_ + ": longest pause meanwhile", 150, pauses.longest(), "ms");
    return true;
  }

  bool explore() {
    QElapsedTimer clock;
    clock.start();
    window_.showView(MainWindow::exploreTab);
    window_.grab();
    promise(what_ + ": Explore changed to", 100, msOf(clock), "ms");
    if (!settle()) return false;
    exploredMs_ = msOf(clock);
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
  double exploredMs() const { return exploredMs_; }

 private:
  static double msOf(const QElapsedTimer& clock) {
    return static_cast<double>(clock.nsecsElapsed()) / 1e6;
  }
  bool settle() {
    QApplication::processEvents();
    return QTest::qWaitFor([this] { return window_.isIdle(); }, 300'000);
  }

  std::string what_;
  double exploredMs_ = 0;
  MainWindow window_;
};

constexpr double tooShort = 200;  // ms; below, it is the window that takes its time

bool measure(const std::string& what, const QString& path) {
  Reader reader(what);
  if (!reader.open(path)) return false;
  for (PlotWidget* plot : reader.window().compare()->plots())
    if (plot->spec().id == "cdf" || plot->spec().id == "percentiles") reader.move(plot);
  if (!reader.explore()) return false;
  if (const double alone = bench::sqliteAlone(path); alone > tooShort)
    promiseAgainst(what + ": all of Explore", 8, reader.exploredMs(), alone);
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
                all = folder.filePath("all.evenkeel"), three = folder.filePath("three.evenkeel");
  const QString wrong = bench::runMillion(folder.path(), million);
  if (!wrong.isEmpty()) {
    fmt::print(stderr, "{}\n", wrong.toStdString());
    return 1;
  }
  bench::keepAll(million, all);
  bench::asThreeVariants(million, three);
  QApplication application(argc, argv);
  prepareApplication();
  const bool isMeasured = measure("a run of 1,000,000", million) &&
                          measure("all of them kept", all) &&
                          measure("three policies, all charts", three);
  evenkeel::bench::print_table();
  return isMeasured ? 0 : 1;
}
