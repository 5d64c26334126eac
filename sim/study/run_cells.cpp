#include "sim/study/run_cells.h"

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <set>

#include "sim/study/finished_runs.h"
#include "sim/study/shared_shares.h"
#include "sim/study/time_left.h"

namespace evenkeel {
namespace {

constexpr int poll_ms = 200;
constexpr double least_step = 0.01;  // that is told of a run

class Runner {
 public:
  explicit Runner(const RunCells& study)
      : study_(study),
        finished_(study.out),
        shares_(study.cells.size()),
        time_left_(static_cast<std::size_t>(study.jobs)) {
    finished_.recover([&](const RunKey& key) { return is_wanted(key); });
    const ResultFile file(study_.out, ResultFile::Mode::write);
    for (std::size_t i = 0; i < study_.cells.size(); ++i)
      file.has_run(study_.cells[i].key) ? study_.on_cell(i, CellState::kept)
                                        : missing_.push_back(i);
    outcome_.progress.all = study_.cells.size();
    outcome_.progress.kept = study_.cells.size() - missing_.size();
    for (const std::size_t cell : missing_) time_left_.waits(study_.cells[cell].variant);
  }

  CellsOutcome run() {
    while (next_ < missing_.size() || !running_.empty()) {
      if (study_.is_stopped()) {
        outcome_.stopped = true;
        break;
      }
      fill();
      look_at_shares();
      report();
      wait();
      collect();
    }
    running_.clear();
    told_.clear();
    merge_all();
    report();
    std::ranges::sort(outcome_.failures, {}, &CellFailure::cell);
    return std::move(outcome_);
  }

 private:
  bool is_wanted(const RunKey& key) const {
    return std::ranges::any_of(study_.cells, [&](const Cell& cell) {
      return cell.key.scenario_hash == key.scenario_hash && cell.key.seed == key.seed &&
             cell.key.chosen == key.chosen && cell.key.version == key.version;
    });
  }

  void fill() {
    while (next_ < missing_.size() && running_.size() < static_cast<std::size_t>(study_.jobs)) {
      const std::size_t cell = missing_[next_++];
      running_[cell] = std::make_unique<ChildProcess>([this, cell] { run_one(cell); });
      time_left_.starts(cell, study_.cells[cell].variant, study_.now_s());
      study_.on_cell(cell, CellState::started);
    }
  }

  /// In the child.
  void run_one(std::size_t number) {
    const Cell& cell = study_.cells[number];
    RunResult result =
        study_.run(cell, [this, number](double share) { shares_.set(number, share); });
    result.scenario_hash = cell.key.scenario_hash;
    result.seed = cell.key.seed;
    result.chosen = cell.key.chosen;
    result.version = cell.key.version;
    finished_.put(number, result);
  }

  void look_at_shares() {
    for (const auto& [cell, child] : running_) {
      const double share = shares_.of(cell);
      if (share < told_[cell] + least_step) continue;
      told_[cell] = share;
      time_left_.reaches(cell, share, study_.now_s());
      study_.on_share(cell, share);
    }
  }

  void wait() const {
    std::vector<pollfd> descriptors;
    for (const auto& [cell, child] : running_)
      descriptors.push_back({.fd = child->descriptor(), .events = POLLIN, .revents = 0});
    ::poll(descriptors.data(), descriptors.size(), poll_ms);
  }

  void collect() {
    for (auto child = running_.begin(); child != running_.end();) {
      if (!child->second->has_ended()) {
        ++child;
        continue;
      }
      const ChildEnd end = child->second->end();
      if (end.is_fine())
        unmerged_.insert(child->first);
      else
        outcome_.failures.push_back({child->first, end});
      told_.erase(child->first);
      time_left_.ends(child->first, end.is_fine(), study_.now_s());
      study_.on_cell(child->first, end.is_fine() ? CellState::finished : CellState::failed);
      ++outcome_.progress.done;
      child = running_.erase(child);
    }
    merge_in_order();
  }

  void merge_in_order() {
    std::size_t first_open = next_ < missing_.size() ? missing_[next_] : study_.cells.size();
    if (!running_.empty()) first_open = std::min(first_open, running_.begin()->first);
    while (!unmerged_.empty() && *unmerged_.begin() < first_open) merge_first();
  }

  void merge_all() {
    while (!unmerged_.empty()) merge_first();
  }

  void merge_first() {
    finished_.merge(*unmerged_.begin());
    unmerged_.erase(unmerged_.begin());
  }

  void report() {
    outcome_.progress.running = running_.size();
    outcome_.progress.underway = 0;
    for (const auto& [cell, share] : told_) outcome_.progress.underway += share;
    outcome_.progress.left_s = time_left_.seconds(study_.now_s());
    study_.on_progress(outcome_.progress);
  }

  const RunCells& study_;
  FinishedRuns finished_;
  SharedShares shares_;
  TimeLeft time_left_;
  std::vector<std::size_t> missing_;  // rising
  std::size_t next_ = 0;              // of `missing_`: the first not started
  std::map<std::size_t, std::unique_ptr<ChildProcess>> running_;
  std::map<std::size_t, double> told_;  // of those that run: what share is over
  std::set<std::size_t> unmerged_;
  CellsOutcome outcome_;
};

}  // namespace

double steady_now_s() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

CellsOutcome run_cells(const RunCells& study) { return Runner{study}.run(); }

}  // namespace evenkeel
