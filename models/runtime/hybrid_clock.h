// Hybrid logical clock: timestamps near the wall clock that never run backwards and order what
// messages caused (Kulkarni et al., "Logical Physical Clocks", OPODIS 2014, figure 5).
#pragma once

#include <compare>

#include "models/runtime/node.h"

namespace evenkeel {

struct HybridTime {
  std::int64_t wall_ms = 0;
  std::uint32_t counter = 0;
  std::uint32_t node = 0;  // breaks ties
  friend auto operator<=>(const HybridTime&, const HybridTime&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(wall_ms, counter, node);
  }
};

class HybridClock {
 public:
  /// A received time further ahead of our own clock than this is not believed.
  static constexpr std::int64_t most_ahead_ms = 500;

  explicit HybridClock(const Node& node) : node_(node) {}

  /// For something that happens now, or a message that is sent.
  HybridTime tick() {
    const std::int64_t wall = wall_ms();
    if (wall > last_.wall_ms) {
      last_ = {wall, 0, index(node_.id())};
    } else {
      ++last_.counter;
    }
    last_.node = index(node_.id());
    return last_;
  }

  /// A message with this time came. False: it is too far ahead, and changed nothing.
  bool heard(const HybridTime& time) {
    if (time.wall_ms > wall_ms() + most_ahead_ms) return false;
    if (last_ < time) last_ = time;
    return true;
  }

 private:
  std::int64_t wall_ms() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(node_.wall_clock()).count();
  }
  const Node& node_;
  HybridTime last_;
};

}  // namespace evenkeel
