#include "gui/views/scenario_view.h"

#include <QFile>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QSaveFile>
#include <QSplitter>
#include <QTextDocument>
#include <QVBoxLayout>

#include "gui/models/program.h"
#include "gui/plots/topology_view.h"
#include "gui/views/scenario_editor.h"
#include "gui/views/scenario_form.h"

namespace evenkeel::gui {
namespace {

constexpr int pauseMs = 300;  // in typing, before the text is checked
constexpr qint64 largestBytes = 8 << 20;

}  // namespace

ScenarioView::ScenarioView(QWidget* parent)
    : QWidget(parent),
      editor_(new ScenarioEditor),
      list_(new QListWidget),
      topology_(new TopologyView),
      form_(new ScenarioForm),
      search_(new QLineEdit),
      heading_(new QLabel("Open a scenario: Ctrl+O, File › Examples, or drop it here.")) {
  heading_->setWordWrap(true);
  search_->setPlaceholderText("Search the topology: place, node or devices");
  search_->setAccessibleName("Search the topology");
  search_->setClearButtonEnabled(true);
  list_->setAccessibleName("Mistakes");
  list_->setObjectName("mistakes");
  list_->setMaximumHeight(72);
  list_->setWordWrap(true);
  layOut();
  later_.setSingleShot(true);
  later_.setInterval(pauseMs);
  connect(&later_, &QTimer::timeout, this, &ScenarioView::check);
  connect(editor_, &QPlainTextEdit::textChanged, &later_, qOverload<>(&QTimer::start));
  connect(search_, &QLineEdit::textEdited, topology_, &TopologyView::search);
  connect(search_, &QLineEdit::returnPressed, topology_,
          [this] { topology_->searchOn(search_->text()); });
  connect(form_, &ScenarioForm::edited, this, &ScenarioView::change);
  const auto goTo = [this](QListWidgetItem* item) {
    const QPoint place = item->data(Qt::UserRole).toPoint();
    if (place.y() > 0) editor_->goTo(place.y(), place.x());
  };
  connect(list_, &QListWidget::itemClicked, this, goTo);
  connect(list_, &QListWidget::itemActivated, this, goTo);
  askForSchema();
}

/// The text on the left; what it makes, and what is changed most of it, on the right.
void ScenarioView::layOut() {
  auto* drawing = new QWidget;
  auto* column = new QVBoxLayout(drawing);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(search_);
  column->addWidget(topology_, 1);
  auto* right = new QSplitter(Qt::Vertical);
  right->addWidget(drawing);
  right->addWidget(form_);
  right->setSizes({420, 300});
  auto* split = new QSplitter;
  split->addWidget(editor_);
  split->addWidget(right);
  split->setSizes({680, 720});
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(heading_);
  layout->addWidget(split, 1);
  layout->addWidget(list_);
}

/// One step for undo. The cursor of the text stays where it is.
void ScenarioView::change(const FieldPath& path, const QString& value) {
  const ScenarioText text(editor_->toPlainText().toStdString());
  const auto edit = text.set(path, value.toStdString());
  if (!edit) {
    form_->refuse(QString("%1: \"%2\" would be no value there. It stays as it was.")
                      .arg(ScenarioForm::nameOf(path), value));
    return form_->show(text);
  }
  const auto characters = [&](std::size_t bytes) {
    return static_cast<int>(QString::fromStdString(text.text().substr(0, bytes)).size());
  };
  QTextCursor cursor(editor_->document());
  cursor.setPosition(characters(edit->at));
  cursor.setPosition(characters(edit->at + edit->length), QTextCursor::KeepAnchor);
  cursor.insertText(QString::fromStdString(edit->text));
  editor_->showLine(cursor.blockNumber() + 1);
  check();
}

void ScenarioView::askForSchema() {
  ++asked_;
  askProgram(this, {"schema"}, {}, [this](const ProgramAnswer& answer) {
    --asked_;
    if (answer.code != 0) return;
    editor_->setSchema(answer.output);
    form_->setSchema(answer.output.toStdString());
    emit schemaKnown(answer.output.toStdString());
  });
}

QString ScenarioView::openFile(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return path + ": " + file.errorString();
  if (file.size() > largestBytes) return path + ": too large for a scenario";
  path_ = path;
  editor_->setPlainText(QString::fromUtf8(file.readAll()));
  editor_->document()->setModified(false);
  check();
  return {};
}

QString ScenarioView::save(const QString& path) {
  const QString target = path.isEmpty() ? path_ : path;
  QSaveFile file(target);
  const QByteArray text = editor_->toPlainText().toUtf8();
  if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit())
    return target + ": cannot be saved: " + file.errorString();
  path_ = target;
  editor_->document()->setModified(false);
  return {};
}

bool ScenarioView::isChanged() const { return editor_->document()->isModified(); }

/// The newest text; what is still asked about an older one is given up.
void ScenarioView::check() {
  later_.stop();
  if (check_) {
    check_->disconnect();
    check_->kill();
    check_->deleteLater();
  }
  form_->show(ScenarioText(editor_->toPlainText().toStdString()));
  const QString name = path_.isEmpty() ? "scenario.yaml" : path_;
  check_ = askProgram(this, {"validate", "--json", "--input-as", name},
                      editor_->toPlainText().toUtf8(), [this](const ProgramAnswer& answer) {
                        check_ = nullptr;
                        showAnswer(answer.output, answer.errors);
                      });
}

void ScenarioView::showAnswer(const QByteArray& output, const QString& errors) {
  info_ = readScenarioInfo(output.toStdString());
  if (output.isEmpty() && !errors.isEmpty()) info_.mistakes = {{.message = errors.toStdString()}};
  list_->clear();
  std::vector<ScenarioMistake> own;
  for (const ScenarioMistake& mistake : info_.mistakes) {
    const QString file = QString::fromStdString(mistake.file);
    const bool isOwn = file.isEmpty() || file == path_ || file == "scenario.yaml";
    if (isOwn) own.push_back(mistake);
    QString place = isOwn ? QString() : file + ":";
    if (mistake.line > 0) place += QString("line %1: ").arg(mistake.line);
    auto* item = new QListWidgetItem(place + QString::fromStdString(mistake.message));
    if (isOwn) item->setData(Qt::UserRole, QPoint(mistake.column, mistake.line));
    list_->addItem(item);
  }
  editor_->setMistakes(std::move(own));
  if (info_.mistakes.empty()) list_->addItem("No mistake.");
  if (info_.isReadable()) topology_->show(info_.topology);
  if (!info_.name.empty())
    heading_->setText(QString("<b>%1</b> – %2")
                          .arg(QString::fromStdString(info_.name).toHtmlEscaped(),
                               QString::fromStdString(info_.question).toHtmlEscaped()));
  emit checked();
}

void ScenarioView::setTheme(const Theme& theme) {
  editor_->setTheme(theme);
  topology_->setTheme(theme);
}

}  // namespace evenkeel::gui
