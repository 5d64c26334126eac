#include "gui/views/breadcrumb.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QToolButton>

namespace evenkeel::gui {
namespace {

constexpr std::size_t mostNamed = 2;
constexpr int widest = 240;  // pixels of a part's name

QString few(const QStringList& names, int all, const QString& word) {
  if (names.size() <= static_cast<int>(mostNamed)) return names.join(", ");
  return all > 0 ? QString("%1 of %2 %3").arg(names.size()).arg(all).arg(word)
                 : QString("%1 %2").arg(names.size()).arg(word);
}

QString policiesOf(const Selected& selected, const StudyData& study) {
  QStringList names;
  for (const std::size_t v : selected.choice.variants)
    if (v < study.variants().size()) names << QString::fromStdString(study.variants()[v].name);
  return few(names, static_cast<int>(study.variants().size()), "policies");
}

QString classesOf(const Selected& selected) {
  QStringList names;
  for (const std::string& name : selected.choice.classes) names << QString::fromStdString(name);
  return few(names, 0, "classes");
}

}  // namespace

std::vector<BreadcrumbPart> breadcrumbOf(const Selected& selected, const StudyData& study) {
  if (selected.variant >= study.variants().size()) return {};
  const report::Variant& variant = study.variants()[selected.variant];
  std::vector<BreadcrumbPart> parts{
      {SelectedPart::file, QFileInfo(QString::fromStdString(study.path)).fileName(), false}};
  const auto add = [&](SelectedPart part, const QString& text) { parts.push_back({part, text}); };
  if (!selected.choice.variants.empty())
    add(SelectedPart::policies, "only " + policiesOf(selected, study));
  QString run = QString::fromStdString(variant.name);
  if (selected.run < variant.runs.size())
    run += QString(", seed %1").arg(variant.runs[selected.run].seed);
  parts.push_back({SelectedPart::run, run, false});
  if (!selected.choice.classes.empty())
    add(SelectedPart::classes, "requests of " + classesOf(selected));
  if (!selected.nodes.isEmpty()) add(SelectedPart::nodes, few(selected.nodes, 0, "nodes"));
  if (!std::isnan(selected.atSeconds))
    add(SelectedPart::instant, QString("at %1 s").arg(selected.atSeconds, 0, 'f', 1));
  if (selected.range.isSet())
    add(SelectedPart::range, QString("%1 s to %2 s")
                                 .arg(selected.range.from, 0, 'f', 1)
                                 .arg(selected.range.to, 0, 'f', 1));
  if (selected.request) add(SelectedPart::request, QString("request %1").arg(*selected.request));
  return parts;
}

Selected without(Selected selected, SelectedPart part) {
  switch (part) {
    case SelectedPart::policies:
      selected.choice.variants.clear();
      break;
    case SelectedPart::classes:
      selected.choice.classes.clear();
      break;
    case SelectedPart::nodes:
      selected.nodes.clear();
      break;
    case SelectedPart::instant:
      selected.atSeconds = no_value;
      break;
    case SelectedPart::range:
      selected.range = {};
      break;
    case SelectedPart::request:
      selected.request.reset();
      break;
    case SelectedPart::file:
    case SelectedPart::run:
      break;
  }
  return selected;
}

Breadcrumb::Breadcrumb(QWidget* parent) : QWidget(parent), row_(new QHBoxLayout(this)) {
  setObjectName("breadcrumb");
  setAccessibleName("Selection");
  row_->setContentsMargins(6, 0, 0, 0);
  row_->setSpacing(0);
  row_->addWidget(new QLabel("No result is open."));
  setMinimumHeight(QToolButton().sizeHint().height());
}

QString Breadcrumb::text() const {
  QStringList texts;
  for (const BreadcrumbPart& part : parts_) texts << part.text;
  return texts.join("  ›  ");
}

/// The buttons stay where only their texts change: the time does, as it is played.
void Breadcrumb::show(const std::vector<BreadcrumbPart>& parts) {
  const bool isSame =
      std::ranges::equal(parts_, parts, {}, &BreadcrumbPart::part, &BreadcrumbPart::part);
  parts_ = parts;
  if (!isSame) build();
  label();
}

void Breadcrumb::build() {
  const QList<QToolButton*> before = findChildren<QToolButton*>();
  const auto focused = before.indexOf(qobject_cast<QToolButton*>(focusWidget()));
  const bool hadFocus = focused >= 0 && before[focused]->hasFocus();
  while (QLayoutItem* item = row_->takeAt(0)) {
    item->widget()->hide();
    item->widget()->setParent(nullptr);
    item->widget()->deleteLater();  // its own click may be what led here
    delete item;
  }
  QList<QToolButton*> buttons;
  const auto add = [&](SelectedPart part, bool isCross) {
    auto* button = new QToolButton;
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    button->installEventFilter(this);
    button->setProperty("part", static_cast<int>(part));
    connect(button, &QToolButton::clicked, this,
            [this, part, isCross] { isCross ? emit removed(part) : emit clicked(part); });
    if (isCross) {
      button->setText("×");
      button->setFixedWidth(button->fontMetrics().horizontalAdvance("××"));
    }
    button->setObjectName(isCross ? "cross" : "part");
    row_->addWidget(button);
    button->show();  // at once: only what is seen takes the focus
    buttons << button;
  };
  for (const BreadcrumbPart& part : parts_) {
    if (row_->count() > 0) row_->addWidget(new QLabel("›"));
    add(part.part, false);
    if (part.isChosen) add(part.part, true);
  }
  if (hadFocus && !buttons.isEmpty()) buttons[std::min(focused, buttons.size() - 1)]->setFocus();
}

void Breadcrumb::label() {
  for (QToolButton* button : findChildren<QToolButton*>()) {
    const auto its = static_cast<SelectedPart>(button->property("part").toInt());
    const auto found = std::ranges::find(parts_, its, &BreadcrumbPart::part);
    if (found == parts_.end()) continue;
    const bool isCross = button->objectName() == "cross";
    const QString text = found->text;
    button->setAccessibleName(isCross ? "Take away: " + text : text);
    button->setToolTip(isCross           ? "Take away " + text + " (Delete)"
                       : found->isChosen ? text + "; Delete takes it away"
                                         : text);
    if (!isCross) button->setText(button->fontMetrics().elidedText(text, Qt::ElideMiddle, widest));
  }
}

bool Breadcrumb::eventFilter(QObject* object, QEvent* event) {
  if (event->type() != QEvent::KeyPress) return false;
  const int key = static_cast<QKeyEvent*>(event)->key();
  if (key == Qt::Key_Return || key == Qt::Key_Enter) {
    qobject_cast<QToolButton*>(object)->click();
    return true;
  }
  if (key != Qt::Key_Delete && key != Qt::Key_Backspace) return false;
  const auto its = static_cast<SelectedPart>(object->property("part").toInt());
  const auto found = std::ranges::find(parts_, its, &BreadcrumbPart::part);
  if (found != parts_.end() && found->isChosen) emit removed(its);
  return true;
}

}  // namespace evenkeel::gui
