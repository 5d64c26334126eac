#include "gui/views/scenario_editor.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QRegularExpression>
#include <QScrollBar>
#include <QStringListModel>
#include <QTextBlock>
#include <QToolTip>

namespace evenkeel::gui {

void YamlColours::setTheme(const Theme& theme) {
  theme_ = theme;
  rehighlight();
}

void YamlColours::highlightBlock(const QString& text) {
  static const QRegularExpression key(R"((?:^\s*(?:- )?|[{,]\s*)([\w.*-]+)\s*:)");
  static const QRegularExpression number(R"((?<![\w.])\d[\d.]*(?:\s*(?:[a-zA-Zµ%]+)?(?:/\w+)?)?)");
  static const QRegularExpression quoted(R"('[^']*'|"[^"]*")");
  const auto mark = [&](const QRegularExpression& what, int group, const QColor& colour) {
    for (auto found = what.globalMatch(text); found.hasNext();) {
      const QRegularExpressionMatch match = found.next();
      setFormat(static_cast<int>(match.capturedStart(group)),
                static_cast<int>(match.capturedLength(group)), colour);
    }
  };
  mark(number, 0, theme_.ink(1));
  mark(key, 1, theme_.accent());
  mark(quoted, 0, theme_.good());
  static const QRegularExpression comment(R"((?:^|\s)#.*$)");
  mark(comment, 0, theme_.muted());
}

/// The strip of line numbers, which the editor paints.
class LineNumbers : public QWidget {
 public:
  explicit LineNumbers(ScenarioEditor* editor) : QWidget(editor), editor_(editor) {}

 protected:
  void paintEvent(QPaintEvent* event) override { editor_->paintNumbers(event); }

 private:
  ScenarioEditor* editor_;
};

ScenarioEditor::ScenarioEditor(QWidget* parent)
    : QPlainTextEdit(parent),
      colours_(new YamlColours(document())),
      numbers_(new LineNumbers(this)),
      completer_(new QCompleter(this)),
      words_(new QStringListModel(this)) {
  setFont(QFont("DejaVu Sans Mono", 9));
  setLineWrapMode(QPlainTextEdit::NoWrap);
  setTabChangesFocus(true);
  setAccessibleName("Scenario");
  setObjectName("scenario-text");
  completer_->setModel(words_);
  completer_->setWidget(this);
  completer_->setCaseSensitivity(Qt::CaseInsensitive);
  connect(completer_, qOverload<const QString&>(&QCompleter::activated), this,
          [this](const QString& word) {
            QTextCursor cursor = textCursor();
            cursor.movePosition(QTextCursor::Left, QTextCursor::KeepAnchor,
                                static_cast<int>(wordBeforeCursor().size()));
            cursor.insertText(word);
          });
  connect(this, &QPlainTextEdit::blockCountChanged, this, &ScenarioEditor::place);
  connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect& rect, int dy) {
    dy != 0 ? numbers_->scroll(0, dy)
            : numbers_->update(0, rect.y(), numbers_->width(), rect.height());
  });
  place();
}

void ScenarioEditor::setTheme(const Theme& theme) {
  theme_ = theme;
  colours_->setTheme(theme);
  setMistakes(std::move(mistakes_));
}

int ScenarioEditor::numbersWidth() const {
  return 18 + fontMetrics().horizontalAdvance('9') *
                  static_cast<int>(QString::number(blockCount()).size() + 1);
}

void ScenarioEditor::place() {
  setViewportMargins(numbersWidth(), 0, 0, 0);
  numbers_->setGeometry(contentsRect().left(), contentsRect().top(), numbersWidth(),
                        contentsRect().height());
}

void ScenarioEditor::resizeEvent(QResizeEvent* event) {
  QPlainTextEdit::resizeEvent(event);
  place();
}

void ScenarioEditor::paintNumbers(QPaintEvent* event) {
  QPainter painter(numbers_);
  painter.fillRect(event->rect(), theme_.window());
  painter.setFont(font());
  for (QTextBlock block = firstVisibleBlock(); block.isValid(); block = block.next()) {
    const QRectF where = blockBoundingGeometry(block).translated(contentOffset());
    if (where.top() > event->rect().bottom()) break;
    const int line = block.blockNumber() + 1;
    const bool isWrong =
        std::ranges::any_of(mistakes_, [&](const auto& one) { return one.line == line; });
    painter.setPen(isWrong ? theme_.bad() : theme_.muted());
    painter.drawText(QRectF(0, where.top(), numbers_->width() - 8, where.height()), Qt::AlignRight,
                     (isWrong ? "● " : "") + QString::number(line));
  }
}

