// Exactly-once windows: what windows and the late side output say adds up to what was acknowledged.
#pragma once

#include <span>

#include "sim/faults/checks/history.h"

namespace evenkeel {

/// One input of a stream.
struct WindowedInput {
  std::string group = {};
  std::int64_t amount = 1;
  bool is_certain = true;  // acknowledged; else it may have been taken or not
};

/// What a query emitted finally for a window and group, or put aside as late.
struct EmittedWindow {
  std::string query = {};
  Time window{};  // its start
  std::string group = {};
  std::int64_t amount = 0;
  bool is_late = false;  // of the side output
};

/// Each (query, window, group) is emitted once, and by query and group all outputs add up to the
/// certain inputs plus some of the uncertain ones. Amounts must not be negative.
HistoryVerdict check_windows(std::span<const WindowedInput> inputs,
                             std::span<const EmittedWindow> outputs);

}  // namespace evenkeel
