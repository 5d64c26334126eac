// How long the runs of a study took, so that it can be said how long the next ones may take.
#pragma once

#include <string>

#include "gui/data/study_data.h"

namespace evenkeel::gui {

/// Seconds of real time that a run took for each second of its scenario, as a mean over the runs;
/// NaN if there are none.
double measuredSpeed(const StudyData& data);

/// The same of a file, which may have many runs; NaN also where the file cannot be read, or is
/// about a scenario of another name.
double measuredSpeed(const std::string& path, const std::string& scenario);

}  // namespace evenkeel::gui
