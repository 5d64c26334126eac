#include "gui/views/scenario_form.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QVBoxLayout>

#include "gui/data/scenario_info.h"

namespace evenkeel::gui {
namespace {

constexpr int fieldsInARow = 2;  // of label and editor

/// There in every form, written into the text or not yet.
struct Usual {
  const char* label;
  FieldPath path;
  bool isChoice;
};
const std::vector<Usual>& usualFields() {
  static const std::vector<Usual> fields = {
      {"Duration", {"duration"}, false},
      {"Warm-up", {"warm_up"}, false},
      {"Seeds", {"compare", "seeds"}, false},
      {"Policy", {"balancing", "policy"}, true},
      {"Knowledge", {"balancing", "knowledge"}, true},
  };
  return fields;
}

struct Group {
  const char* title;
  std::vector<FieldPath> patterns;
};
const std::vector<Group>& groups() {
  static const std::vector<Group> all = {
      {"Requests", {{"workload", "*", "rate"}}},
      {"Devices", {{"devices", "*", "count"}, {"devices", "*", "rate"}}},
      {"Network",
       {{"topology", "**", "latency"},
        {"topology", "**", "bandwidth"},
        {"topology", "**", "device_latency"},
        {"topology", "**", "device_bandwidth"},
        {"devices", "*", "link", "*"}}},
      {"Nodes", {{"nodes", "*", "cores"}, {"nodes", "*", "speed"}, {"nodes", "*", "count"}}},
  };
  return all;
}

/// "camera link latency": without what its group says, and without the generator's name.
QString labelOf(const FieldPath& path) {
  QStringList words;
  for (std::size_t i = 1; i < path.size(); ++i)
    if (path[i] != "generate" && path[i] != "hierarchy")
      words << QString::fromStdString(path[i]).replace('_', ' ');
  return words.join(' ');
}

std::vector<FieldPath> fieldsOf(const Group& group, const ScenarioText& text) {
  std::vector<FieldPath> paths;
  for (const FieldPath& pattern : group.patterns)
    for (FieldPath& path : text.fieldsLike(pattern)) paths.push_back(std::move(path));
  std::ranges::stable_sort(paths, {}, [&](const FieldPath& path) { return text.line(path); });
  return paths;
}

}  // namespace

ScenarioForm::ScenarioForm(QWidget* parent) : QWidget(parent), refused_(new QLabel) {
  auto* inside = new QWidget;
  grid_ = new QGridLayout(inside);
  grid_->setContentsMargins(4, 4, 4, 4);
  for (int column = 0; column < fieldsInARow; ++column) grid_->setColumnStretch(2 * column + 1, 1);
  auto* scroll = new QScrollArea;
  scroll->setWidget(inside);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  refused_->setObjectName("refused");
  refused_->setWordWrap(true);
  refused_->hide();
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(scroll, 1);
  layout->addWidget(refused_);
  setAccessibleName("Form of the scenario");
}

QString ScenarioForm::nameOf(const FieldPath& path) {
  QStringList words;
  for (const std::string& one : path) words << QString::fromStdString(one);
  return words.join('.');
}

void ScenarioForm::setSchema(const std::string& schema) {
  schema_ = schema;
  for (const Field& field : fields_) {
    if (field.choice == nullptr) continue;
    const QSignalBlocker quiet(field.choice);
    const QString before = field.editor->text();
    field.choice->clear();
    for (const std::string& word : completions(schema_, field.path))
      field.choice->addItem(QString::fromStdString(word));
    field.choice->setEditText(before);
  }
}

void ScenarioForm::show(const ScenarioText& text) {
  setEnabled(text.isReadable());
  if (!text.isReadable()) return;
  rebuild(text);
  for (Field& field : fields_) {
    const auto value = text.value(field.path);
    const int line = text.line(field.path);
    const bool isElsewhere = !value && line > 0;  // of several lines
    field.editor->setEnabled(!isElsewhere);
    field.editor->setPlaceholderText(isElsewhere ? QString("see line %1").arg(line) : "not said");
    field.editor->setToolTip(nameOf(field.path) +
                             (line > 0 ? QString(", line %1").arg(line) : QString()));
    const bool isBeingEdited = field.editor->hasFocus() && field.editor->text() != field.shown;
    field.shown = QString::fromStdString(value.value_or(""));
    if (isBeingEdited) continue;
    const QSignalBlocker quiet(field.editor);
    field.editor->setText(field.shown);
    field.editor->setCursorPosition(0);
  }
}

/// Only if other fields are there than before: a cursor in one of them stays where it is.
void ScenarioForm::rebuild(const ScenarioText& text) {
  std::vector<FieldPath> paths;
  for (const Usual& usual : usualFields()) paths.push_back(usual.path);
  for (const auto& group : groups())
    for (FieldPath& path : fieldsOf(group, text)) paths.push_back(std::move(path));
  if (paths == paths_) return;
  paths_ = std::move(paths);
  fields_.clear();
  while (QLayoutItem* item = grid_->takeAt(0)) {
    item->widget()->deleteLater();
    delete item;
  }
  int place = 0;
  for (const Usual& usual : usualFields()) add(usual.path, usual.label, usual.isChoice, place++);
  for (const auto& group : groups()) {
    const std::vector<FieldPath> its = fieldsOf(group, text);
    if (its.empty()) continue;
    place = (place + fieldsInARow - 1) / fieldsInARow * fieldsInARow;
    auto* title = new QLabel(QString("<b>%1</b>").arg(group.title));
    grid_->addWidget(title, place / fieldsInARow, 0, 1, 2 * fieldsInARow);
    place += fieldsInARow;
    for (const FieldPath& path : its) add(path, labelOf(path), false, place++);
  }
}

void ScenarioForm::add(const FieldPath& path, const QString& label, bool isChoice, int place) {
  Field field{.path = path, .label = label};
  QWidget* editor = nullptr;
  if (isChoice) {
    field.choice = new QComboBox;
    field.choice->setEditable(true);
    field.choice->setInsertPolicy(QComboBox::NoInsert);
    field.choice->setMinimumContentsLength(8);
    for (const std::string& word : completions(schema_, path))
      field.choice->addItem(QString::fromStdString(word));
    field.choice->setAccessibleName(label);
    field.editor = field.choice->lineEdit();
    editor = field.choice;
  } else {
    field.editor = new QLineEdit;
    editor = field.editor;
  }
  field.editor->setObjectName(nameOf(path));
  field.editor->setAccessibleName(label);
  auto* caption = new QLabel(label);
  caption->setBuddy(editor);
  grid_->addWidget(caption, place / fieldsInARow, place % fieldsInARow * 2);
  grid_->addWidget(editor, place / fieldsInARow, place % fieldsInARow * 2 + 1);
  const std::size_t number = fields_.size();
  fields_.push_back(field);
  connect(field.editor, &QLineEdit::editingFinished, this, [this, number] { take(number); });
  if (isChoice)
    connect(field.choice, &QComboBox::textActivated, this, [this, number] { take(number); });
}

void ScenarioForm::take(std::size_t number) {
  if (number >= fields_.size()) return;
  const Field& field = fields_[number];
  const QString value = field.editor->text().trimmed();
  if (value == field.shown || value.isEmpty()) return;
  refused_->hide();
  emit edited(FieldPath(field.path), value);
}

void ScenarioForm::refuse(const QString& why) {
  refused_->setText(why);
  refused_->show();
}

}  // namespace evenkeel::gui
