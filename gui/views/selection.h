// What the reader looks at: which variants and classes of requests are spoken of, one run, nodes in
// it, an instant, a range of time, a request. All views follow the one selection, and it has a past
// to go back to.
#pragma once

#include <QObject>
#include <QStringList>
#include <cstdint>
#include <optional>
#include <vector>

#include "gui/data/run_plots.h"
#include "gui/data/study_choice.h"

namespace evenkeel::gui {

struct Selected {
  StudyChoice choice = {};
  std::size_t variant = 0;  // whose run is looked at
  std::size_t run = 0;
  QStringList nodes = {};
  double atSeconds = no_value;
  TimeRange range = {};  // brushed: what the plots of a run speak of
  std::optional<std::uint64_t> request = {};
  int view = 0;

  bool isSame(const Selected& other) const;
  /// Of the kept requests those of these nodes, classes and this range.
  RequestChoice requests() const;
};

class Selection : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;

  const Selected& now() const { return now_; }
  void set(const Selected& selected);
  /// As set(), but without a step in the past: for what moves with the pointer.
  void follow(const Selected& selected);
  /// The run and the view stay.
  void clear();
  bool canGoBack() const { return !past_.empty(); }
  bool canGoForward() const { return !future_.empty(); }

 public slots:
  void back();
  void forward();

 signals:
  void changed();

 private:
  Selected now_;
  std::vector<Selected> past_;
  std::vector<Selected> future_;
};

}  // namespace evenkeel::gui
