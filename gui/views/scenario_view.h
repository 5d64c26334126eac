// The scenario: its text with its mistakes, and the topology that it makes.
#pragma once

#include <QPointer>
#include <QProcess>
#include <QTimer>
#include <QWidget>

#include "gui/data/scenario_info.h"
#include "gui/data/scenario_text.h"
#include "gui/plots/theme.h"

class QLabel;
class QLineEdit;
class QListWidget;

namespace evenkeel::gui {

class ScenarioEditor;
class ScenarioForm;
class TopologyView;

class ScenarioView : public QWidget {
  Q_OBJECT

 public:
  explicit ScenarioView(QWidget* parent = nullptr);

  /// An empty text, or why the file cannot be opened.
  QString openFile(const QString& path);
  /// An empty text, or why it cannot be saved. Without a path: where it came from.
  QString save(const QString& path = {});
  QString path() const { return path_; }
  bool isChanged() const;
  const ScenarioInfo& info() const { return info_; }
  bool isBusy() const { return asked_ > 0 || !check_.isNull() || later_.isActive(); }
  void setTheme(const Theme& theme);
  ScenarioEditor* editor() const { return editor_; }
  QListWidget* mistakes() const { return list_; }
  TopologyView* topology() const { return topology_; }
  ScenarioForm* form() const { return form_; }

 signals:
  void checked();
  void schemaKnown(const std::string& schema);

 private:
  void check();
  void showAnswer(const QByteArray& output, const QString& errors);
  void askForSchema();
  void layOut();
  void change(const FieldPath& path, const QString& value);

  QString path_;
  ScenarioInfo info_;
  int asked_ = 0;
  QTimer later_;
  QPointer<QProcess> check_;
  ScenarioEditor* editor_;
  QListWidget* list_;
  TopologyView* topology_;
  ScenarioForm* form_;
  QLineEdit* search_;
  QLabel* heading_;
};

}  // namespace evenkeel::gui
