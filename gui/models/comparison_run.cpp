#include "gui/models/comparison_run.h"

#include <signal.h>

#include <QTimer>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "gui/models/program.h"

namespace evenkeel::gui {
namespace {

using Json = nlohmann::json;

RunCell::State stateNamed(const std::string& name) {
  if (name == "started") return RunCell::State::started;
  if (name == "finished") return RunCell::State::finished;
  if (name == "failed") return RunCell::State::failed;
  return name == "kept" ? RunCell::State::kept : RunCell::State::waiting;
}

}  // namespace

ComparisonRun::~ComparisonRun() {
  process_.disconnect(this);
  if (!isRunning()) return;
  stop();
  constexpr int patienceMs = 3000;
  if (!process_.waitForFinished(patienceMs)) process_.kill();
  process_.waitForFinished(patienceMs);
}

QStringList ComparisonRun::arguments(const Request& request) {
  QStringList arguments{"compare",      request.scenario, "-o",
                        request.result, "--seeds",        QString::number(request.seeds)};
  if (request.jobs > 0) arguments << "--jobs" << QString::number(request.jobs);
  for (const QString& vary : request.vary) arguments << "--vary" << vary;
  for (const QString& set : request.sets) arguments << "--set" << set;
  return arguments;
}

void ComparisonRun::start(const Request& request) {
  if (isRunning()) return;
  if (!isConnected_) {
    connect(&process_, &QProcess::readyReadStandardError, this, &ComparisonRun::readLines);
    connect(&process_, &QProcess::finished, this, &ComparisonRun::end);
    connect(&process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
      if (error == QProcess::FailedToStart)
        emit ended(RunEnd::refused,
                   "the program evenkeel cannot be started: " + process_.errorString());
    });
    isConnected_ = true;
  }
  rest_.clear();
  errors_.clear();
  cells_.clear();
  progress_ = {};
  isStopped_ = false;
  result_ = request.result;
  process_.start(programPath(), arguments(request) << "--progress"
                                                   << "json");
  process_.closeWriteChannel();
}

/// Who does not listen is killed: finished runs are on the disk by then, and are found there.
void ComparisonRun::stop() {
  if (!isRunning()) return;
  isStopped_ = true;
  ::kill(static_cast<pid_t>(process_.processId()), SIGINT);
  constexpr int patienceMs = 3000;
  QTimer::singleShot(patienceMs, this, [this, its = process_.processId()] {
    if (isRunning() && process_.processId() == its) process_.kill();
  });
}

double ComparisonRun::over() const {
  double parts = 0;
  for (const RunCell& cell : cells_)
    if (cell.state == RunCell::State::started) parts += cell.share;
  return static_cast<double>(progress_.kept + progress_.done) + parts;
}

void ComparisonRun::readLines() {
  rest_ += process_.readAllStandardError();
  for (qsizetype end = rest_.indexOf('\n'); end >= 0; end = rest_.indexOf('\n')) {
    readLine(rest_.left(end));
    rest_.remove(0, end + 1);
  }
  constexpr qsizetype longest = 16 << 20;
  if (rest_.size() > longest) rest_.clear();  // no line of ours
}

/// What it says beside its progress, for people: as much as one reads.
void ComparisonRun::keep(const QByteArray& line) {
  constexpr qsizetype most = 8 << 10;
  if (!line.isEmpty() && errors_.size() < most) errors_ += line.left(most) + '\n';
}

void ComparisonRun::readLine(const QByteArray& line) {
  const Json json = Json::parse(line.constData(), line.constData() + line.size(), nullptr, false);
  if (!json.is_object() || !json.contains("event")) {
    return keep(line);
  }
  try {
    const std::string event = json.at("event");
    if (event == "plan") {
      std::vector<RunCell> cells;
      for (const Json& one : json.at("cells"))
        cells.push_back({.seed = one.at("seed"), .chosen = one.at("chosen")});
      cells_ = std::move(cells);
      progress_.all = cells_.size();
      emit planned();
    } else if (event == "cell") {
      const std::size_t cell = json.at("cell");
      if (cell >= cells_.size()) return;
      cells_[cell].state = stateNamed(json.at("state"));
      emit cellChanged(cell);
    } else if (event == "share") {
      const std::size_t cell = json.at("cell");
      if (cell >= cells_.size()) return;
      cells_[cell].share = std::clamp(json.at("share").get<double>(), 0.0, 1.0);
      emit cellChanged(cell);
    } else if (event == "progress") {
      progress_ = {.all = json.at("all"),
                   .kept = json.at("kept"),
                   .done = json.at("done"),
                   .running = json.at("running")};
      if (json.at("left_s").is_number()) progress_.leftSeconds = json.at("left_s");
      emit progressed();
    }
  } catch (const Json::exception&) {
    keep(line);  // of another version
  }
}

void ComparisonRun::end(int code, QProcess::ExitStatus status) {
  readLines();
  if (!rest_.isEmpty()) readLine(rest_);
  constexpr int interrupted = 130;
  const RunEnd how = isStopped_                      ? RunEnd::stopped
                     : status == QProcess::CrashExit ? RunEnd::crashed
                     : code == 0                     ? RunEnd::finished
                     : code == interrupted           ? RunEnd::stopped
                     : code == 1                     ? RunEnd::someFailed
                                                     : RunEnd::refused;
  emit ended(how, QString::fromUtf8(errors_));
}

}  // namespace evenkeel::gui