void ScenarioEditor::setMistakes(std::vector<ScenarioMistake> mistakes) {
  mistakes_ = std::move(mistakes);
  QList<QTextEdit::ExtraSelection> marks;
  for (const ScenarioMistake& mistake : mistakes_) {
    const QTextBlock block = document()->findBlockByNumber(mistake.line - 1);
    if (mistake.line < 1 || !block.isValid()) continue;
    QTextEdit::ExtraSelection mark;
    mark.cursor = QTextCursor(block);
    const int from = std::clamp(mistake.column - 1, 0, std::max(0, block.length() - 1));
    mark.cursor.setPosition(block.position() + from);
    mark.cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
    mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
    mark.format.setUnderlineColor(theme_.bad());
    QColor ground = theme_.bad();
    ground.setAlphaF(0.12f);
    mark.format.setBackground(ground);
    marks.append(mark);
  }
  setExtraSelections(marks);
  numbers_->update();
}

void ScenarioEditor::goTo(int line, int column) {
  const QTextBlock block = document()->findBlockByNumber(std::max(0, line - 1));
  if (!block.isValid()) return;
  QTextCursor cursor(block);
  cursor.movePosition(QTextCursor::Right, QTextCursor::MoveAnchor,
                      std::clamp(column - 1, 0, std::max(0, block.length() - 1)));
  setTextCursor(cursor);
  centerCursor();
  setFocus();
}

void ScenarioEditor::showLine(int line) {
  const QTextBlock block = document()->findBlockByNumber(line - 1);
  const QRectF where = blockBoundingGeometry(block).translated(contentOffset());
  if (where.top() >= 0 && where.bottom() <= viewport()->height()) return;
  verticalScrollBar()->setValue(std::max(0, line - 6));
}

QString ScenarioEditor::wordBeforeCursor() const {
  const QString line = textCursor().block().text().left(textCursor().positionInBlock());
  static const QRegularExpression word(R"([\w.]*$)");
  return word.match(line).captured();
}

/// Fields below the maps that the line stands in; after a colon, values of its field.
QStringList ScenarioEditor::wordsAtCursor() const {
  const QTextCursor cursor = textCursor();
  const QString line = cursor.block().text().left(cursor.positionInBlock());
  std::string text = toPlainText().toStdString();
  std::vector<std::string> path = pathAt(text, static_cast<std::size_t>(cursor.blockNumber()));
  if (const qsizetype colon = line.lastIndexOf(':'); colon >= 0) {
    static const QRegularExpression key(R"(([\w.*-]+)\s*:[^:]*$)");
    path.push_back(key.match(line).captured(1).toStdString());
  }
  QStringList words;
  for (const std::string& one : completions(schema_, path)) words << QString::fromStdString(one);
  return words;
}

void ScenarioEditor::complete() {
  words_->setStringList(wordsAtCursor());
  completer_->setCompletionPrefix(wordBeforeCursor());
  QRect where = cursorRect();
  where.setWidth(260);
  where.translate(numbersWidth(), 4);
  completer_->complete(where);
}

void ScenarioEditor::keyPressEvent(QKeyEvent* event) {
  if (completer_->popup()->isVisible()) {
    switch (event->key()) {
      case Qt::Key_Enter:
      case Qt::Key_Return:
      case Qt::Key_Escape:
      case Qt::Key_Tab:
        return event->ignore();  // the popup's
      default:
        break;
    }
  }
  if (event->key() == Qt::Key_Space && event->modifiers() == Qt::ControlModifier) return complete();
  QPlainTextEdit::keyPressEvent(event);
  if (completer_->popup()->isVisible()) complete();
}

bool ScenarioEditor::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QPlainTextEdit::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const int line =
      cursorForPosition(viewport()->mapFromGlobal(help->globalPos())).blockNumber() + 1;
  QString text;
  for (const ScenarioMistake& mistake : mistakes_)
    if (mistake.line == line) text += QString::fromStdString(mistake.message) + "\n";
  QToolTip::showText(help->globalPos(), text.trimmed(), this);
  return true;
}

}  // namespace evenkeel::gui
