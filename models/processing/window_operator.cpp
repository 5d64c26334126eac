#include "models/processing/window_operator.h"

#include <sqlite3.h>

#include <utility>

namespace evenkeel {

WindowOperator::Live WindowOperator::live(OpenWindow kept) const {
  auto states = plan_.aggregates.restore(kept.states);
  if (!states) throw SqlError(SQLITE_CORRUPT, "a window's states are not of this job's aggregates");
  return {std::move(kept), std::move(*states), false};
}

WindowOperator::Group& WindowOperator::group_at(const Blob& key) {
  const auto [place, is_new] = groups_.try_emplace(text_of(key));
  if (is_new)
    for (OpenWindow& kept : store_.windows_of(plan_.spec.name, key)) {
      const TimeWindow window = kept.window;
      place->second.emplace(window, live(std::move(kept)));
    }
  return place->second;
}

bool WindowOperator::is_closed(const TimeWindow& window, std::optional<Time> watermark) const {
  return watermark && window.end + plan_.spec.lateness <= *watermark;
}

void WindowOperator::add(NodeId source, std::uint64_t log, const std::vector<Event>& events,
                         std::optional<Time> watermark, JobStep& step) {
  groups_.clear();
  std::vector<TimeWindow> windows;
  for (const Event& event : events) {
    const Blob key = plan_.group_of(event.values);
    Group& group = group_at(key);
    windows.clear();
    plan_.windowing->assign(event.at, windows);
    std::uint32_t missed = 0;
    for (const TimeWindow& window : windows)
      if (!add_to(group, key, window, event, watermark, step)) ++missed;
    if (missed == 0) continue;
    store_.tell(plan_.spec.name, LateEvent{source, log, missed, event}, step.number);
    ++step.late;
  }
  for (auto& [key, group] : groups_) {
    for (auto& [window, its] : group) {
      if (!its.is_touched) continue;
      its.kept.states = AggregateSet::save(its.states);
      store_.put(plan_.spec.name, its.kept, step.number);
    }
  }
  groups_.clear();
}

bool WindowOperator::add_to(Group& group, const Blob& key, TimeWindow window, const Event& event,
                            std::optional<Time> watermark, JobStep& step) {
  if (plan_.windowing->merges()) {
    TimeWindow merged = window;
    for (const auto& [other, its] : group)
      if (other.start <= window.end && window.start <= other.end)
        merged = {std::min(merged.start, other.start), std::max(merged.end, other.end)};
    if (is_closed(merged, watermark)) return false;
    window = merge_around(group, key, merged, step);
  } else if (is_closed(window, watermark)) {
    return false;
  }
  auto place = group.find(window);
  if (place == group.end())
    place = group
                .emplace(window,
                         Live{{.group = key, .window = window}, plan_.aggregates.start(), false})
                .first;
  Live& its = place->second;
  step.left_out += plan_.aggregates.size() - plan_.aggregates.add(its.states, event.values);
  ++its.kept.rows;
  its.kept.changed = true;
  its.is_touched = true;
  ++step.touched;
  return true;
}

// Sessions do not overlap or touch; what the new one reaches becomes part of it, and what was told
// of those that end so is taken back.
TimeWindow WindowOperator::merge_around(Group& group, const Blob& key, TimeWindow merged,
                                        JobStep& step) {
  std::optional<Live> all;
  for (auto place = group.begin(); place != group.end();) {
    if (place->first == merged || merged.end < place->first.start ||
        place->first.end < merged.start) {
      ++place;
      continue;
    }
    Live part = std::move(place->second);
    place = group.erase(place);
    if (part.kept.revision > 0)
      store_.tell(plan_.spec.name,
                  WindowOutput{.group = key,
                               .window = part.kept.window,
                               .revision = part.kept.revision,
                               .epoch = step.epoch,
                               .retracted = true},
                  step.number);
    store_.close(plan_.spec.name, key, part.kept.window, step.number);
    if (!all) {
      all = std::move(part);
      continue;
    }
    all->kept.rows += part.kept.rows;
    for (std::size_t i = 0; i < all->states.size(); ++i) all->states[i]->merge(*part.states[i]);
  }
  if (all) {
    all->kept.window = merged;
    all->kept.revision = 0;
    all->kept.changed = true;
    group.emplace(merged, std::move(*all));
  }
  return merged;
}

void WindowOperator::fire(Time watermark, JobStep& step) {
  const std::string& job = plan_.spec.name;
  for (OpenWindow& kept : store_.due(job, watermark)) {
    Live its = live(std::move(kept));
    store_.tell(job,
                WindowOutput{.group = its.kept.group,
                             .window = its.kept.window,
                             .revision = its.kept.revision,
                             .epoch = step.epoch,
                             .rows = its.kept.rows,
                             .values = AggregateSet::result(its.states)},
                step.number);
    ++step.outputs;
    step.ends_s += to_seconds(its.kept.window.end);
    ++its.kept.revision;
    its.kept.changed = false;
    if (is_closed(its.kept.window, watermark)) {
      store_.close(job, its.kept.group, its.kept.window, step.number);
    } else {
      store_.put(job, its.kept, step.number);
    }
  }
  if (plan_.spec.lateness == Duration{}) return;
  for (const auto& [group, window] : store_.ended(job, watermark - plan_.spec.lateness))
    store_.close(job, group, window, step.number);
}

}  // namespace evenkeel
