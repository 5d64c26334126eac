#include "models/processing/watermark.h"

#include <algorithm>

namespace evenkeel {

void Watermarks::add(NodeId source, Time now, std::optional<Time> greatest) {
  sources_[source] = {greatest, now};
}

void Watermarks::saw(NodeId source, Time event, Time now) {
  Source& its = sources_[source];
  its.greatest = its.greatest ? std::max(*its.greatest, event) : event;
  its.heard = now;
}

bool Watermarks::is_idle(NodeId source, Time now) const {
  const auto found = sources_.find(source);
  return found == sources_.end() || now - found->second.heard >= settings_.idle_after;
}

std::optional<Time> Watermarks::greatest(NodeId source) const {
  const auto found = sources_.find(source);
  return found == sources_.end() ? std::nullopt : found->second.greatest;
}

std::optional<Time> Watermarks::advance(Time now) {
  std::optional<Time> least;
  std::optional<Time> greatest;
  bool all_idle = true;
  for (const auto& [node, source] : sources_) {
    if (source.greatest)
      greatest = greatest ? std::max(*greatest, *source.greatest) : source.greatest;
    if (is_idle(node, now)) continue;
    all_idle = false;
    if (!source.greatest) return current_;  // it may begin with anything
    least = least ? std::min(*least, *source.greatest) : source.greatest;
  }
  const std::optional<Time> reached = all_idle ? greatest : least;
  if (!reached) return current_;
  const Time mark = *reached - settings_.bound;
  current_ = current_ ? std::max(*current_, mark) : mark;
  return current_;
}

}  // namespace evenkeel
