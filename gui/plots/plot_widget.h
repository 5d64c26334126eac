// A plot as the reader meets it: the picture, its table twin, its export, and what has to be said
// beneath it. What a pointer does on it is told in plot_gestures.h; keys do the same.
#pragma once

#include <QFrame>
#include <functional>

#include "gui/data/plot_reading.h"
#include "gui/plots/theme.h"

class QLabel;
class QStackedWidget;
class QTableView;
class QToolButton;

namespace evenkeel::gui {

class ChartView;
class PaintedView;
class PlotGestures;
class PlotSurface;
class TableModel;

class PlotWidget : public QFrame {
  Q_OBJECT

 public:
  explicit PlotWidget(QWidget* parent = nullptr);

  /// A plot of the same id stays zoomed. Many points are gathered on another thread: isReady().
  void show(PlotSpec spec, const Theme& theme);
  /// The plot itself is made on another thread.
  void showLater(std::function<PlotSpec()> make, const Theme& theme);
  const PlotSpec& spec() const { return *spec_; }
  const Viewport& viewport() const { return viewport_; }
  bool isReady() const { return !isGathering_; }
  QTableView* table() const { return table_; }
  PlotSurface* surface() const;
  QString notes() const;
  bool showsTable() const;

 public slots:
  void toggleTable();
  void toggleLog(bool ofX = false);
  void showWhole();
  void exportPicture();
  /// A thin line at this place of the x axis, which linked plots share; NaN: none.
  void setCursorAt(double value);

 signals:
  /// The pointer is over this place, in values of the axes; or no longer over the plot.
  void pointed(double x, double y);
  void pointerLeft();
  /// A click; the curve's name where there is one.
  void clicked(double x, double y, const QString& name);
  /// A heat map's or waterfall's row.
  void rowClicked(const QString& row, double x);
  /// The reader wants this range of time in all plots.
  void rangeChosen(double from, double to);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  PlotGestures* addSurface(PlotSurface* surface, QWidget* page);
  void makeHead();
  void adopt(std::shared_ptr<const PlotSpec> spec);
  void gather(bool keepsWindow);
  void take(std::shared_ptr<const PlotSummary> summary, bool keepsWindow);
  void showWindow();
  void placeCursor();
  void point(const QPointF& part, const QPoint& onScreen);
  void click(const QPointF& part);
  bool moveByKey(int key);
  bool swallowsKey(QKeyEvent* event);
  Pointed pointedAt(const QPointF& part) const;
  void explain();

  std::shared_ptr<const PlotSpec> spec_;
  std::shared_ptr<const PlotSummary> summary_;  // of spec_, or of what was shown before
  Viewport viewport_;
  Theme theme_ = Theme::light();
  QLabel* title_;
  QLabel* explanation_;
  QToolButton* whole_;
  QToolButton* log_;
  QStackedWidget* stack_;
  ChartView* chart_;
  PaintedView* painted_;
  PlotGestures* onChart_;
  PlotGestures* onPainted_;
  QTableView* table_;
  TableModel* model_;
  double cursorAt_ = no_value;
  int gathering_ = 0;  // number of the last one
  bool isGathering_ = false;
};

}  // namespace evenkeel::gui
