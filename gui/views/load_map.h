// The topology coloured by load, with a slider over the run's time: step, play, and how fast.
#pragma once

#include <QTimer>
#include <QWidget>
#include <memory>

#include "gui/data/scenario_info.h"
#include "gui/plots/theme.h"
#include "gui/views/selection.h"
#include "sim/metrics/run_result.h"

class QComboBox;
class QLabel;
class QSlider;
class QToolButton;

namespace evenkeel::gui {

class TopologyView;
struct LinkFlow;

class LoadMap : public QWidget {
  Q_OBJECT

 public:
  explicit LoadMap(Selection* selection, QWidget* parent = nullptr);

  void show(const ScenarioInfo& info);
  void show(std::shared_ptr<const RunResult> run);
  void setTheme(const Theme& theme);
  TopologyView* topology() const { return topology_; }
  QSlider* slider() const { return slider_; }
  bool isPlaying() const { return tick_.isActive(); }

 public slots:
  void play();

 signals:
  /// The place's nodes that serve, or its name where there is none.
  void nodesChosen(const QStringList& nodes);

 private:
  QToolButton* stepButton(const QString& text, const QString& name, int buckets);
  std::vector<LinkFlow> flows(double atSeconds);
  void colour();
  void follow();
  double busyShare(const TopologyPlace& place, double atSeconds) const;

  Selection* selection_;
  std::shared_ptr<const RunResult> run_;
  QTimer tick_;
  TopologyView* topology_;
  QSlider* slider_;
  QToolButton* play_;
  QComboBox* speed_;
  QLabel* at_;
};

}  // namespace evenkeel::gui
