#include "gui/plots/plot_widget.h"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMessageBox>
#include <QPointer>
#include <QStackedWidget>
#include <QTableView>
#include <QTextDocumentFragment>
#include <QThreadPool>
#include <QToolButton>

#include "gui/models/table_model.h"
#include "gui/plots/chart_view.h"
#include "gui/plots/painted_view.h"
#include "gui/plots/plot_accessible.h"
#include "gui/plots/plot_export.h"
#include "gui/plots/plot_gestures.h"

namespace evenkeel::gui {
namespace {

constexpr std::size_t manyPoints = 20'000;  // gathered on another thread

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
      spec_(std::make_shared<PlotSpec>()),
      title_(new QLabel),
      explanation_(new QLabel),
      whole_(button("all", "Show all of the plot (0)")),
      log_(button("log", "Log axis (L; of x Shift+L)")),
      stack_(new QStackedWidget),
      chart_(new ChartView),
      painted_(new PaintedView),
      onChart_(addSurface(chart_, chart_)),
      onPainted_(addSurface(painted_, painted_)),
      table_(new QTableView),
      model_(new TableModel(this)) {
  makePlotsAccessible();
  setFocusPolicy(Qt::StrongFocus);
  setAutoFillBackground(true);
  setBackgroundRole(QPalette::Base);
  setMinimumSize(420, 280);
  QFont bold = title_->font();
  bold.setBold(true);
  title_->setFont(bold);
  explanation_->setWordWrap(true);
  explanation_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  table_->setModel(model_);
  table_->setAlternatingRowColors(true);
  table_->verticalHeader()->hide();
  stack_->addWidget(table_);
  makeHead();
}

void PlotWidget::makeHead() {
  auto* tableButton = button("table", "Table or plot (T)");
  auto* exportButton = button("export", "Export as PNG, SVG, PDF or CSV (Ctrl+E)");
  auto* commandButton = button("command", "Copy the command that gives these numbers");
  auto* head = new QHBoxLayout;
  head->addWidget(title_, 1);
  for (QToolButton* one : {whole_, log_, tableButton, exportButton, commandButton})
    head->addWidget(one);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(10, 6, 6, 8);
  layout->setSpacing(2);
  layout->addLayout(head);
  layout->addWidget(stack_, 1);
  layout->addWidget(explanation_);
  connect(whole_, &QToolButton::clicked, this, &PlotWidget::showWhole);
  connect(log_, &QToolButton::clicked, this, [this] { toggleLog(); });
  connect(tableButton, &QToolButton::clicked, this, &PlotWidget::toggleTable);
  connect(exportButton, &QToolButton::clicked, this, &PlotWidget::exportPicture);
  connect(commandButton, &QToolButton::clicked, this,
          [this] { QApplication::clipboard()->setText(QString::fromStdString(spec_->command)); });
}

void PlotWidget::show(PlotSpec spec, const Theme& theme) {
  theme_ = theme;
  const bool isSame = spec.id == spec_->id && spec.x.logarithmic == spec_->x.logarithmic &&
                      spec.y.logarithmic == spec_->y.logarithmic;
  adopt(std::make_shared<const PlotSpec>(std::move(spec)));
  gather(isSame);
}

void PlotWidget::showLater(std::function<PlotSpec()> make, const Theme& theme) {
  theme_ = theme;
  const int number = ++gathering_;
  isGathering_ = true;
  explain();
  QPointer<PlotWidget> self(this);  // looked at on this thread only
  QThreadPool::globalInstance()->start([make = std::move(make), self, number] {
    auto spec = std::make_shared<const PlotSpec>(make());
    auto summary = std::make_shared<const PlotSummary>(spec);
    QMetaObject::invokeMethod(qApp, [self, spec, summary, number] {
      if (!self || self->gathering_ != number) return;
      const bool isSame = spec->id == self->spec_->id;
      self->adopt(spec);
      self->take(summary, isSame);
    });
  });
}

/// All but the picture.
void PlotWidget::adopt(std::shared_ptr<const PlotSpec> spec) {
  spec_ = std::move(spec);
  setObjectName("plot-" + QString::fromStdString(spec_->id));
  setAccessibleName(QString::fromStdString(spec_->title));
  title_->setText(QString::fromStdString(spec_->title));
  model_->show(spec_->table);
  table_->resizeColumnsToContents();
  table_->setAccessibleName(QString::fromStdString(spec_->title + ", as a table"));
  log_->setVisible(spec_->x.mayBeLogarithmic || spec_->y.mayBeLogarithmic);
  onChart_->setMayRange(spec_->isOverTime);
  onPainted_->setMayRange(spec_->isOverTime);
}

/// Extremes of many points are looked for on another thread; what was shown stays until then.
void PlotWidget::gather(bool keepsWindow) {
  const int number = ++gathering_;
  if (pointsOf(*spec_) <= manyPoints)
    return take(std::make_shared<const PlotSummary>(spec_), keepsWindow);
  isGathering_ = true;
  explain();
  QPointer<PlotWidget> self(this);
  QThreadPool::globalInstance()->start([spec = spec_, self, number, keepsWindow] {
    auto summary = std::make_shared<const PlotSummary>(spec);
    QMetaObject::invokeMethod(qApp, [self, summary, number, keepsWindow] {
      if (self && self->gathering_ == number) self->take(summary, keepsWindow);
    });
  });
}

void PlotWidget::take(std::shared_ptr<const PlotSummary> summary, bool keepsWindow) {
  isGathering_ = false;
  summary_ = std::move(summary);
  viewport_.setWhole(wholeOf(*summary_), keepsWindow);
  const bool hadTable = showsTable() && model_->rowCount() > 0;
  if (spec_->isPainted())
    painted_->show(spec_, theme_);
  else
    chart_->show(summary_, theme_);
  if (!hadTable)
    stack_->setCurrentWidget(spec_->isPainted() ? static_cast<QWidget*>(painted_) : chart_);
  explain();
  showWindow();
}

void PlotWidget::explain() {
  QString text = QString::fromStdString(spec_->explanation).toHtmlEscaped();
  if (!isReady())
    text += " <b>Gathering its points …</b>";
  else
    for (const std::string& note : notesOf(*summary_))
      text += QString(" <b>%1</b>").arg(QString::fromStdString(note).toHtmlEscaped());
  explanation_->setText(text);
  setAccessibleDescription(QTextDocumentFragment::fromHtml(text).toPlainText());
}

PlotSurface* PlotWidget::surface() const {
  return spec_->isPainted() ? static_cast<PlotSurface*>(painted_) : chart_;
}

void PlotWidget::showWindow() {
  surface()->showWindow(viewport_.seen());
  whole_->setVisible(!viewport_.isWhole());
  placeCursor();
}

void PlotWidget::showWhole() {
  viewport_.reset();
  showWindow();
}

bool PlotWidget::showsTable() const { return stack_->currentWidget() == table_; }

QString PlotWidget::notes() const { return explanation_->text(); }

void PlotWidget::toggleTable() {
  QWidget* const picture = spec_->isPainted() ? static_cast<QWidget*>(painted_) : chart_;
  stack_->setCurrentWidget(showsTable() ? picture : table_);
}

void PlotWidget::toggleLog(bool ofX) {
  PlotSpec other = *spec_;
  PlotAxis& axis =
      other.y.mayBeLogarithmic && !(ofX && other.x.mayBeLogarithmic) ? other.y : other.x;
  if (!axis.mayBeLogarithmic) return;
  axis.logarithmic = !axis.logarithmic;
  spec_ = std::make_shared<const PlotSpec>(std::move(other));
  gather(false);
}

void PlotWidget::exportPicture() {
  const QString path =
      QFileDialog::getSaveFileName(this, "Export", QString::fromStdString(spec_->id) + ".png",
                                   "Picture (*.png);;Drawing (*.svg);;Page (*.pdf);;Table (*.csv)");
  if (path.isEmpty()) return;
  const QString wrong = exportPlot(*spec_, path, Theme::light(), viewport_.seen());
  if (!wrong.isEmpty()) QMessageBox::warning(this, "Not exported", wrong);
}

}  // namespace evenkeel::gui
