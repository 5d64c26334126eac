// Watermarks: up to which event time a stream is taken to be complete.
//
// Of a source: its greatest event time less a bound, since its events come out of order by less
// than that. Of an operator: the least of its sources', without those that sent nothing for a
// while.
#pragma once

#include <map>
#include <optional>

#include "models/runtime/message.h"
#include "models/runtime/node_id.h"
#include "models/runtime/time.h"

namespace evenkeel {

struct WatermarkSettings {
  Duration bound = seconds(5);        // how far events may be out of order, in event time
  Duration idle_after = seconds(30);  // a source silent for so long holds nobody up
};

/// The watermark never goes back. Where all sources are idle it stands at the greatest of theirs:
/// each of them was waited for.
class Watermarks {
 public:
  explicit Watermarks(const WatermarkSettings& settings) : settings_(settings) {}

  /// From now on it is waited for. `greatest`: of event times that it sent before.
  void add(NodeId source, Time now, std::optional<Time> greatest = {});
  /// An event of the source came.
  void saw(NodeId source, Time event, Time now);
  /// Nothing is known of the start: then no event is late.
  std::optional<Time> advance(Time now);
  std::optional<Time> current() const { return current_; }
  /// For whoever continues what was interrupted.
  void restore(std::optional<Time> current) { current_ = current; }
  std::optional<Time> greatest(NodeId source) const;
  bool is_idle(NodeId source, Time now) const;

 private:
  struct Source {
    std::optional<Time> greatest;
    Time heard{};
  };

  WatermarkSettings settings_;
  std::map<NodeId, Source> sources_;
  std::optional<Time> current_;
};

}  // namespace evenkeel
