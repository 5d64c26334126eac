// The result file: one SQLite file a study, with all its runs. Each run is written in one
// transaction, so that a kill at any instant loses at most the run in progress. One process may
// write while others read.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "models/sql/database.h"
#include "sim/metrics/run_result.h"

namespace evenkeel {

/// What the runs of a scenario are about.
struct StudyInfo {
  std::string scenario_hash = {};
  std::string name = {};
  std::string question = {};
  std::string scenario_text = {};
  std::map<std::string, std::vector<std::string>> matrix = {};  // path -> values compared
  std::vector<std::string> charts = {};
  std::string baseline = {};
  std::string metric = {};
  /// Of the scenario, seen from the result file's: what the files that it names are relative to.
  std::string directory = {};
};

/// The file begins as a result file does. False also for one that cannot be read.
bool looks_like_result_file(const std::string& path);

/// 32 hex digits that change whenever the text does.
std::string scenario_hash(const std::string& scenario_text);

/// Two runs with equal keys give equal results.
struct RunKey {
  std::string scenario_hash = {};
  std::uint64_t seed = 0;
  std::map<std::string, std::string> chosen = {};
  std::string version = {};
};
RunKey key_of(const RunResult& result);

/// Every member throws UserError, naming the file, if it is damaged, no result file at all, of a
/// newer format, or cannot be read or written.
class ResultFile {
 public:
  using Mode = Database::Mode;
  /// timelines: series, histograms and events too; all: requests as well.
  enum class Detail { scalars, timelines, all };

  /// `write` makes the file if there is none.
  ResultFile(const std::string& path, Mode mode);

  /// Adds what a scenario's runs are about, or replaces it.
  void put_study(const StudyInfo& study);
  std::vector<StudyInfo> studies() const;

  bool has_run(const RunKey& key) const;
  /// In one transaction. A run with the same key is replaced.
  void add_run(const RunResult& result);
  /// The numbers of all runs, in the order in which they were added.
  std::vector<std::int64_t> runs() const;
  /// Cheap: one row.
  RunKey key(std::int64_t run) const;
  /// Compares what it reads with the checksums that were written with it.
  RunResult read_run(std::int64_t run, Detail detail = Detail::all) const;

  const std::string& path() const { return database_.path(); }

 private:
  void create();
  void check_format() const;
  template <class Work>
  auto told(const Work& work) const;

  mutable Database database_;
};

}  // namespace evenkeel
