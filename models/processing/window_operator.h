// Puts events into the windows of their groups and tells what became of windows that are complete.
#pragma once

#include <map>

#include "models/processing/stream_spec.h"
#include "models/processing/stream_store.h"

namespace evenkeel {

/// One transaction of a job.
struct JobStep {
  std::uint64_t epoch = 0;
  std::uint64_t number = 0;
  std::uint64_t late = 0;      // counted meanwhile: events,
  std::uint64_t left_out = 0;  // values that aggregates could not use,
  std::uint64_t outputs = 0;   // windows told,
  std::uint64_t touched = 0;   // windows of events
  double ends_s = 0;           // sum of the ends of windows told
};

/// The state is all in the store; what it does wants a transaction around it, and throws SqlError.
/// An event whose windows are all behind the watermark and the allowed lateness is told as late, by
/// the watermark that held before its page: never put into a later window.
class WindowOperator {
 public:
  /// Both outlive it.
  WindowOperator(StreamStore& store, const StreamPlan& plan) : store_(store), plan_(plan) {}

  void add(NodeId source, std::uint64_t log, const std::vector<Event>& events,
           std::optional<Time> watermark, JobStep& step);
  /// Tells windows that ended by the watermark and closes those that stay as they are.
  void fire(Time watermark, JobStep& step);

 private:
  struct Live {
    OpenWindow kept;
    std::vector<std::unique_ptr<Aggregate>> states;
    bool is_touched = false;
  };
  using Group = std::map<TimeWindow, Live>;

  Group& group_at(const Blob& key);
  bool add_to(Group& group, const Blob& key, TimeWindow window, const Event& event,
              std::optional<Time> watermark, JobStep& step);
  TimeWindow merge_around(Group& group, const Blob& key, TimeWindow window, JobStep& step);
  bool is_closed(const TimeWindow& window, std::optional<Time> watermark) const;
  Live live(OpenWindow kept) const;

  StreamStore& store_;
  const StreamPlan& plan_;
  std::map<std::string, Group> groups_;  // of one page
};

}  // namespace evenkeel
