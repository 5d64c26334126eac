#include "sim/study/recorded_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "models/runtime/user_error.h"
#include "sim/scenario/reader.h"
#include "sim/study/matrix.h"
#include "sim/study/study_hash.h"

namespace evenkeel {
namespace {

namespace fs = std::filesystem;

fs::path folder_of(const std::string& file) { return fs::absolute(fs::path{file}).parent_path(); }

StudyInfo study_of(const ResultFile& file, const RunKey& key) {
  for (StudyInfo& study : file.studies())
    if (study.scenario_hash == key.scenario_hash) return std::move(study);
  throw UserError({.file = file.path()}, "the scenario of this run is not in the file");
}

Scenario chosen_scenario(ScenarioDocument bare, const Choice& chosen) {
  for (const auto& [path, value] : chosen) bare.set(path, value, "--vary");
  return read(bare);
}

/// Of the files that any of the study's variants names, as the study's hash has them.
std::string hash_now(const ScenarioDocument& bare, const StudyInfo& study) {
  std::vector<Variation> vary;
  for (const auto& [path, values] : study.matrix) vary.push_back({.path = path, .values = values});
  std::vector<std::string> files;
  for (const Choice& chosen : combinations(vary)) {
    const Scenario variant = chosen_scenario(bare, chosen);
    files.insert(files.end(), variant.files.begin(), variant.files.end());
  }
  return study_hash(bare, std::move(files));
}

}  // namespace

RecordedRun recorded_run(const ResultFile& file, std::int64_t run, const std::string& version) {
  const std::vector<std::int64_t> runs = file.runs();
  if (std::ranges::find(runs, run) == runs.end())
    throw UserError({.file = file.path()}, fmt::format("there is no run {} in it", run));
  const RunKey key = file.key(run);
  if (key.version != version)
    throw UserError({.file = file.path()},
                    fmt::format("evenkeel {} made run {}, and this is {}, which need not run "
                                "alike: run the study again",
                                key.version, run, version));
  const StudyInfo study = study_of(file, key);
  const std::string directory =
      (folder_of(file.path()) / study.directory).lexically_normal().string();
  const ScenarioDocument document =
      parse_scenario(study.scenario_text, study.name, directory, catalogues());
  if (!document.mistakes().empty()) throw ScenarioErrors(document.mistakes());
  const ScenarioDocument bare = without_comparison(document);
  if (hash_now(bare, study) != key.scenario_hash)
    throw UserError({.file = file.path()},
                    fmt::format("files that scenario '{}' names, in {}, are not what they were "
                                "when it ran: run the study again",
                                study.name, directory));
  return {chosen_scenario(bare, key.chosen), key};
}

std::string directory_seen_from(const std::string& result_file, const std::string& directory) {
  const fs::path seen = fs::absolute(directory).lexically_proximate(folder_of(result_file));
  return seen.string();
}

}  // namespace evenkeel
