#include "gui/plots/topology_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <cmath>

#include "sim/report/format.h"

namespace evenkeel::gui {
namespace {

constexpr double margin = 46;
constexpr double leastZoom = 0.2, mostZoom = 60;

}  // namespace

TopologyView::TopologyView(QWidget* parent) : QWidget(parent) {
  setMouseTracking(true);
  setFocusPolicy(Qt::StrongFocus);
  setMinimumSize(240, 200);
  setAccessibleName("Topology");
}

void TopologyView::show(Topology topology) {
  topology_ = std::move(topology);
  drawn_ = placesDrawn(topology_);
  isMap_ = std::ranges::all_of(topology_.places, &TopologyPlace::hasCoordinates);
  flows_.clear();
  showAll();
}

void TopologyView::setTheme(const Theme& theme) {
  theme_ = theme;
  links_ = {};
  update();
}

void TopologyView::setLoads(std::map<std::string, double> loads) {
  loads_ = std::move(loads);
  update();
}

void TopologyView::setFlows(std::vector<LinkFlow> flows) {
  flows_ = std::move(flows);
  update();
}

void TopologyView::select(const QString& place) {
  selected_ = place;
  update();
}

bool TopologyView::search(const QString& text) { return searchFrom(text, 0); }

bool TopologyView::searchOn(const QString& text) {
  const std::vector<TopologyPlace>& places = topology_.places;
  const auto now = std::ranges::find(places, selected_.toStdString(), &TopologyPlace::name);
  const auto next = static_cast<std::size_t>(now - places.begin()) + 1;
  return searchFrom(text, now == places.end() ? 0 : next);
}

bool TopologyView::searchFrom(const QString& text, std::size_t first) {
  if (text.isEmpty()) return false;
  for (std::size_t k = 0; k < topology_.places.size(); ++k) {
    const std::size_t i = (first + k) % topology_.places.size();
    if (!describe(i).contains(text, Qt::CaseInsensitive)) continue;
    select(QString::fromStdString(topology_.places[i].name));
    if (!rect().contains(onScreen(i).toPoint())) {
      offset_ += QPointF(rect().center()) - onScreen(i);
      links_ = {};
    }
    return true;
  }
  return false;
}

std::optional<QPointF> TopologyView::positionOf(const QString& place) const {
  for (std::size_t i = 0; i < topology_.places.size(); ++i)
    if (topology_.places[i].name == place.toStdString()) return onScreen(i);
  return std::nullopt;
}

void TopologyView::showAll() {
  zoom_ = 1;
  offset_ = {};
  links_ = {};
  update();
}

QPointF TopologyView::onScreen(std::size_t place) const {
  const double size = std::max(10.0, std::min<double>(width(), height() - 24) - 2 * margin);
  const auto [x, y] = drawn_[place];
  const double wide = isMap_ ? 1 : std::clamp((width() - 4 * margin) / size, 1.0, 1.8);
  return QPointF(width() / 2.0 + (x - 0.5) * size * wide * zoom_,
                 (height() - 24) / 2.0 + (y - 0.5) * size * zoom_) +
         offset_;
}

double TopologyView::radiusOf(std::size_t place) const {
  const double crowd = std::clamp(400.0 / static_cast<double>(topology_.places.size()), 0.35, 1.0);
  const std::string& tier = topology_.places[place].tier;
  const double base = tier == "cloud" ? 13 : tier == "region" ? 10 : tier == "site" ? 9 : 6;
  return base * crowd * std::clamp(std::sqrt(zoom_), 0.6, 2.0);
}

std::optional<std::size_t> TopologyView::placeAt(const QPointF& at) const {
  for (std::size_t i = topology_.places.size(); i-- > 0;) {
    const QPointF away = onScreen(i) - at;
    if (std::hypot(away.x(), away.y()) <= radiusOf(i) + 3) return i;
  }
  return std::nullopt;
}

QString TopologyView::describe(const LinkFlow& flow) {
  return QString("%1/s, %2 of the link")
      .arg(QString::fromStdString(report::bytes(flow.bytesPerSecond)),
           QString::fromStdString(report::share(flow.share)));
}

QString TopologyView::describe(std::size_t place) const {
  const TopologyPlace& its = topology_.places[place];
  QString text = QString::fromStdString(its.name + " (" + its.tier + ")");
  for (std::size_t i = 0; i < std::min<std::size_t>(its.nodes.size(), 12); ++i)
    text += "\n" + QString::fromStdString(its.nodes[i]);
  for (const auto& [population, count] : its.devices)
    text += QString("\n%1 %2").arg(count).arg(QString::fromStdString(population));
  for (std::size_t i = 0; i < topology_.links.size() && i < flows_.size(); ++i)
    if (topology_.links[i].from == place || topology_.links[i].to == place)
      text += QString("\n%1: %2")
                  .arg(QString::fromStdString(topology_.links[i].name), describe(flows_[i]));
  if (const auto load = loads_.find(its.name); load != loads_.end())
    text += "\nbusy " + QString::fromStdString(report::share(load->second));
  return text;
}

void TopologyView::resizeEvent(QResizeEvent*) { links_ = {}; }

void TopologyView::zoomBy(double factor, const QPointF& around) {
  const double zoom = std::clamp(zoom_ * factor, leastZoom, mostZoom);
  const QPointF middle(width() / 2.0, (height() - 24) / 2.0);
  offset_ = around - middle - (around - middle - offset_) * (zoom / zoom_);
  zoom_ = zoom;
  links_ = {};
  update();
}

void TopologyView::wheelEvent(QWheelEvent* event) {
  zoomBy(std::pow(1.0015, event->angleDelta().y()), event->position());
}

void TopologyView::mousePressEvent(QMouseEvent* event) {
  pressed_ = last_ = event->position();
  isDragging_ = false;
}

void TopologyView::mouseMoveEvent(QMouseEvent* event) {
  if ((event->buttons() & Qt::LeftButton) != 0) {
    isDragging_ = isDragging_ || (event->position() - pressed_).manhattanLength() > 6;
    if (isDragging_) {
      offset_ += event->position() - last_;
      links_ = {};
      update();
    }
    last_ = event->position();
    return;
  }
  const auto place = placeAt(event->position());
  place ? QToolTip::showText(event->globalPosition().toPoint(), describe(*place), this)
        : QToolTip::hideText();
}

void TopologyView::mouseReleaseEvent(QMouseEvent* event) {
  if (isDragging_) return;
  const auto place = placeAt(event->position());
  if (!place) return;
  select(QString::fromStdString(topology_.places[*place].name));
  emit placeClicked(selected_);
}

void TopologyView::keyPressEvent(QKeyEvent* event) {
  constexpr double step = 40;
  const QPointF middle(rect().center());
  switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      return zoomBy(1.25, middle);
    case Qt::Key_Minus:
      return zoomBy(0.8, middle);
    case Qt::Key_Home:
      return showAll();
    case Qt::Key_Left:
      offset_.rx() += step;
      break;
    case Qt::Key_Right:
      offset_.rx() -= step;
      break;
    case Qt::Key_Up:
      offset_.ry() += step;
      break;
    case Qt::Key_Down:
      offset_.ry() -= step;
      break;
    default:
      return QWidget::keyPressEvent(event);
  }
  links_ = {};
  update();
}

}  // namespace evenkeel::gui
