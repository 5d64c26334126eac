// The home view: which variant is better, by how much, and how sure that is.
#pragma once

#include <QWidget>
#include <memory>

#include "gui/data/plot_spec.h"
#include "gui/data/study_data.h"
#include "gui/plots/theme.h"

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
  explicit CompareView(QWidget* parent = nullptr);

  void show(std::shared_ptr<const StudyData> study);
  void setTheme(const Theme& theme);
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
  void showAll(const std::vector<PlotSpec>& specs, std::vector<PlotWidget*>& plots,
               QGridLayout* grid);
  void chooseByName(const QString& name);

  std::shared_ptr<const StudyData> data_;
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
  std::vector<PlotSpec> declaredSpecs_;  // they do not depend on the metric
  std::vector<PlotWidget*> declared_;
  std::vector<PlotWidget*> plots_;
};

}  // namespace evenkeel::gui
