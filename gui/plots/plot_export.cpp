#include "gui/plots/plot_export.h"

#include <QBuffer>
#include <QFileInfo>
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

struct Picture {
  const PlotSpec& spec;
  const Theme& theme;
  const std::optional<PlotWindow>& seen;

  void draw(QPainter& painter) const {
    drawPlot(spec, theme, painter, QRectF(QPointF(), pictureSize), seen);
  }
};

QByteArray pngOf(const Picture& picture) {
  constexpr int scale = 2;  // sharp when printed
  QImage image(pictureSize * scale, QImage::Format_RGB32);
  image.setDevicePixelRatio(scale);
  image.fill(picture.theme.ground());
  QPainter painter(&image);
  picture.draw(painter);
  painter.end();
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  image.save(&buffer, "PNG");
  return bytes;
}

QByteArray svgOf(const Picture& picture) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  QSvgGenerator generator;
  generator.setOutputDevice(&buffer);
  generator.setSize(pictureSize);
  generator.setViewBox(QRect(QPoint(), pictureSize));
  generator.setTitle(QString::fromStdString(picture.spec.title));
  generator.setDescription(QString::fromStdString(picture.spec.command));
  QPainter painter(&generator);
  picture.draw(painter);
  painter.end();
  return bytes;
}

QByteArray pdfOf(const Picture& picture) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  QPdfWriter writer(&buffer);
  writer.setTitle(QString::fromStdString(picture.spec.title));
  writer.setPageSize(QPageSize(QSizeF(pictureSize) * 0.75, QPageSize::Point));
  writer.setPageMargins(QMarginsF());
  writer.setResolution(96);
  QPainter painter(&writer);
  picture.draw(painter);
  painter.end();
  return bytes;
}

void drawChart(const std::shared_ptr<const PlotSummary>& summary, const PlotWindow& window,
               const Theme& theme, QPainter& painter, const QRectF& where) {
  QGraphicsScene scene;
  ChartPlot plot(summary, theme);
  scene.addItem(plot.chart());
  plot.chart()->resize(where.size());
  plot.show(window);
  scene.setSceneRect(QRectF(QPointF(), where.size()));
  painter.setRenderHint(QPainter::Antialiasing);
  scene.render(&painter, where, scene.sceneRect());
}

/// A device is written as it is: a file in its place would be worse than half a picture.
QString written(const QByteArray& bytes, const QString& path) {
  if (const QFileInfo its(path); its.exists() && !its.isFile()) {
    QFile device(path);
    const bool isWritten = device.open(QIODevice::WriteOnly | QIODevice::Unbuffered) &&
                           device.write(bytes) == bytes.size();
    return isWritten ? QString() : device.errorString();
  }
  QSaveFile file(path);
  const bool isWritten =
      file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit();
  return isWritten ? QString() : file.errorString();
}

}  // namespace

void drawPlot(const PlotSpec& spec, const Theme& theme, QPainter& painter, const QRectF& where,
              const std::optional<PlotWindow>& seen) {
  // Only while this function lasts.
  const std::shared_ptr<const PlotSpec> borrowed(std::shared_ptr<const void>(), &spec);
  const auto summary = std::make_shared<const PlotSummary>(borrowed);
  const PlotWindow window = seen.value_or(wholeOf(*summary));
  constexpr double titleHeight = 30, noteHeight = 18;
  painter.fillRect(where, theme.ground());
  QFont bold = QFont();
  bold.setBold(true);
  painter.setFont(bold);
  painter.setPen(theme.text());
  painter.drawText(where.adjusted(12, 6, -12, 0), Qt::AlignLeft,
                   QString::fromStdString(spec.title));
  painter.setFont(QFont());
  const QRectF body = where.adjusted(4, titleHeight, -4, -2 * noteHeight);
  if (spec.isPainted())
    paintPlot(spec, theme, painter, body, window);
  else
    drawChart(summary, window, theme, painter, body);
  QString text = QString::fromStdString(spec.explanation);
  for (const std::string& note : notesOf(*summary)) text += " · " + QString::fromStdString(note);
  painter.setPen(theme.muted());
  painter.drawText(QRectF(where.left() + 12, where.bottom() - 2 * noteHeight, where.width() - 24,
                          2 * noteHeight),
                   Qt::AlignLeft | Qt::TextWordWrap, text);
}

QString exportPlot(const PlotSpec& spec, const QString& path, const Theme& theme,
                   const std::optional<PlotWindow>& seen) {
  const Picture picture{spec, theme, seen};
  QByteArray bytes;
  if (path.endsWith(".png"))
    bytes = pngOf(picture);
  else if (path.endsWith(".svg"))
    bytes = svgOf(picture);
  else if (path.endsWith(".pdf"))
    bytes = pdfOf(picture);
  else if (path.endsWith(".csv"))
    bytes = QByteArray::fromStdString(toCsv(spec.table));
  else
    return path + ": the name must end in .png, .svg, .pdf or .csv";
  const QString wrong = written(bytes, path);
  return wrong.isEmpty() ? wrong : path + ": cannot be written: " + wrong;
}

}  // namespace evenkeel::gui
