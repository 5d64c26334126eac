#include "gui/views/load_map.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QSlider>
#include <QToolButton>
#include <cmath>

#include "gui/data/run_plots.h"
#include "gui/plots/topology_view.h"

namespace evenkeel::gui {
namespace {

constexpr int frameMs = 100;

}  // namespace

LoadMap::LoadMap(Selection* selection, QWidget* parent)
    : QWidget(parent),
      selection_(selection),
      topology_(new TopologyView),
      slider_(new QSlider(Qt::Horizontal)),
      play_(new QToolButton),
      speed_(new QComboBox),
      at_(new QLabel("0 s")) {
  slider_->setAccessibleName("Time");
  slider_->setObjectName("time");
  play_->setText("▶");
  play_->setToolTip("Play or pause");
  play_->setAccessibleName("Play or pause");
  speed_->addItems({"1×", "10×", "60×", "600×"});
  speed_->setCurrentIndex(1);
  speed_->setAccessibleName("Speed");
  at_->setMinimumWidth(64);
  auto* row = new QHBoxLayout;
  row->addWidget(stepButton("‹", "Step back", -1));
  row->addWidget(play_);
  row->addWidget(stepButton("›", "Step on", 1));
  row->addWidget(slider_, 1);
  row->addWidget(at_);
  row->addWidget(speed_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(topology_, 1);
  layout->addLayout(row);
  tick_.setInterval(frameMs);
  connect(play_, &QToolButton::clicked, this, &LoadMap::play);
  connect(slider_, &QSlider::valueChanged, this, [this] {
    Selected selected = selection_->now();
    selected.atSeconds = slider_->value() / 1000.0;
    selection_->follow(selected);
  });
  connect(&tick_, &QTimer::timeout, this, [this] {
    static constexpr int factors[] = {1, 10, 60, 600};
    slider_->setValue(slider_->value() + frameMs * factors[std::max(0, speed_->currentIndex())]);
    if (slider_->value() == slider_->maximum()) play();
  });
  connect(topology_, &TopologyView::placeClicked, this, [this](const QString& name) {
    QStringList nodes;
    for (const TopologyPlace& place : topology_->topology().places)
      if (QString::fromStdString(place.name) == name)
        for (const std::string& node : place.nodes)
          if (run_ && !std::isnan(levelAt(*run_, "utilisation", node, 0)))
            nodes << QString::fromStdString(node);
    emit nodesChosen(nodes.isEmpty() ? QStringList{name} : nodes);
  });
  connect(selection_, &Selection::changed, this, &LoadMap::follow);
}

/// By one bucket, which is what there is to be seen.
QToolButton* LoadMap::stepButton(const QString& text, const QString& name, int buckets) {
  auto* button = new QToolButton;
  button->setText(text);
  button->setToolTip(name);
  button->setAccessibleName(name);
  button->setAutoRepeat(true);
  connect(button, &QToolButton::clicked, this, [this, buckets] {
    slider_->setValue(slider_->value() + buckets * slider_->singleStep());
  });
  return button;
}

void LoadMap::show(const ScenarioInfo& info) {
  topology_->show(info.topology);
  colour();
}

void LoadMap::show(std::shared_ptr<const RunResult> run) {
  run_ = std::move(run);
  const QSignalBlocker quiet(slider_);
  slider_->setRange(0, static_cast<int>(run_->duration_s * 1000));
  slider_->setSingleStep(std::max(1, static_cast<int>(run_->bucket_s * 1000)));
  slider_->setPageStep(10 * slider_->singleStep());
  colour();
}

void LoadMap::setTheme(const Theme& theme) { topology_->setTheme(theme); }

void LoadMap::play() {
  if (tick_.isActive()) {
    tick_.stop();
  } else if (run_) {
    if (slider_->value() == slider_->maximum()) slider_->setValue(0);
    tick_.start();
  }
  play_->setText(tick_.isActive() ? "‖" : "▶");
}

void LoadMap::follow() {
  if (!std::isnan(selection_->now().atSeconds)) {
    const QSignalBlocker quiet(slider_);
    slider_->setValue(static_cast<int>(selection_->now().atSeconds * 1000));
  }
  colour();
}

/// Of the busiest node there; NaN where nothing serves.
double LoadMap::busyShare(const TopologyPlace& place, double atSeconds) const {
  double busiest = no_value;
  for (const std::string& node : place.nodes)
    busiest = std::fmax(busiest, levelAt(*run_, "utilisation", node, atSeconds));
  return busiest;
}

/// Empty where the run noted none.
std::vector<LinkFlow> LoadMap::flows(double atSeconds) {
  std::vector<std::string> names;
  for (const TopologyLink& link : topology_->topology().links) names.push_back(link.name);
  const std::vector<double> rates = flowsAt(*run_, names, atSeconds);
  if (std::ranges::all_of(rates, [](double rate) { return std::isnan(rate); })) return {};
  std::vector<LinkFlow> result;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const double carries = topology_->topology().links[i].bitsPerSecond;
    const double rate = std::isnan(rates[i]) ? 0 : rates[i];
    result.push_back({.bytesPerSecond = rate, .share = carries > 0 ? rate * 8 / carries : 0});
  }
  topology_->setFlowPhase(atSeconds / run_->bucket_s);
  return result;
}

void LoadMap::colour() {
  if (!run_) return;
  const double at = slider_->value() / 1000.0;
  at_->setText(QString("%1 s").arg(at, 0, 'f', 1));
  std::map<std::string, double> loads;
  for (const TopologyPlace& place : topology_->topology().places)
    if (const double busy = busyShare(place, at); !std::isnan(busy)) loads[place.name] = busy;
  topology_->setFlows(flows(at));
  topology_->setLoads(std::move(loads));
  for (const QString& node : selection_->now().nodes)
    for (const TopologyPlace& place : topology_->topology().places)
      if (std::ranges::find(place.nodes, node.toStdString()) != place.nodes.end())
        topology_->select(QString::fromStdString(place.name));
}

}  // namespace evenkeel::gui
