// How the topology is drawn.
#include <QPainter>
#include <cmath>

#include "gui/plots/topology_view.h"
#include "sim/report/format.h"

namespace evenkeel::gui {
namespace {

std::size_t inkOf(const std::string& tier) {
  return tier == "cloud" ? 0 : tier == "region" ? 4 : tier == "site" ? 2 : 5;
}

std::size_t devicesAt(const TopologyPlace& place) {
  std::size_t sum = 0;
  for (const auto& [population, count] : place.devices) sum += count;
  return sum;
}

bool isInSight(const QPointF& at, const QRect& rect) {
  return rect.adjusted(-60, -60, 60, 60).contains(at.toPoint());
}

/// Below, above or beside what stands there, where nothing else is.
std::optional<QRectF> freePlace(const QSizeF& size, const QPointF& at, double radius,
                                const std::vector<QRectF>& taken) {
  const double side = radius + 3 + size.width() / 2, end = radius + 1 + size.height() / 2;
  for (const QPointF& away :
       {QPointF(0, end), QPointF(0, -end), QPointF(side, 0), QPointF(-side, 0)}) {
    QRectF place(QPointF(), size);
    place.moveCenter(at + away);
    if (std::ranges::none_of(taken, [&](const QRectF& one) { return one.intersects(place); }))
      return place;
  }
  return std::nullopt;
}

}  // namespace

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

/// The wider the fuller the link; dashes move with the time, so that a flow is seen as one.
void TopologyView::paintFlows(QPainter& painter) const {
  painter.setRenderHint(QPainter::Antialiasing);
  for (std::size_t i = 0; i < topology_.links.size() && i < flows_.size(); ++i) {
    if (!(flows_[i].bytesPerSecond > 0)) continue;
    QPen pen(theme_.accent(), 1.5 + 4.5 * std::sqrt(std::clamp(flows_[i].share, 0.0, 1.0)));
    pen.setDashPattern({4, 2});
    pen.setDashOffset(-flowPhase_);
    pen.setCapStyle(Qt::FlatCap);
    painter.setPen(pen);
    painter.drawLine(onScreen(topology_.links[i].from), onScreen(topology_.links[i].to));
  }
}

void TopologyView::paintPlaces(QPainter& painter) const {
  painter.setRenderHint(QPainter::Antialiasing);
  for (std::size_t i = 0; i < topology_.places.size(); ++i) {
    const TopologyPlace& place = topology_.places[i];
    const QPointF at = onScreen(i);
    if (!isInSight(at, rect())) continue;
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
  }
}

/// Where there is room for them, and for the numbers of devices: no name covers another one, and
/// what comes first in the topology goes first.
void TopologyView::paintNames(QPainter& painter) const {
  constexpr double roomOfName = 9000, roomOfCount = 22000;  // square pixels
  const double room =
      width() * height() * zoom_ * zoom_ / static_cast<double>(topology_.places.size());
  if (room < roomOfName && selected_.isEmpty()) return;
  std::vector<QRectF> taken;
  for (std::size_t i = 0; i < topology_.places.size(); ++i)
    if (const QPointF at = onScreen(i); isInSight(at, rect()))
      taken.push_back(QRectF(at, QSizeF()).marginsAdded(QMarginsF(1, 1, 1, 1) * radiusOf(i)));
  QColor ground = theme_.ground();  // so that a link does not cross a name out
  ground.setAlpha(190);
  const auto write = [&](const QString& text, const QColor& colour, const QPointF& at,
                         double radius) {
    const std::optional<QRectF> free =
        freePlace(painter.fontMetrics().size(0, text), at, radius, taken);
    if (!free) return false;
    painter.fillRect(*free, ground);
    painter.setPen(colour);
    painter.drawText(*free, Qt::AlignCenter, text);
    taken.push_back(*free);
    return true;
  };
  for (std::size_t i = 0; i < topology_.places.size(); ++i) {
    const TopologyPlace& place = topology_.places[i];
    const QPointF at = onScreen(i);
    const bool isSelected = selected_ == QString::fromStdString(place.name);
    const bool isSmall = place.tier == "device" && topology_.places.size() > 24;
    if (!isInSight(at, rect()) || ((room < roomOfName || isSmall) && !isSelected)) continue;
    QString text = QString::fromStdString(place.name);
    if (!write(text, theme_.text(), at, radiusOf(i))) continue;
    const std::size_t devices = devicesAt(place);
    if (devices == 0 || (room < roomOfCount && !isSelected)) continue;
    text = QString(devices == 1 ? "%1 device" : "%1 devices").arg(devices);
    const double below = taken.back().bottom() - at.y();
    if (below > 0) write(text, theme_.muted(), at, below);
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
    painter.drawText(QPointF(x, y + 4), flows_.empty() ? "busy" : "busy; dashes: traffic");
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
  paintFlows(painter);
  paintPlaces(painter);
  paintNames(painter);
  paintKey(painter);
}

}  // namespace evenkeel::gui
