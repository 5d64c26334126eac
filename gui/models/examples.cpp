#include "gui/models/examples.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

#include "gui/models/program.h"

namespace evenkeel::gui {
namespace {

QByteArray bytesOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Nothing: it is there now, as it is there or copied. Else why not.
QString copied(const QString& from, const QString& to) {
  if (QFileInfo::exists(to)) return {};
  QFile file(from);
  if (!file.copy(to)) return to + ": cannot be written: " + file.errorString();
  QFile::setPermissions(to, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup);
  return {};
}

}  // namespace

QString exampleFolder() {
  const QDir here = QFileInfo(programPath()).dir();
  for (const char* folder : {"../scenarios", "../share/evenkeel/scenarios"})
    if (QDir(here.filePath(folder)).exists()) return QDir::cleanPath(here.filePath(folder));
  return {};
}

QStringList exampleNames() {
  const QString folder = exampleFolder();
  return folder.isEmpty() ? QStringList() : QDir(folder).entryList({"*.yaml"}, QDir::Files);
}

QString ownScenarioFolder() {
  return QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation) + "/scenarios";
}

ExampleCopy copyOfExample(const QString& name) {
  const QDir from(exampleFolder()), to(ownScenarioFolder());
  if (!to.mkpath(".")) return {.wrong = to.path() + ": cannot be made"};
  for (const QString& beside : from.entryList(QDir::Files))
    if (!beside.endsWith(".yaml"))
      if (const QString wrong = copied(from.filePath(beside), to.filePath(beside));
          !wrong.isEmpty())
        return {.wrong = wrong};
  const QFileInfo file(name);
  const QByteArray text = bytesOf(from.filePath(name));
  constexpr int most = 1000;
  for (int number = 1; number < most; ++number) {
    const QString its =
        number == 1
            ? name
            : QString("%1-%2.%3").arg(file.completeBaseName()).arg(number).arg(file.suffix());
    const QString path = to.filePath(its);
    if (QFileInfo::exists(path) && bytesOf(path) != text) continue;
    return {.path = path, .wrong = copied(from.filePath(name), path)};
  }
  return {.wrong = to.filePath(name) + ": there are a thousand of them"};
}

}  // namespace evenkeel::gui
