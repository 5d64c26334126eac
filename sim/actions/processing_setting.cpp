#include "sim/actions/processing_setting.h"

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

std::int64_t FedStream::windows_at(Time at) const {
  std::vector<TimeWindow> windows;
  plan.windowing->assign(at, windows);
  return static_cast<std::int64_t>(windows.size());
}

std::string FedStream::group_text(const Row& row) const {
  return row_text(decoded<Row>(plan.group_of(row)).value_or(Row{}));
}

}  // namespace evenkeel
