#include "sim/actions/processing_setting.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/actions/seen_row.h"

namespace evenkeel {

Time FedStream::time_of(const Row& row, Time otherwise) const {
  constexpr std::int64_t ns_per_ms = 1'000'000;
  constexpr std::int64_t furthest_ms = furthest_event_time.count() / ns_per_ms;
  if (!time_column) return otherwise;
  const auto* ms = std::get_if<std::int64_t>(&row[*time_column]);
  return ms == nullptr ? otherwise : Time{std::clamp(*ms, -furthest_ms, furthest_ms) * ns_per_ms};
}

std::string witness_group(const Blob& group, const TimeWindow& window, bool is_by_window) {
  std::string text = row_text(decoded<Row>(group).value_or(Row{}));
  if (is_by_window) text += fmt::format(" at {:.3f} s", to_seconds(window.start));
  return text;
}

std::vector<std::string> witness_groups(const StreamPlan& plan, const Row& row, Time at,
                                        bool is_by_window) {
  std::vector<TimeWindow> windows;
  plan.windowing->assign(at, windows);
  const Blob group = plan.group_of(row);
  std::vector<std::string> groups;
  for (const TimeWindow& window : windows)
    groups.push_back(witness_group(group, window, is_by_window));
  return groups;
}

}  // namespace evenkeel
