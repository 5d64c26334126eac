// Makes what Compare shows beside the window: the chosen view of a study, its verdicts and all of
// its plots. While one is made, only the latest wish is kept for the next.
#pragma once

#include <QObject>
#include <memory>
#include <optional>

#include "gui/data/plot_spec.h"
#include "gui/data/study_choice.h"

namespace evenkeel::gui {

struct ComparisonWish {
  std::shared_ptr<const StudyData> study = {};
  StudyChoice choice = {};
  std::string metric = {};
};

struct ComparisonVerdicts {
  std::shared_ptr<const StudyData> chosen = {};
  Table table = {};
};

struct ComparisonPlots {
  std::vector<PlotSpec> declared = {};  // by the scenario
  std::vector<PlotSpec> others = {};
};

class ComparisonMaker : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;

  void want(ComparisonWish wish);
  bool isBusy() const { return isMaking_; }

 signals:
  /// First the verdicts, then the plots, of the same wish.
  void verdictsMade(const evenkeel::gui::ComparisonVerdicts& verdicts);
  void plotsMade(const evenkeel::gui::ComparisonPlots& plots);

 private:
  void start(ComparisonWish wish);
  void finish();

  bool isMaking_ = false;
  std::optional<ComparisonWish> next_;
};

/// All that is drawn, with the axes that it has where all variants are shown.
ComparisonPlots plotsOf(const ComparisonWish& wish);

}  // namespace evenkeel::gui
