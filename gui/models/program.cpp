#include "gui/models/program.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QStandardPaths>

namespace evenkeel::gui {

QString programPath() {
  const QString named = qEnvironmentVariable("EVENKEEL_PROGRAM");
  if (!named.isEmpty()) return named;
  const QString beside = QCoreApplication::applicationDirPath() + "/evenkeel";
  if (QFileInfo(beside).isExecutable()) return beside;
  return QStandardPaths::findExecutable("evenkeel");
}

QProcess* askProgram(QObject* owner, const QStringList& arguments, const QByteArray& input,
                     std::function<void(const ProgramAnswer&)> then) {
  auto* process = new QProcess(owner);
  const auto answer = [process, then](int code) {
    process->disconnect();
    process->deleteLater();
    then({.code = code,
          .output = process->readAllStandardOutput(),
          .errors = QString::fromUtf8(process->readAllStandardError())});
  };
  QObject::connect(process, &QProcess::finished, owner,
                   [answer](int code, QProcess::ExitStatus status) {
                     answer(status == QProcess::NormalExit ? code : -1);
                   });
  QObject::connect(
      process, &QProcess::errorOccurred, owner, [process, then](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart) return;  // `finished` comes too
        process->disconnect();
        process->deleteLater();
        then({.errors = "the program evenkeel cannot be started: " + process->errorString()});
      });
  process->start(programPath(), arguments);
  if (process->state() != QProcess::NotRunning) {
    process->write(input);
    process->closeWriteChannel();
  }
  return process;
}

}  // namespace evenkeel::gui
