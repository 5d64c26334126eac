#include "gui/plots/plot_widget.h"

#include <QApplication>
#include <QBoxPlotSeries>
#include <QChartView>
#include <QClipboard>
#include <QFileDialog>
#include <QGraphicsLineItem>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QHorizontalStackedBarSeries>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QToolTip>
#include <QXYSeries>
#include <cmath>

#include "gui/models/table_model.h"
#include "gui/plots/chart_axes.h"
#include "gui/plots/chart_plot.h"
#include "gui/plots/painted_view.h"
#include "gui/plots/plot_export.h"
#include "sim/report/format.h"

namespace evenkeel::gui {
namespace {

QToolButton* button(const QString& text, const QString& tip) {
  auto* result = new QToolButton;
  result->setText(text);
  result->setToolTip(tip);
  result->setAccessibleName(tip);
  result->setAutoRaise(true);
  result->setFocusPolicy(Qt::TabFocus);
  return result;
}

}  // namespace

PlotWidget::PlotWidget(QWidget* parent)
    : QFrame(parent),
      title_(new QLabel),
      explanation_(new QLabel),
      log_(button("log", "Log axis (L)")),
      stack_(new QStackedWidget),
      chart_(new QChartView),
      painted_(new PaintedView),
      table_(new QTableView),
      model_(new TableModel(this)) {
  setFocusPolicy(Qt::StrongFocus);
  setAutoFillBackground(true);
  setBackgroundRole(QPalette::Base);
  setMinimumSize(420, 280);
  QFont bold = title_->font();
  bold.setBold(true);
  title_->setFont(bold);
  explanation_->setWordWrap(true);
  explanation_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  chart_->setFrameShape(QFrame::NoFrame);
  chart_->setRenderHint(QPainter::Antialiasing);
  table_->setModel(model_);
  table_->setAlternatingRowColors(true);
  table_->verticalHeader()->hide();
  auto* tableButton = button("table", "Table or plot (T)");
  auto* exportButton = button("export", "Export as PNG, SVG, PDF or CSV (Ctrl+E)");
  auto* commandButton = button("command", "Copy the command that gives these numbers");
  auto* head = new QHBoxLayout;
  head->addWidget(title_, 1);
  for (QToolButton* one : {log_, tableButton, exportButton, commandButton}) head->addWidget(one);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(10, 6, 6, 8);
  layout->setSpacing(2);
  layout->addLayout(head);
  layout->addWidget(stack_, 1);
  layout->addWidget(explanation_);
  for (QWidget* page : {static_cast<QWidget*>(chart_), static_cast<QWidget*>(painted_),
                        static_cast<QWidget*>(table_)})
    stack_->addWidget(page);
  connect(log_, &QToolButton::clicked, this, &PlotWidget::toggleLog);
  connect(tableButton, &QToolButton::clicked, this, &PlotWidget::toggleTable);
  connect(exportButton, &QToolButton::clicked, this, &PlotWidget::exportPicture);
  connect(commandButton, &QToolButton::clicked, this,
          [this] { QApplication::clipboard()->setText(QString::fromStdString(spec_.command)); });
  connect(painted_, &PaintedView::pointed, this, [this](double x, int) { emit pointed(x, 0); });
  connect(painted_, &PaintedView::clicked, this, [this](double x, int row) {
    const auto place = static_cast<std::size_t>(row);
    const auto& rows = spec_.cells.rows.empty() ? spec_.y.categories : spec_.cells.rows;
    if (place < rows.size()) emit rowClicked(QString::fromStdString(rows[place]), x);
  });
}

void PlotWidget::show(PlotSpec spec, const Theme& theme) {
  const bool keepsTable = showsTable();
  spec_ = std::move(spec);
  theme_ = theme;
  setObjectName("plot-" + QString::fromStdString(spec_.id));
  setAccessibleName(QString::fromStdString(spec_.title));
  setAccessibleDescription(QString::fromStdString(spec_.explanation));
  title_->setText(QString::fromStdString(spec_.title));
  model_->show(spec_.table);
  table_->resizeColumnsToContents();
  table_->setAccessibleName(QString::fromStdString(spec_.title + ", as a table"));
  rebuild();
  if (keepsTable) stack_->setCurrentWidget(table_);
}

void PlotWidget::rebuild() {
  std::vector<std::string> notes = spec_.notes;
  log_->setVisible(spec_.x.mayBeLogarithmic || spec_.y.mayBeLogarithmic);
  const bool hadTable = showsTable();
  if (spec_.isPainted()) {
    painted_->show(&spec_, theme_);
    stack_->setCurrentWidget(painted_);
  } else {
    builtFor_ = chart_->width();
    QChart* old = chart_->chart();
    QChart* made = makeChart(spec_, theme_, builtFor_, notes);
    chart_->setChart(made);
    cursor_ = nullptr;
    delete old;
    chart_->setBackgroundBrush(theme_.ground());
    listen(made);
    cursor_ = new QGraphicsLineItem(made);
    cursor_->setPen(QPen(QColor("#ff3b30"), 1.5));
    cursor_->setZValue(100);
    connect(made, &QChart::plotAreaChanged, this, &PlotWidget::placeCursor);
    placeCursor();
    stack_->setCurrentWidget(chart_);
  }
  if (hadTable) stack_->setCurrentWidget(table_);
  QString text = QString::fromStdString(spec_.explanation).toHtmlEscaped();
  for (const std::string& note : notes)
    text += QString(" <b>%1.</b>").arg(QString::fromStdString(note).toHtmlEscaped());
  explanation_->setText(text);
}

/// Tooltips and clicks of a chart's series.
void PlotWidget::listen(QChart* chart) {
  const auto valueOf = [this](const QPointF& at) {
    return QPointF(fromAxis(spec_.x, at.x()), fromAxis(spec_.y, at.y()));
  };
  for (QAbstractSeries* series : chart->series()) {
    auto* points = qobject_cast<QXYSeries*>(series);
    if (points == nullptr) continue;
    connect(points, &QXYSeries::hovered, this, [=, this](const QPointF& place, bool entered) {
      if (!entered || points->name().isEmpty()) return QToolTip::hideText();
      const QPointF at = valueOf(place);
      const bool rows = !spec_.y.categories.empty();
      const QString x = QString::fromStdString(report::plain(at.x()) + " " + spec_.x.label);
      const QString y = QString::fromStdString(report::plain(at.y()) + " " + spec_.y.label);
      QToolTip::showText(QCursor::pos(),
                         rows ? points->name() + ": " + x : points->name() + ": " + y + "\n" + x);
      emit pointed(at.x(), at.y());
    });
    connect(points, &QXYSeries::clicked, this, [=, this](const QPointF& place) {
      const QPointF at = valueOf(place);
      emit clicked(at.x(), at.y(), points->name());
    });
  }
}

bool PlotWidget::showsTable() const { return stack_->currentWidget() == table_; }

QString PlotWidget::notes() const { return explanation_->text(); }

void PlotWidget::toggleTable() {
  if (!showsTable()) return stack_->setCurrentWidget(table_);
  stack_->setCurrentWidget(spec_.isPainted() ? static_cast<QWidget*>(painted_)
                                             : static_cast<QWidget*>(chart_));
}

void PlotWidget::toggleLog() {
  PlotAxis& axis = spec_.y.mayBeLogarithmic ? spec_.y : spec_.x;
  if (!axis.mayBeLogarithmic) return;
  axis.logarithmic = !axis.logarithmic;
  rebuild();
}

void PlotWidget::exportPicture() {
  const QString path =
      QFileDialog::getSaveFileName(this, "Export", QString::fromStdString(spec_.id) + ".png",
                                   "Picture (*.png);;Drawing (*.svg);;Page (*.pdf);;Table (*.csv)");
  if (path.isEmpty()) return;
  const QString wrong = exportPlot(spec_, path);
  if (!wrong.isEmpty()) QMessageBox::warning(this, "Not exported", wrong);
}

void PlotWidget::setCursorAt(double value) {
  cursorAt_ = value;
  painted_->setCursorAt(value);
  placeCursor();
}

/// On a chart it is a line over the plot's area.
void PlotWidget::placeCursor() {
  if (cursor_ == nullptr || spec_.isPainted()) return;
  const QRectF area = chart_->chart()->plotArea();
  const double x = chart_->chart()->mapToPosition(QPointF(onAxis(spec_.x, cursorAt_), 0)).x();
  const bool isVisible = !std::isnan(cursorAt_) && x >= area.left() && x <= area.right();
  cursor_->setVisible(isVisible);
  if (isVisible) cursor_->setLine(x, area.top(), x, area.bottom());
}

void PlotWidget::resizeEvent(QResizeEvent* event) {
  QFrame::resizeEvent(event);
  // A wider picture can show more points; of small data nothing would change.
  const bool isLarge = std::ranges::any_of(spec_.curves, [this](const PlotCurve& curve) {
    return curve.points.size() > static_cast<std::size_t>(builtFor_);
  });
  if (isLarge && !spec_.isPainted() && chart_->width() > builtFor_ * 5 / 4) rebuild();
}

void PlotWidget::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_T) return toggleTable();
  if (event->key() == Qt::Key_L) return toggleLog();
  if (event->matches(QKeySequence::Copy))
    return QApplication::clipboard()->setText(QString::fromStdString(toCsv(spec_.table)));
  if (event->key() == Qt::Key_E && event->modifiers() == Qt::ControlModifier)
    return exportPicture();
  QFrame::keyPressEvent(event);
}

}  // namespace evenkeel::gui
