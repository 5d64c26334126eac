// The scenarios that ship. They are not to be written to: what is opened is a copy in a folder of
// the reader's, with the files beside it that it may need.
#pragma once

#include <QStringList>

namespace evenkeel::gui {

/// The folder where they are: beside the program `evenkeel`, or where it was installed. Empty:
/// none.
QString exampleFolder();
/// File names, sorted.
QStringList exampleNames();
/// Where the reader's copies and their results go.
QString ownScenarioFolder();

struct ExampleCopy {
  QString path = {};   // empty: not copied
  QString wrong = {};  // why
};
/// A copy that the reader has changed is left alone; the new one has a number in its name.
ExampleCopy copyOfExample(const QString& name);

}  // namespace evenkeel::gui
