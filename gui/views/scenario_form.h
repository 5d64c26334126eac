// What people change most in a scenario, as fields: how long, how often, who decides on what, how
// much comes, how fast the network is. The text stays the scenario; a field changes one value in
// it.
#pragma once

#include <QWidget>
#include <vector>

#include "gui/data/scenario_text.h"

class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;

namespace evenkeel::gui {

class ScenarioForm : public QWidget {
  Q_OBJECT

 public:
  explicit ScenarioForm(QWidget* parent = nullptr);

  /// The fields that this text has; what is being edited is left alone.
  void show(const ScenarioText& text);
  void setSchema(const std::string& schema);
  /// Its editor is named "balancing.policy".
  static QString nameOf(const FieldPath& path);
  void refuse(const QString& why);

 signals:
  void edited(const FieldPath& path, const QString& value);

 private:
  struct Field {
    FieldPath path;
    QString label;
    QComboBox* choice = nullptr;  // where the schema names values
    QLineEdit* editor = nullptr;
    QString shown = {};
  };
  void rebuild(const ScenarioText& text);
  void add(const FieldPath& path, const QString& label, bool isChoice, int place);
  void take(std::size_t field);

  std::string schema_;
  std::vector<FieldPath> paths_;
  std::vector<Field> fields_;
  QGridLayout* grid_;
  QLabel* refused_;
};

}  // namespace evenkeel::gui
