// The topology as a drawing: sites, clouds and who is there; wheel zooms, a drag pans, Home shows
// all. One widget: links are a cached layer, so that large networks stay quick.
#pragma once

#include <QPixmap>
#include <QWidget>
#include <map>
#include <optional>

#include "gui/data/scenario_info.h"
#include "gui/plots/theme.h"

namespace evenkeel::gui {

/// What passes over a link: in both directions, and as a share of what it can carry.
struct LinkFlow {
  double bytesPerSecond = 0;
  double share = 0;
};

class TopologyView : public QWidget {
  Q_OBJECT

 public:
  explicit TopologyView(QWidget* parent = nullptr);

  void show(Topology topology);
  void setTheme(const Theme& theme);
  /// How loaded places are, 0 to 1, by name; none: coloured by tier.
  void setLoads(std::map<std::string, double> loads);
  /// By the number of the link; none: not known.
  void setFlows(std::vector<LinkFlow> flows);
  const std::vector<LinkFlow>& flows() const { return flows_; }
  /// How far flows have moved on, in widths of their line.
  void setFlowPhase(double phase) { flowPhase_ = phase; }
  void select(const QString& place);
  /// Selects the first place whose name, node or population holds the text. False: none does.
  bool search(const QString& text);
  /// The next one after the selected.
  bool searchOn(const QString& text);
  const Topology& topology() const { return topology_; }
  std::optional<QPointF> positionOf(const QString& place) const;
  QString selected() const { return selected_; }

 public slots:
  void showAll();

 signals:
  void placeClicked(const QString& place);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QPointF onScreen(std::size_t place) const;
  std::optional<std::size_t> placeAt(const QPointF& at) const;
  double radiusOf(std::size_t place) const;
  void zoomBy(double factor, const QPointF& around);
  void paintLinks(QPainter& painter) const;
  void paintFlows(QPainter& painter) const;
  void paintPlaces(QPainter& painter) const;
  void paintNames(QPainter& painter) const;
  void paintKey(QPainter& painter) const;
  bool searchFrom(const QString& text, std::size_t first);
  QString describe(std::size_t place) const;
  static QString describe(const LinkFlow& flow);

  Topology topology_;
  std::vector<std::pair<double, double>> drawn_;
  bool isMap_ = false;  // whose shape must stay as it is
  std::map<std::string, double> loads_;
  std::vector<LinkFlow> flows_;
  double flowPhase_ = 0;
  Theme theme_ = Theme::light();
  QString selected_;
  double zoom_ = 1;
  QPointF offset_;
  QPointF pressed_, last_;
  bool isDragging_ = false;
  QPixmap links_;
};

}  // namespace evenkeel::gui
