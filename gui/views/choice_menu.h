// Some of several, by check marks: all are chosen at first. Stays open while marks are changed, by
// the mouse, Space or Return.
#pragma once

#include <QColor>
#include <QMenu>
#include <set>
#include <vector>

class QComboBox;

namespace evenkeel::gui {

class ChoiceMenu : public QMenu {
  Q_OBJECT

 public:
  struct Item {
    QString name;
    QColor ink = {};  // shown beside the name where it is valid
  };

  explicit ChoiceMenu(const QString& title, QWidget* parent = nullptr);

  /// Marks stay where the items are the same.
  void setItems(const std::vector<Item>& items);
  /// Positions; none: all.
  void setChosen(const std::set<std::size_t>& chosen);
  std::size_t count() const { return items_.size(); }

 signals:
  void chosen(const std::set<std::size_t>& positions);

 protected:
  void showEvent(QShowEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void choose();
  void markAll(bool invert);

  QAction* all_;
  QAction* invert_;
  std::vector<QAction*> items_;
  std::vector<QColor> inks_;
};

/// Of a box's items only these may be taken; none: all.
void offerOnly(const std::set<std::size_t>& positions, QComboBox* box);

}  // namespace evenkeel::gui
