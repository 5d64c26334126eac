#include "gui/plots/plot_export.h"

#include <QBuffer>
#include <QGraphicsScene>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <memory>

#include "gui/plots/chart_plot.h"
#include "gui/plots/painted_plot.h"

namespace evenkeel::gui {
namespace {

constexpr QSize pictureSize(900, 520);

QByteArray pngOf(const PlotSpec& spec, const Theme& theme) {
  constexpr int scale = 2;  // sharp when printed
  QImage image(pictureSize * scale, QImage::Format_RGB32);
  image.setDevicePixelRatio(scale);
  image.fill(theme.ground());
  QPainter painter(&image);
  drawPlot(spec, theme, painter, QRectF(QPointF(), pictureSize));
  painter.end();
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  image.save(&buffer, "PNG");
  return bytes;
}

QByteArray svgOf(const PlotSpec& spec, const Theme& theme) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  QSvgGenerator generator;
  generator.setOutputDevice(&buffer);
  generator.setSize(pictureSize);
  generator.setViewBox(QRect(QPoint(), pictureSize));
  generator.setTitle(QString::fromStdString(spec.title));
  generator.setDescription(QString::fromStdString(spec.command));
  QPainter painter(&generator);
  drawPlot(spec, theme, painter, QRectF(QPointF(), pictureSize));
  painter.end();
  return bytes;
}

QByteArray pdfOf(const PlotSpec& spec, const Theme& theme) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  QPdfWriter writer(&buffer);
  writer.setTitle(QString::fromStdString(spec.title));
  writer.setPageSize(QPageSize(QSizeF(pictureSize) * 0.75, QPageSize::Point));
  writer.setPageMargins(QMarginsF());
  writer.setResolution(96);
  QPainter painter(&writer);
  drawPlot(spec, theme, painter, QRectF(QPointF(), pictureSize));
  painter.end();
  return bytes;
}

void drawChart(const PlotSpec& spec, const Theme& theme, QPainter& painter, const QRectF& where,
               std::vector<std::string>& notes) {
  QGraphicsScene scene;
  QChart* chart = makeChart(spec, theme, static_cast<int>(where.width()), notes);
  scene.addItem(chart);
  chart->resize(where.size());
  scene.setSceneRect(QRectF(QPointF(), where.size()));
  painter.setRenderHint(QPainter::Antialiasing);
  scene.render(&painter, where, scene.sceneRect());
}

}  // namespace

void drawPlot(const PlotSpec& spec, const Theme& theme, QPainter& painter, const QRectF& where) {
  constexpr double titleHeight = 30, noteHeight = 18;
  painter.fillRect(where, theme.ground());
  QFont bold = QFont();
  bold.setBold(true);
  painter.setFont(bold);
  painter.setPen(theme.text());
  painter.drawText(where.adjusted(12, 6, -12, 0), Qt::AlignLeft,
                   QString::fromStdString(spec.title));
  painter.setFont(QFont());
  std::vector<std::string> notes = spec.notes;
  const QRectF body = where.adjusted(4, titleHeight, -4, -2 * noteHeight);
  if (spec.isPainted())
    paintPlot(spec, theme, painter, body);
  else
    drawChart(spec, theme, painter, body, notes);
  QString text = QString::fromStdString(spec.explanation);
  for (const std::string& note : notes) text += " · " + QString::fromStdString(note);
  painter.setPen(theme.muted());
  painter.drawText(QRectF(where.left() + 12, where.bottom() - 2 * noteHeight, where.width() - 24,
                          2 * noteHeight),
                   Qt::AlignLeft | Qt::TextWordWrap, text);
}

QString exportPlot(const PlotSpec& spec, const QString& path, const Theme& theme) {
  QByteArray bytes;
  if (path.endsWith(".png"))
    bytes = pngOf(spec, theme);
  else if (path.endsWith(".svg"))
    bytes = svgOf(spec, theme);
  else if (path.endsWith(".pdf"))
    bytes = pdfOf(spec, theme);
  else if (path.endsWith(".csv"))
    bytes = QByteArray::fromStdString(toCsv(spec.table));
  else
    return path + ": the name must end in .png, .svg, .pdf or .csv";
  QSaveFile file(path);
  if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
    return path + ": cannot be written: " + file.errorString();
  return {};
}

}  // namespace evenkeel::gui
