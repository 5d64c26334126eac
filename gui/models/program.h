// The program `evenkeel` as a child process: found beside this one, named by the environment
// variable EVENKEEL_PROGRAM, or in the PATH.
#pragma once

#include <QObject>
#include <QProcess>
#include <functional>

namespace evenkeel::gui {

/// Empty where there is none.
QString programPath();

struct ProgramAnswer {
  int code = -1;  // -1: could not be started, or crashed
  QByteArray output = {};
  QString errors = {};
};

/// Starts it with this input and calls `then` when it has ended, unless `owner` is gone by then.
/// Returns the process, a child of `owner`, so that it can be killed when its answer is no longer
/// wanted; it deletes itself.
QProcess* askProgram(QObject* owner, const QStringList& arguments, const QByteArray& input,
                     std::function<void(const ProgramAnswer&)> then);

}  // namespace evenkeel::gui
