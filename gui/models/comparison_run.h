// A comparison that runs in a child process, as its progress stream tells it.
#pragma once

#include <QObject>
#include <QProcess>
#include <cmath>
#include <map>
#include <string>
#include <vector>

namespace evenkeel::gui {

struct RunCell {
  enum class State { waiting, started, finished, failed, kept };
  std::uint64_t seed = 0;
  std::map<std::string, std::string> chosen = {};
  State state = State::waiting;
  double share = 0;  // of a run that goes on: how much of it is over
};

struct RunProgress {
  std::size_t all = 0, kept = 0, done = 0, running = 0;
  double leftSeconds = std::nan("");  // about; NaN: nothing was measured yet
};

/// How a comparison came to its end.
enum class RunEnd { finished, someFailed, stopped, refused, crashed };

class ComparisonRun : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;
  /// Stops what is running, as stop() does, and waits for it.
  ~ComparisonRun() override;

  struct Request {
    QString scenario = {};
    QStringList vary = {};  // "path=v1,v2"
    QStringList sets = {};
    int seeds = 1;
    int jobs = 0;  // 0: as many as there are cores
    QString result = {};
  };
  void start(const Request& request);
  bool isRunning() const { return process_.state() != QProcess::NotRunning; }
  qint64 processId() const { return process_.processId(); }
  const std::vector<RunCell>& cells() const { return cells_; }
  const RunProgress& progress() const { return progress_; }
  /// How many runs are over, with the parts that are of those that go on.
  double over() const;
  const QString& result() const { return result_; }
  static QStringList arguments(const Request& request);

 public slots:
  /// What is finished is kept.
  void stop();

 signals:
  void planned();
  void cellChanged(std::size_t cell);
  void progressed();
  void ended(evenkeel::gui::RunEnd how, const QString& errors);

 private:
  void readLines();
  void readLine(const QByteArray& line);
  void keep(const QByteArray& line);
  void end(int code, QProcess::ExitStatus status);

  QProcess process_;
  QString result_;
  QByteArray rest_;    // of a line
  QByteArray errors_;  // what was no progress
  std::vector<RunCell> cells_;
  RunProgress progress_;
  bool isConnected_ = false;
  bool isStopped_ = false;
};

}  // namespace evenkeel::gui
