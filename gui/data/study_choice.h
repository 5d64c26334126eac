// What of a study is spoken of: some of its variants, some classes of its requests. What was chosen
// of a study is a study again, so that a plot draws it without knowing that something was left out.
#pragma once

#include <memory>
#include <set>

#include "gui/data/plot_spec.h"
#include "gui/data/study_data.h"

namespace evenkeel::gui {

struct StudyChoice {
  std::set<std::size_t> variants = {};  // positions; empty: all
  std::set<std::string> classes = {};   // names; empty: all

  bool operator==(const StudyChoice&) const = default;
  bool holds(std::size_t variant) const { return variants.empty() || variants.contains(variant); }
};

/// Of all runs, in the order in which they are met.
std::vector<std::string> classesOf(const StudyData& data);

/// Without what the study has not; all of something is none.
StudyChoice within(StudyChoice choice, const StudyData& data);

/// Variants that are not chosen keep their place, and with it their ink and their part in scales
/// and verdicts: they are not shown. Of classes that are not chosen nothing is left, but what no
/// run knows by class (loads, energy, bytes). The same study where all is chosen.
std::shared_ptr<const StudyData> chosenOf(std::shared_ptr<const StudyData> data,
                                          const StudyChoice& choice);

/// Percentiles of several classes together are those of their histograms, which the run must have;
/// of one they are as the run has them.
RunResult ofClasses(RunResult run, const std::set<std::string>& classes);

/// "ask and peek", "ask, peek and 3 more".
std::string listed(const std::set<std::string>& names);

/// Says of which classes it is, or that it cannot tell them apart.
void noteClasses(const std::set<std::string>& classes, PlotSpec& spec);

/// Whether a metric of metric_named() is known of each class.
bool isByClass(const std::string& metric);

}  // namespace evenkeel::gui
