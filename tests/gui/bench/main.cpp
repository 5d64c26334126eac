// How quick the window is with a million requests: `ninja gui_bench && ./gui_bench`. Writes a study
// of as many kept requests, opens it as a reader would, and prints what took how long.
#include <fmt/format.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QTest>
#include <cmath>
#include <fstream>

#include "gui/plots/plot_widget.h"
#include "gui/views/compare_view.h"
#include "gui/views/main_window.h"
#include "tests/gui/sample_study.h"

namespace {

using namespace evenkeel;
using namespace evenkeel::gui;

constexpr std::uint64_t requests = 1'000'000;

double memoryMb(const char* what) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(what)) return std::stod(line.substr(line.find(':') + 1)) / 1024;
  return 0;
}

void writeLarge(const std::string& path) {
  test::writeSample(path);
  RunResult run = test::sampleRun(0, 99);
  run.requests.clear();
  for (std::uint64_t i = 0; i < requests; ++i)
    run.requests.push_back(
        test::requestOf(i, static_cast<int>(i % 4), 0.001 * static_cast<double>(i % 997)));
  ResultFile(path, ResultFile::Mode::write).add_run(run);
}

double firstPaintMs(MainWindow& window, const QString& path) {
  QElapsedTimer clock;
  clock.start();
  window.openFile(path);
  QTest::qWaitFor([&] { return window.compare()->verdicts()->model()->rowCount() > 0; }, 60'000);
  window.grab();
  return static_cast<double>(clock.nsecsElapsed()) / 1e6;
}

/// A million points in a chart: shown, then repainted as a pan or zoom would.
void measureChart() {
  PlotSpec spec{.title = "a million points"};
  PlotCurve curve{.name = "a"};
  for (int i = 0; i < 1'000'000; ++i) curve.points.emplace_back(i, std::sin(i * 1e-4) + i % 17);
  spec.curves.push_back(std::move(curve));
  PlotWidget widget;
  widget.resize(1000, 600);
  QElapsedTimer clock;
  clock.start();
  widget.show(std::move(spec), Theme::light());
  widget.QWidget::show();
  widget.grab();
  fmt::print("chart of 1,000,000 points: shown after {:.0f} ms\n",
             static_cast<double>(clock.nsecsElapsed()) / 1e6);
  clock.restart();
  constexpr int frames = 10;
  for (int i = 0; i < frames; ++i) widget.grab();
  fmt::print("a frame of it: {:.1f} ms\n",
             static_cast<double>(clock.nsecsElapsed()) / 1e6 / frames);
}

}  // namespace

int main(int argc, char** argv) {
  if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  QStandardPaths::setTestModeEnabled(true);
  QApplication application(argc, argv);
  prepareApplication();
  const test::SampleFolder sample;
  const QString path = sample.path("large.evenkeel");
  writeLarge(path.toStdString());
  fmt::print("before: {:.0f} MB, at most {:.0f} MB\n", memoryMb("VmRSS"), memoryMb("VmHWM"));
  MainWindow window;
  window.resize(1400, 900);
  window.show();
  fmt::print("first paint of the verdict: {:.0f} ms\n", firstPaintMs(window, path));
  QElapsedTimer clock;
  clock.start();
  QTest::qWaitFor([&] { return window.isIdle(); }, 300'000);
  fmt::print("all distributions: {:.0f} ms more\n",
             static_cast<double>(clock.nsecsElapsed()) / 1e6);
  fmt::print("with it open: {:.0f} MB, at most {:.0f} MB\n", memoryMb("VmRSS"), memoryMb("VmHWM"));
  measureChart();
}
