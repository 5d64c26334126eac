// A plot as the reader meets it: the picture, its table twin, its export, and what has to be said
// beneath it.
#pragma once

#include <QFrame>

#include "gui/data/plot_spec.h"
#include "gui/plots/painted_plot.h"
#include "gui/plots/theme.h"

class QChart;
class QChartView;
class QGraphicsLineItem;
class QLabel;
class QStackedWidget;
class QTableView;
class QToolButton;

namespace evenkeel::gui {

class PaintedView;
class TableModel;

class PlotWidget : public QFrame {
  Q_OBJECT

 public:
  explicit PlotWidget(QWidget* parent = nullptr);

  void show(PlotSpec spec, const Theme& theme);
  const PlotSpec& spec() const { return spec_; }
  QTableView* table() const { return table_; }
  QString notes() const;
  bool showsTable() const;

 public slots:
  void toggleTable();
  void toggleLog();
  void exportPicture();
  /// A thin line at this place of the x axis, which linked plots share; NaN: none.
  void setCursorAt(double value);

 signals:
  /// The reader pointed at, or clicked on, a place of the plane: values of the axes; the curve's
  /// name where there is one.
  void pointed(double x, double y);
  void clicked(double x, double y, const QString& name);
  /// A heat map's or waterfall's row.
  void rowClicked(const QString& row, double x);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void rebuild();
  void listen(QChart* chart);
  void placeCursor();

  PlotSpec spec_;
  Theme theme_ = Theme::light();
  QLabel* title_;
  QLabel* explanation_;
  QToolButton* log_;
  QStackedWidget* stack_;
  QChartView* chart_;
  PaintedView* painted_;
  QTableView* table_;
  TableModel* model_;
  QGraphicsLineItem* cursor_ = nullptr;  // the chart's
  double cursorAt_ = no_value;
  int builtFor_ = 0;  // width in pixels
};

}  // namespace evenkeel::gui
