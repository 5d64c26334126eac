// What a comparison varies: a row a setting, its values beside it. What is varied most (policies,
// knowledge, protocols) is ticked in menus that the schema fills; a row says the same as text.
#pragma once

#include <QWidget>
#include <map>
#include <string>
#include <vector>

class QTableWidget;
class QToolButton;

namespace evenkeel::gui {

/// At commas outside brackets and quotes: "nearest, power_of_d: {d: 2}" has two.
QStringList valuesIn(const QString& text);

class MatrixEditor : public QWidget {
  Q_OBJECT

 public:
  explicit MatrixEditor(QWidget* parent = nullptr);

  void show(const std::map<std::string, std::vector<std::string>>& vary);
  void setSchema(const std::string& schema);
  /// "path=v1, v2", a setting each.
  QStringList settings() const;
  /// How many variants that makes.
  std::size_t variantCount() const;
  QTableWidget* table() const { return table_; }
  /// Of the menu for this path; null: none.
  QToolButton* menuFor(const QString& path) const;

 public slots:
  void addRow(const QString& path = {}, const QString& values = {});
  void removeRow();

 signals:
  void changed();

 private:
  struct Choice {
    QString path;
    QToolButton* button;
  };
  int rowOf(const QString& path) const;
  QStringList chosen(const QString& path) const;
  void fill(const Choice& choice);
  void toggle(const QString& path, const QString& value, bool isOn);

  std::string schema_;
  QTableWidget* table_;
  std::vector<Choice> choices_;
};

}  // namespace evenkeel::gui
