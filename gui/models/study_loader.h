// Reads result files beside the window, which goes on living: first the scalars, then the rest.
#pragma once

#include <QObject>
#include <memory>

#include "gui/data/study_data.h"

namespace evenkeel::gui {

class StudyLoader : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;
  ~StudyLoader() override;

  enum class Reads { scalars, all };
  /// An open that came later makes what an earlier one still reads worthless.
  void open(const QString& path, Reads reads = Reads::all);
  void openRun(std::shared_ptr<const StudyData> data, std::size_t variant, std::size_t run);
  bool isBusy() const { return pending_ > 0; }

 signals:
  void opened(std::shared_ptr<const StudyData> data);  // the scalars; then all, if wanted
  void runOpened(std::shared_ptr<const RunResult> run, std::size_t variant, std::size_t number);
  void failed(const QString& what);

 private:
  int ticket_ = 0;
  int pending_ = 0;
};

}  // namespace evenkeel::gui
