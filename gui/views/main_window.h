// The window: five views over one result and one selection.
#pragma once

#include <QMainWindow>
#include <memory>
#include <optional>

#include "gui/data/study_data.h"
#include "gui/models/study_loader.h"
#include "gui/plots/theme.h"
#include "gui/views/selection.h"

class QAction;
class QToolButton;
class QLabel;
class QMenu;
class QTabWidget;

namespace evenkeel::gui {

class Breadcrumb;
class ChoiceMenu;
class CompareView;
class ExploreView;
class RunView;
class ScenarioView;
class TraceView;
enum class SelectedPart;

/// Style and the font that the program brings with it. A font that cannot be loaded is told on
/// standard error, once.
void prepareApplication();

class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  enum View { scenarioTab, runTab, compareTab, exploreTab, traceTab };

  explicit MainWindow(QWidget* parent = nullptr);

  /// A scenario (.yaml, .yml) or a result file.
  void openFile(const QString& path);
  void openScenario(const QString& path);
  void setDark(bool isDark);
  bool isDark() const { return theme_.isDark(); }
  void restore();
  /// The files that were open when it was closed, and what was looked at.
  void restoreWork();
  void showView(int view);

  ScenarioView* scenario() const { return scenario_; }
  RunView* runView() const { return run_; }
  CompareView* compare() const { return compare_; }
  ExploreView* explore() const { return explore_; }
  TraceView* trace() const { return trace_; }
  Selection* selection() const { return selection_; }
  /// A study, or a scenario.
  bool hasContent() const;
  Breadcrumb* breadcrumbBar() const { return breadcrumb_; }
  QString breadcrumb() const;
  QString message() const;
  /// Everything that was asked for has been read and shown.
  bool isIdle() const;

 public slots:
  void openDialog();
  void saveScenario();
  void showKeys();

 protected:
  void closeEvent(QCloseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void makeActions();
  void addFileActions(QMenu* file);
  void addViewActions(QMenu* view);
  void addChoiceActions(QMenu* view);
  void connectChoice();
  void offerChoice();
  void showChoice();
  void choosePolicies(const std::set<std::size_t>& positions);
  void chooseClasses(const std::set<std::size_t>& positions);
  void goTo(SelectedPart part);
  void connectViews();
  void showStudy(std::shared_ptr<const StudyData> study);
  void showStudyInViews();
  bool lookAgain();
  void rememberWork() const;
  void showRun(std::shared_ptr<const RunResult> run, std::size_t variant, std::size_t number);
  void followSelection();
  void askForRun();
  void askForBeside(std::size_t variant);
  void showAnyBeside();
  bool isSpokenOf(std::size_t variant) const;
  void tell(const QString& what);
  void applyTheme();
  void rememberFile(const QString& path);
  void fillRecent();
  void fillExamples();
  void startRun();

  StudyLoader* loader_;
  Selection* selection_;
  Theme theme_ = Theme::light();
  std::shared_ptr<const StudyData> data_;
  std::pair<std::size_t, std::size_t> shownRun_{static_cast<std::size_t>(-1), 0};
  std::pair<std::size_t, std::size_t> askedRun_{static_cast<std::size_t>(-1), 0};
  std::optional<std::size_t> besideAsked_;
  std::optional<std::size_t> besideShown_;
  std::optional<Selected> restored_;  // wanted once its file is read
  bool isShown_ = true;               // by the views past Run
  bool isInOutline_ = false;          // what only they show was not read
  QTabWidget* tabs_;
  ScenarioView* scenario_;
  RunView* run_;
  CompareView* compare_;
  ExploreView* explore_;
  TraceView* trace_;
  Breadcrumb* breadcrumb_;
  ChoiceMenu* policies_;
  ChoiceMenu* classes_;
  QToolButton* policiesButton_;
  QToolButton* classesButton_;
  QLabel* message_;
  QMenu* recent_ = nullptr;
  QMenu* examples_ = nullptr;
  QAction* back_ = nullptr;
  QAction* forward_ = nullptr;
  QAction* dark_ = nullptr;
};

}  // namespace evenkeel::gui
