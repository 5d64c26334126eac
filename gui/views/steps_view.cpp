#include "gui/views/steps_view.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include "gui/data/trace_plots.h"
#include "gui/models/program.h"
#include "gui/models/table_model.h"
#include "gui/plots/plot_widget.h"
#include "models/runtime/user_error.h"
#include "sim/report/format.h"

namespace evenkeel::gui {
namespace {

constexpr double soonSeconds = 5;  // a run that took no longer is repeated unasked

}  // namespace

StepsView::StepsView(QWidget* parent)
    : QWidget(parent),
      status_(new QLabel),
      follow_(new QPushButton("Follow it (Ctrl+T)")),
      plot_(new PlotWidget),
      seats_(new QTableView),
      model_(new TableModel(this)) {
  status_->setObjectName("steps status");
  status_->setWordWrap(true);
  follow_->setObjectName("follow");
  seats_->setModel(model_);
  seats_->setObjectName("seats");
  seats_->setAccessibleName("What each node of the multi-party computations sent and learned");
  seats_->verticalHeader()->hide();
  seats_->horizontalHeader()->setStretchLastSection(true);
  seats_->setMaximumHeight(190);
  auto* head = new QHBoxLayout;
  head->addWidget(status_, 1);
  head->addWidget(follow_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addLayout(head);
  layout->addWidget(plot_, 1);
  layout->addWidget(seats_);
  connect(follow_, &QPushButton::clicked, this, &StepsView::follow);
  offerNothing();
}

void StepsView::offer(const Wanted& wanted) {
  if (wanted_ && wanted_->isSame(wanted)) return;
  offerNothing();
  wanted_ = wanted;
  refresh();
  if (wanted.wallSeconds <= soonSeconds) return follow();
  say(QString("Its run is repeated to follow it, which takes up to about %1.")
          .arg(QString::fromStdString(report::time(wanted.wallSeconds))),
      true);
}

void StepsView::offerNothing() {
  stop();
  const bool had = trace_.has_value();
  wanted_.reset();
  trace_.reset();
  say({}, false);
  refresh();
  if (had) emit changed();
}

void StepsView::follow() {
  if (!wanted_ || isBusy() || trace_) return;
  say(QString("Following request %1 …").arg(wanted_->request), false);
  process_ = askProgram(
      this,
      {"trace", wanted_->file, QString::number(wanted_->request), "--run",
       QString::number(wanted_->run), "--json"},
      {}, [this](const ProgramAnswer& answer) {
        process_.clear();
        if (answer.code == 0) return take(answer.output);
        say("It cannot be followed: " + (answer.errors.isEmpty() ? QString("the program crashed")
                                                                 : answer.errors.trimmed()),
            true);
      });
}

/// Its answer is no longer wanted.
void StepsView::stop() {
  if (process_.isNull()) return;
  process_->disconnect();
  process_->kill();
  process_->deleteLater();
  process_.clear();
}

void StepsView::take(const QByteArray& output) {
  try {
    trace_ = parse_request_trace({output.constData(), static_cast<std::size_t>(output.size())});
  } catch (const UserError& error) {
    return say(QString("It cannot be shown: ") + error.what(), true);
  }
  say(wanted_->variant, false);
  refresh();
  emit changed();
}

void StepsView::say(const QString& what, bool canFollow) {
  status_->setText(what);
  status_->setVisible(!what.isEmpty());
  follow_->setVisible(canFollow);
}

void StepsView::refresh() {
  setVisible(wanted_.has_value());
  plot_->setVisible(trace_.has_value());
  Table seats = trace_ ? seatsTable(*trace_) : Table{};
  seats_->setVisible(!seats.rows.empty());
  model_->show(std::move(seats));
  seats_->resizeColumnsToContents();
  if (!trace_) return;
  PlotSpec spec = stepsPlot(*trace_, std::max(atLeastSeconds_, stepsUntil(*trace_)));
  spec.command = QString("evenkeel trace %1 %2 --run %3")
                     .arg(wanted_->file)
                     .arg(wanted_->request)
                     .arg(wanted_->run)
                     .toStdString();
  plot_->show(std::move(spec), theme_);
}

void StepsView::setTheme(const Theme& theme) {
  theme_ = theme;
  refresh();
}

void StepsView::showAtLeast(double seconds) {
  if (seconds == std::exchange(atLeastSeconds_, seconds)) return;
  refresh();
}

QString StepsView::status() const { return status_->text(); }

}  // namespace evenkeel::gui
