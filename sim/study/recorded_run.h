// A run that a result file holds, ready to be repeated.
#pragma once

#include <string>

#include "sim/metrics/result_file.h"
#include "sim/scenario/scenario.h"

namespace evenkeel {

struct RecordedRun {
  Scenario scenario;
  RunKey key;
};

/// UserError if there is no such run, if another version of the program made it, or if files that
/// its scenario names are no longer what they were: then nothing repeats it.
RecordedRun recorded_run(const ResultFile& file, std::int64_t run, const std::string& version);

/// How a result file says where its scenario lies (StudyInfo::directory): seen from where the file
/// is, so that both may move together.
std::string directory_seen_from(const std::string& result_file, const std::string& directory);

}  // namespace evenkeel
