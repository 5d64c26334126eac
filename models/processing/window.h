// Windows over event time: which spans an event belongs to. One kind a file in windows/, all in a
// catalogue.
#pragma once

#include <any>
#include <compare>
#include <functional>
#include <memory>
#include <vector>

#include "models/runtime/registry.h"
#include "models/runtime/time.h"

namespace evenkeel {

/// The instants in [start, end).
struct TimeWindow {
  Time start{};
  Time end{};
  friend auto operator<=>(const TimeWindow&, const TimeWindow&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(start, end);
  }
};

/// Event times lie between plus and minus this, about 146 years, so that windows around them do not
/// overflow.
inline constexpr Time furthest_event_time{std::int64_t{1} << 62};
constexpr bool is_event_time(Time at) {
  return at >= -furthest_event_time && at <= furthest_event_time;
}

/// At most so many windows an event.
inline constexpr std::int64_t most_windows = 1000;
inline constexpr double longest_window_s = 1e9;

class Windowing {
 public:
  virtual ~Windowing() = default;
  /// Adds the windows of an event to `windows`, ascending. At least one.
  virtual void assign(Time at, std::vector<TimeWindow>& windows) const = 0;
  /// Windows of one group that overlap or touch become one (sessions).
  virtual bool merges() const { return false; }
};

using MakeWindowing = std::shared_ptr<const Windowing>;

/// All kinds. An entry's `configure` returns a MakeWindowing.
Catalogue& windowings();

/// The entry for a class with a nested `Settings { void describe(Fields&); }` and a constructor
/// from them.
template <class W>
Entry windowing_entry(std::string name, std::string summary) {
  return {std::move(name), std::move(summary), [](Fields& fields) -> std::any {
            typename W::Settings settings;
            settings.describe(fields);
            return MakeWindowing{std::make_shared<const W>(settings)};
          }};
}

/// The greatest multiple of `step`, shifted by `offset`, that is not after `at`.
constexpr Time aligned(Time at, Duration step, Duration offset) {
  const std::int64_t over = (at - offset).count() % step.count();
  return at - Duration{over < 0 ? over + step.count() : over};
}

}  // namespace evenkeel
