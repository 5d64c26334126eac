// A scenario's text: numbered lines, YAML coloured, mistakes underlined where they are, and what
// the schema allows at the cursor on Ctrl+Space.
#pragma once

#include <QPlainTextEdit>
#include <QSyntaxHighlighter>

#include "gui/data/scenario_info.h"
#include "gui/plots/theme.h"

class QCompleter;
class QStringListModel;

namespace evenkeel::gui {

class YamlColours : public QSyntaxHighlighter {
  Q_OBJECT

 public:
  using QSyntaxHighlighter::QSyntaxHighlighter;
  void setTheme(const Theme& theme);

 protected:
  void highlightBlock(const QString& text) override;

 private:
  Theme theme_ = Theme::light();
};

class ScenarioEditor : public QPlainTextEdit {
  Q_OBJECT

 public:
  explicit ScenarioEditor(QWidget* parent = nullptr);

  void setTheme(const Theme& theme);
  void setSchema(const QByteArray& schema) { schema_ = schema.toStdString(); }
  /// Of this file only; those of included files are in the list.
  void setMistakes(std::vector<ScenarioMistake> mistakes);
  void goTo(int line, int column);
  /// Scrolls there if it is not in sight.
  void showLine(int line);
  QStringList wordsAtCursor() const;

 public slots:
  void complete();

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  bool event(QEvent* event) override;

 private:
  friend class LineNumbers;
  void paintNumbers(QPaintEvent* event);
  int numbersWidth() const;
  void place();
  QString wordBeforeCursor() const;

  Theme theme_ = Theme::light();
  YamlColours* colours_;
  QWidget* numbers_;
  QCompleter* completer_;
  QStringListModel* words_;
  std::string schema_;
  std::vector<ScenarioMistake> mistakes_;
};

}  // namespace evenkeel::gui
