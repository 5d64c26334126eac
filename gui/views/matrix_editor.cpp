#include "gui/views/matrix_editor.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QPushButton>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include "gui/data/scenario_info.h"

namespace evenkeel::gui {
namespace {

constexpr std::pair<const char*, const char*> menus[] = {{"Policies", "balancing.policy"},
                                                         {"Knowledge", "balancing.knowledge"},
                                                         {"Protocols", "mpc.protocol"}};

std::vector<std::string> namesIn(const QString& path) {
  std::vector<std::string> names;
  for (const QString& one : path.split('.')) names.push_back(one.toStdString());
  return names;
}

/// "power_of_d: {d: 2}" is the choice power_of_d.
QString choiceOf(QString value) {
  value = value.trimmed();
  if (value.startsWith('{')) value = value.mid(1).trimmed();
  return value.section(':', 0, 0).trimmed();
}

}  // namespace

QStringList valuesIn(const QString& text) {
  QStringList values;
  QString value;
  int depth = 0;
  QChar quote;
  for (const QChar c : text) {
    if (!quote.isNull()) {
      if (c == quote) quote = {};
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '[' || c == '{') {
      ++depth;
    } else if (c == ']' || c == '}') {
      --depth;
    } else if (c == ',' && depth == 0) {
      values << value.trimmed();
      value.clear();
      continue;
    }
    value += c;
  }
  if (!text.trimmed().isEmpty()) values << value.trimmed();
  return values;
}

MatrixEditor::MatrixEditor(QWidget* parent) : QWidget(parent), table_(new QTableWidget) {
  table_->setAccessibleName("Matrix");
  table_->setObjectName("matrix");
  table_->setColumnCount(2);
  table_->setHorizontalHeaderLabels({"what varies (path)", "values, separated by commas"});
  table_->horizontalHeader()->setStretchLastSection(true);
  table_->setColumnWidth(0, 260);
  table_->verticalHeader()->hide();
  table_->setTabKeyNavigation(false);
  auto* buttons = new QHBoxLayout;
  for (const auto& [name, path] : menus) {
    auto* button = new QToolButton;
    button->setText(name);
    button->setAccessibleName(QString(name) + " to compare");
    button->setObjectName("menu " + QString(path));
    button->setPopupMode(QToolButton::InstantPopup);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setMenu(new QMenu(button));
    const Choice choice{path, button};
    choices_.push_back(choice);
    connect(button->menu(), &QMenu::aboutToShow, this, [this, choice] { fill(choice); });
    buttons->addWidget(button);
  }
  auto* add = new QPushButton("Add a setting");
  auto* remove = new QPushButton("Remove it");
  remove->setToolTip("the setting that is selected");
  buttons->addWidget(add);
  buttons->addWidget(remove);
  buttons->addStretch(1);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(table_, 1);
  layout->addLayout(buttons);
  connect(add, &QPushButton::clicked, this, [this] { addRow(); });
  connect(remove, &QPushButton::clicked, this, &MatrixEditor::removeRow);
  connect(table_, &QTableWidget::itemChanged, this, &MatrixEditor::changed);
}

void MatrixEditor::setSchema(const std::string& schema) { schema_ = schema; }

void MatrixEditor::show(const std::map<std::string, std::vector<std::string>>& vary) {
  table_->setRowCount(0);
  for (const auto& [path, values] : vary) {
    QStringList texts;
    for (const std::string& value : values) texts << QString::fromStdString(value);
    addRow(QString::fromStdString(path), texts.join(", "));
  }
}

void MatrixEditor::addRow(const QString& path, const QString& values) {
  const int row = table_->rowCount();
  table_->insertRow(row);
  table_->setItem(row, 0, new QTableWidgetItem(path));
  table_->setItem(row, 1, new QTableWidgetItem(values));
  if (path.isEmpty()) table_->editItem(table_->item(row, 0));
}

void MatrixEditor::removeRow() {
  if (table_->currentRow() < 0) return;
  table_->removeRow(table_->currentRow());
  emit changed();
}

QToolButton* MatrixEditor::menuFor(const QString& path) const {
  for (const Choice& choice : choices_)
    if (choice.path == path) return choice.button;
  return nullptr;
}

int MatrixEditor::rowOf(const QString& path) const {
  for (int row = 0; row < table_->rowCount(); ++row)
    if (table_->item(row, 0) != nullptr && table_->item(row, 0)->text().trimmed() == path)
      return row;
  return -1;
}

QStringList MatrixEditor::chosen(const QString& path) const {
  const int row = rowOf(path);
  return row < 0 || table_->item(row, 1) == nullptr ? QStringList()
                                                    : valuesIn(table_->item(row, 1)->text());
}

/// What is in the row and what the schema knows; ticked: what is in the row.
void MatrixEditor::fill(const Choice& choice) {
  QMenu* menu = choice.button->menu();
  menu->clear();
  QStringList its;
  for (const QString& value : chosen(choice.path)) its << choiceOf(value);
  for (const std::string& word : completions(schema_, namesIn(choice.path))) {
    const QString value = QString::fromStdString(word);
    QAction* action = menu->addAction(value);
    action->setCheckable(true);
    action->setChecked(its.contains(value));
    connect(action, &QAction::triggered, this,
            [this, path = choice.path, value](bool isOn) { toggle(path, value, isOn); });
  }
  if (menu->isEmpty()) menu->addAction("the scenario's words are not known yet")->setEnabled(false);
}

void MatrixEditor::toggle(const QString& path, const QString& value, bool isOn) {
  QStringList values = chosen(path);
  if (isOn) values << value;
  if (!isOn) {
    QStringList left;
    for (const QString& one : values)
      if (choiceOf(one) != value) left << one;
    values = left;
  }
  const int row = rowOf(path);
  if (row < 0) return addRow(path, values.join(", "));
  if (!values.isEmpty()) return table_->item(row, 1)->setText(values.join(", "));
  table_->removeRow(row);
  emit changed();
}

QStringList MatrixEditor::settings() const {
  QStringList settings;
  for (int row = 0; row < table_->rowCount(); ++row) {
    const QTableWidgetItem* path = table_->item(row, 0);
    const QTableWidgetItem* values = table_->item(row, 1);
    if (path != nullptr && values != nullptr && !path->text().trimmed().isEmpty())
      settings << path->text().trimmed() + "=" + values->text().trimmed();
  }
  return settings;
}

std::size_t MatrixEditor::variantCount() const {
  std::size_t count = 1;
  for (const QString& setting : settings())
    count *=
        static_cast<std::size_t>(std::max<qsizetype>(1, valuesIn(setting.section('=', 1)).size()));
  return count;
}

}  // namespace evenkeel::gui
