#include "gui/plots/topology_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <cmath>

#include "sim/report/format.h"

namespace evenkeel::gui {
namespace {

constexpr double margin = 46;
constexpr double leastZoom = 0.2, mostZoom = 60;

std::size_t inkOf(const std::string& tier) {
  return tier == "cloud" ? 0 : tier == "region" ? 4 : tier == "site" ? 2 : 5;
}

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

void TopologyView::select(const QString& place) {
  selected_ = place;
  update();
}

bool TopologyView::search(const QString& text) {
  if (text.isEmpty()) return false;
  for (std::size_t i = 0; i < topology_.places.size(); ++i) {
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
  return QPointF(width() / 2.0 + (x - 0.5) * size * zoom_,
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

QString TopologyView::describe(std::size_t place) const {
  const TopologyPlace& its = topology_.places[place];
  QString text = QString::fromStdString(its.name + " (" + its.tier + ")");
  for (std::size_t i = 0; i < std::min<std::size_t>(its.nodes.size(), 12); ++i)
    text += "\n" + QString::fromStdString(its.nodes[i]);
  for (const auto& [population, count] : its.devices)
    text += QString("\n%1 %2").arg(count).arg(QString::fromStdString(population));
  if (const auto load = loads_.find(its.name); load != loads_.end())
    text += "\nbusy " + QString::fromStdString(report::share(load->second));
  return text;
}

void TopologyView::paintLinks(QPainter& painter) const {
  painter.setRenderHint(QPainter::Antialiasing);
  QColor colour = theme_.muted();
  colour.setAlphaF(topology_.links.size() > 2000 ? 0.25f : 0.6f);
  for (const TopologyLink& link : topology_.links) {
    const double wide = std::log10(std::max(link.bitsPerSecond, 1e5) / 1e5);
    painter.setPen(QPen(colour, std::clamp(0.5 + wide * 0.5, 0.5, 3.0)));
    painter.drawLine(onScreen(link.from), onScreen(link.to));
  }
}

void TopologyView::paintPlaces(QPainter& painter) const {
  painter.setRenderHint(QPainter::Antialiasing);
  constexpr double roomOfName = 9000;  // square pixels
  const double places = static_cast<double>(topology_.places.size());
  const bool hasRoom = width() * height() * zoom_ * zoom_ / places > roomOfName;
  for (std::size_t i = 0; i < topology_.places.size(); ++i) {
    const TopologyPlace& place = topology_.places[i];
    const QPointF at = onScreen(i);
    if (!rect().adjusted(-60, -60, 60, 60).contains(at.toPoint())) continue;
    const auto load = loads_.find(place.name);
    const bool isSelected = selected_ == QString::fromStdString(place.name);
    painter.setBrush(!loads_.empty()
                         ? (load == loads_.end() ? theme_.grid() : theme_.heat(load->second))
                         : theme_.ink(inkOf(place.tier)));
    painter.setPen(QPen(isSelected ? QColor("#ff3b30") : theme_.ground(), isSelected ? 3 : 1.5));
    const double radius = radiusOf(i);
    if (place.tier == "cloud")
      painter.drawRoundedRect(
          QRectF(at.x() - radius * 1.3, at.y() - radius, radius * 2.6, radius * 2), 5, 5);
    else
      painter.drawEllipse(at, radius, radius);
    if (!hasRoom && !isSelected) continue;
    painter.setPen(theme_.text());
    const bool isSmall = place.tier == "device" && topology_.places.size() > 24 && !isSelected;
    if (!isSmall)
      painter.drawText(QRectF(at.x() - 80, at.y() + radius + 1, 160, 16), Qt::AlignCenter,
                       QString::fromStdString(place.name));
  }
}

void TopologyView::paintKey(QPainter& painter) const {
  double x = 10;
  const double y = height() - 14;
  const auto entry = [&](const QColor& colour, const QString& text) {
    painter.setBrush(colour);
    painter.setPen(Qt::NoPen);
    painter.drawEllipse(QPointF(x + 5, y), 5, 5);
    painter.setPen(theme_.muted());
    painter.drawText(QPointF(x + 14, y + 4), text);
    x += 26 + painter.fontMetrics().horizontalAdvance(text);
  };
  if (!loads_.empty()) {
    for (const double part : {0.0, 0.25, 0.5, 0.75, 1.0})
      entry(theme_.heat(part), QString("%1 %").arg(part * 100));
    return;
  }
  for (const char* tier : {"cloud", "region", "site", "device"})
    if (std::ranges::any_of(topology_.places, [&](const auto& one) { return one.tier == tier; }))
      entry(theme_.ink(inkOf(tier)), tier);
}

void TopologyView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), theme_.ground());
  if (topology_.places.empty()) {
    painter.setPen(theme_.muted());
    painter.drawText(rect(), Qt::AlignCenter, "No topology");
    return;
  }
  if (links_.isNull()) {
    links_ = QPixmap(size() * devicePixelRatioF());
    links_.setDevicePixelRatio(devicePixelRatioF());
    links_.fill(theme_.ground());
    QPainter cached(&links_);
    paintLinks(cached);
  }
  painter.drawPixmap(0, 0, links_);
  paintPlaces(painter);
  paintKey(painter);
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
