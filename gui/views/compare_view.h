// The home view: which variant is better, by how much, and how sure that is.
#pragma once

#include <QTimer>
#include <QWidget>
#include <memory>

#include "gui/models/comparison_maker.h"
#include "gui/plots/theme.h"
#include "gui/views/selection.h"

class QComboBox;
class QGridLayout;
class QLabel;
class QTableView;

namespace evenkeel::gui {

class PlotWidget;
class VerdictModel;

class CompareView : public QWidget {
  Q_OBJECT

 public:
  explicit CompareView(Selection* selection, QWidget* parent = nullptr);

  void show(std::shared_ptr<const StudyData> study);
  void setTheme(const Theme& theme);
  bool isBusy() const;
  QTableView* verdicts() const { return table_; }
  /// What the scenario declares, and the others.
  const std::vector<PlotWidget*>& declared() const { return declared_; }
  const std::vector<PlotWidget*>& plots() const { return plots_; }

 signals:
  /// The reader chose a variant to look into.
  void variantChosen(std::size_t variant);

 private:
  void fillMetrics();
  void refresh();
  void explain();
  void showVerdicts(const ComparisonVerdicts& verdicts);
  void showPlots();
  void showNext();
  void showOne(const PlotSpec& spec, std::size_t place, std::vector<PlotWidget*>& plots,
               QGridLayout* grid);
  void choose(const PlotSpec& spec, double y, const QString& name);
  bool chooseByName(const QString& name);

  Selection* selection_;
  ComparisonMaker* maker_;
  std::shared_ptr<const StudyData> data_;
  StudyChoice shownChoice_;
  std::vector<std::size_t> rows_;  // the variant of each
  Theme theme_ = Theme::light();
  QLabel* heading_;
  QLabel* question_;
  QComboBox* metric_;
  QTableView* table_;
  VerdictModel* model_;
  QLabel* declaredHeading_;
  QLabel* othersHeading_;
  QGridLayout* declaredGrid_;
  QGridLayout* grid_;
  ComparisonPlots specs_;
  QTimer next_;  // while plots of specs_ are still to be shown
  std::size_t shown_ = 0;
  std::vector<PlotWidget*> declared_;
  std::vector<PlotWidget*> plots_;
};

}  // namespace evenkeel::gui
