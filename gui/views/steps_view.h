// One request step by step: asks the program to repeat its run, and shows what it says.
#pragma once

#include <QPointer>
#include <QProcess>
#include <QWidget>
#include <optional>

#include "gui/plots/theme.h"
#include "sim/trace/request_trace.h"

class QLabel;
class QPushButton;
class QTableView;

namespace evenkeel::gui {

class PlotWidget;
class TableModel;

class StepsView : public QWidget {
  Q_OBJECT

 public:
  explicit StepsView(QWidget* parent = nullptr);

  /// A request of a run in a result file, which took so long.
  struct Wanted {
    QString file = {};
    std::int64_t run = 0;
    std::uint64_t request = 0;
    QString variant = {};
    double wallSeconds = 0;

    bool isSame(const Wanted& other) const {
      return file == other.file && run == other.run && request == other.request;
    }
  };
  /// Follows it at once where the run took little time, else once it is asked to.
  void offer(const Wanted& wanted);
  void offerNothing();
  void setTheme(const Theme& theme);
  /// How much time the plot shows at least, so that two beside each other have one scale.
  void showAtLeast(double seconds);

  bool isBusy() const { return !process_.isNull(); }
  const std::optional<RequestTrace>& trace() const { return trace_; }
  QString status() const;
  PlotWidget* plot() const { return plot_; }
  QTableView* seats() const { return seats_; }

 public slots:
  void follow();

 signals:
  /// There is a trace, or none any more.
  void changed();

 private:
  void stop();
  void take(const QByteArray& output);
  void say(const QString& what, bool canFollow);
  void refresh();

  std::optional<Wanted> wanted_;
  std::optional<RequestTrace> trace_;
  QPointer<QProcess> process_;
  Theme theme_ = Theme::light();
  double atLeastSeconds_ = 0;
  QLabel* status_;
  QPushButton* follow_;
  PlotWidget* plot_;
  QTableView* seats_;
  TableModel* model_;
};

}  // namespace evenkeel::gui
