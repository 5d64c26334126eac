#include "gui/views/choice_menu.h"

#include <QComboBox>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStandardItemModel>

namespace evenkeel::gui {
namespace {

constexpr int swatchSize = 12;  // pixels
constexpr int swatchMargin = 8;

}  // namespace

ChoiceMenu::ChoiceMenu(const QString& title, QWidget* parent)
    : QMenu(title, parent), all_(addAction("All")), invert_(addAction("The others")) {
  setAccessibleName(title);
  setToolTipsVisible(true);
  invert_->setToolTip("Those that are not marked now, instead of those that are");
  addSeparator();
  connect(all_, &QAction::triggered, this, [this] { markAll(false); });
  connect(invert_, &QAction::triggered, this, [this] { markAll(true); });
}

void ChoiceMenu::setItems(const std::vector<Item>& items) {
  const auto same = [](const QAction* action, const Item& item) {
    return action->text() == item.name;
  };
  const bool isSame = std::ranges::equal(items_, items, same);
  inks_.clear();
  for (const Item& item : items) inks_.push_back(item.ink);
  if (isSame) return;
  for (QAction* action : items_) delete action;
  items_.clear();
  for (const Item& item : items) {
    QAction* action = addAction(item.name);
    action->setCheckable(true);
    action->setChecked(true);
    connect(action, &QAction::triggered, this, &ChoiceMenu::choose);
    items_.push_back(action);
  }
}

void ChoiceMenu::setChosen(const std::set<std::size_t>& chosen) {
  for (std::size_t i = 0; i < items_.size(); ++i)
    items_[i]->setChecked(chosen.empty() || chosen.contains(i));
}

void ChoiceMenu::markAll(bool invert) {
  for (QAction* action : items_) action->setChecked(invert ? !action->isChecked() : true);
  choose();
}

/// Nothing at all would leave nothing to look at: then it is all again.
void ChoiceMenu::choose() {
  std::set<std::size_t> marked;
  for (std::size_t i = 0; i < items_.size(); ++i)
    if (items_[i]->isChecked()) marked.insert(i);
  if (marked.size() == items_.size()) marked.clear();
  setChosen(marked);
  emit chosen(marked);
}

/// With room for the swatches.
void ChoiceMenu::showEvent(QShowEvent* event) {
  setMinimumWidth(sizeHint().width() + swatchSize + swatchMargin);
  QMenu::showEvent(event);
}

/// Not as icons, in whose place a style draws no check mark.
void ChoiceMenu::paintEvent(QPaintEvent* event) {
  QMenu::paintEvent(event);
  QPainter painter(this);
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (!inks_[i].isValid()) continue;
    const QRect its = actionGeometry(items_[i]);
    painter.fillRect(its.right() - swatchMargin - swatchSize, its.center().y() - swatchSize / 2,
                     swatchSize, swatchSize, inks_[i]);
  }
}

void ChoiceMenu::mouseReleaseEvent(QMouseEvent* event) {
  QAction* action = actionAt(event->position().toPoint());
  if (action == nullptr || action->isSeparator()) return QMenu::mouseReleaseEvent(event);
  action->trigger();
}

void offerOnly(const std::set<std::size_t>& positions, QComboBox* box) {
  auto* model = qobject_cast<QStandardItemModel*>(box->model());
  for (int row = 0; model != nullptr && row < model->rowCount(); ++row)
    model->item(row)->setEnabled(positions.empty() ||
                                 positions.contains(static_cast<std::size_t>(row)));
}

void ChoiceMenu::keyPressEvent(QKeyEvent* event) {
  const bool isTrigger = event->key() == Qt::Key_Space || event->key() == Qt::Key_Return ||
                         event->key() == Qt::Key_Enter;
  if (!isTrigger || activeAction() == nullptr) return QMenu::keyPressEvent(event);
  activeAction()->trigger();
}

}  // namespace evenkeel::gui
