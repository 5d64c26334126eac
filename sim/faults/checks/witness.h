// Sees what no node sees: what every client asked and what came back, in the world's own time. In
// virtual time all nodes live in one process, so operations tell it directly; it costs no message
// and changes nothing in the run. What it saw is judged by the invariants (invariant.h).
//
// Bounded: beyond `most_operations` nothing more is noted, and `is_cut` says so.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sim/faults/checks/final_state.h"
#include "sim/faults/checks/history.h"
#include "sim/faults/checks/windows.h"

namespace evenkeel {

/// What is promised of all keys of one space (a table, say); what is not promised is not judged.
struct Promises {
  bool linearizable = false;
  bool read_your_writes = false;
  bool monotonic_reads = false;
  std::optional<Duration> staleness = {};
  bool durable = true;  // no acknowledged write is lost, nothing deleted comes back
};

/// A promise that was broken.
struct Violation {
  std::string invariant = {};
  Time at{};                 // when it showed
  std::string subject = {};  // which key, file, partition or query
  std::string why = {};
  std::vector<std::string> proof = {};  // the few operations that show it
};

class Witness {
 public:
  static constexpr std::size_t most_operations = 5'000'000;
  static constexpr std::size_t most_violations = 1000;

  /// An operation that is under way; default: one that is not noted.
  struct Ticket {
    std::uint32_t key = 0;
    std::uint32_t operation = 0;
    bool is_noted = false;
  };
  /// Bytes as text; nothing: no such value, as after a remove.
  using Content = std::optional<std::string_view>;

  /// Before the first operation on the space. The default promises only durability.
  void promise(const std::string& space, const Promises& promises) { promises_[space] = promises; }

  /// `at` is the world's time. A remove is a put of nothing.
  Ticket get(std::string_view space, std::string_view key, std::uint32_t client, Time at);
  Ticket put(std::string_view space, std::string_view key, std::uint32_t client, Content value,
             Time at);
  Ticket compare_and_set(std::string_view space, std::string_view key, std::uint32_t client,
                         Content expected, Content value, Time at);
  /// It came back. What is never told is unknown.
  void got(const Ticket& ticket, Content value, Time at);
  void acknowledged(const Ticket& ticket, Time at, bool matched = true);
  /// It certainly had no effect. A timeout is no such thing.
  void refused(const Ticket& ticket);

  /// What a key holds when all has healed, by whatever way of looking: several looks are all
  /// judged.
  void found_at_end(std::string_view space, std::string_view key, Content value);
  /// From then on nothing breaks and all is mended; if not told, from the start.
  void quiet_from(Time since) { quiet_from_ = since; }
  Time quiet_from() const { return quiet_from_; }
  /// The content of each replica of one partition, in the end.
  void replicas_at_end(const std::string& partition, std::vector<ReplicaDigest> replicas);
  /// A file as it was put (acknowledged), and as it came back later: their digests.
  void file_put(const std::string& name, std::uint64_t digest) { files_[name].insert(digest); }
  void file_got(const std::string& name, std::uint64_t digest, Time at);
  /// Values by key; what is not there has none.
  using Values = std::map<std::string, std::string>;
  /// What a backup says that a space was at some instant between `from` and `to`; `what` names it.
  void backed_up(const std::string& space, const std::string& what, const Values& values, Time from,
                 Time to);
  /// At `at` the space began anew with a backup of an instant not before `cut`: how many keys lost
  /// a write that was acknowledged. Only when the run is over, and in the order of time with
  /// `backed_up`.
  std::size_t restored(const std::string& space, const Values& values, Time cut, Time at);
  /// Its place among the stream's inputs.
  std::size_t window_input(const std::string& stream, WindowedInput input) {
    inputs_[stream].push_back(std::move(input));
    return inputs_[stream].size() - 1;
  }
  /// An input that was not certain was acknowledged, or certainly not taken.
  void input_acknowledged(const std::string& stream, std::size_t place) {
    inputs_[stream][place].is_certain = true;
  }
  void input_refused(const std::string& stream, std::size_t place) {
    inputs_[stream][place].amount = 0;
  }
  void window_output(const std::string& stream, EmittedWindow output) {
    outputs_[stream].push_back(std::move(output));
  }
  /// Whoever sees a promise broken while the run goes on says so: a byte served without a grant.
  void accuse(Violation violation);

  /// Called once when the run is over, before judgement: to look at disks, say.
  void at_end(std::function<void(Witness&)> look) { looks_.push_back(std::move(look)); }
  void look_at_end();

  struct Key {
    std::string space;
    std::string key;
    History history;
    std::set<HistoryValue> found;  // at the end
    bool is_searched = false;      // has compare-and-set, or values put more than once
  };
  const std::vector<Key>& keys() const { return keys_; }
  const Promises& promises_of(const std::string& space) const;
  const std::map<std::string, std::vector<std::vector<ReplicaDigest>>>& replicas() const {
    return replicas_;
  }
  struct FileGot {
    std::string name;
    std::uint64_t digest = 0;
    Time at{};
  };
  const std::map<std::string, std::set<std::uint64_t>>& files_put() const { return files_; }
  const std::vector<FileGot>& files_got() const { return files_got_; }
  /// A key of a backup that is not what it can have been.
  struct WrongBackup {
    std::uint32_t key = 0;  // in keys()
    std::string what;
    HistoryVerdict verdict;
  };
  const std::vector<WrongBackup>& wrong_backups() const { return wrong_backups_; }
  std::size_t backups_compared() const { return backups_compared_; }
  const std::map<std::string, std::vector<WindowedInput>>& window_inputs() const { return inputs_; }
  const std::map<std::string, std::vector<EmittedWindow>>& window_outputs() const {
    return outputs_;
  }
  const std::vector<Violation>& accusations() const { return accusations_; }
  std::size_t operations() const { return operations_; }
  bool is_cut() const { return operations_ >= most_operations; }
  /// The content that a number of a history stands for, shortened for people.
  std::string shown(HistoryValue value) const;

 private:
  Ticket begin(std::string_view space, std::string_view key, Operation operation);
  std::uint32_t key_number(std::string_view space, std::string_view key);
  HistoryValue number(Content content);
  HistoryValue number_in(const Values& values, const std::string& key);
  Operation* find(const Ticket& ticket);

  std::map<std::string, Promises, std::less<>> promises_;
  std::map<std::pair<std::string, std::string>, std::uint32_t> numbers_;
  std::vector<Key> keys_;
  std::unordered_map<std::string, HistoryValue> values_;  // never iterated
  std::vector<std::string> contents_;                     // by value, shortened
  std::map<std::string, std::vector<std::vector<ReplicaDigest>>> replicas_;
  std::map<std::string, std::set<std::uint64_t>> files_;
  std::vector<FileGot> files_got_;
  std::map<std::string, std::vector<WindowedInput>> inputs_;
  std::map<std::string, std::vector<EmittedWindow>> outputs_;
  Time quiet_from_{};
  std::vector<WrongBackup> wrong_backups_;
  std::size_t backups_compared_ = 0;
  std::vector<Violation> accusations_;
  std::vector<std::function<void(Witness&)>> looks_;
  std::size_t operations_ = 0;
};

}  // namespace evenkeel
