// The wall clocks of nodes, as far as they are wrong.
#pragma once

#include <cmath>
#include <map>

#include "models/runtime/node_id.h"
#include "models/runtime/time.h"

namespace evenkeel {

/// How far a clock is ahead, and how much more it gains: a rate of 0.01 is 10 ms each second.
struct ClockSkew {
  Duration ahead{};
  double rate = 0;
};

class SkewedClocks {
 public:
  /// From `now` on.
  void set(NodeId id, const ClockSkew& skew, Time now) {
    if (skew.ahead == Duration{} && skew.rate == 0)
      clocks_.erase(id);
    else
      clocks_[id] = {skew, now};
  }
  Duration error(NodeId id, Time now) const {
    if (clocks_.empty()) return {};
    const auto found = clocks_.find(id);
    if (found == clocks_.end()) return {};
    const auto& [skew, since] = found->second;
    const double gained = static_cast<double>((now - since).count()) * skew.rate;
    return skew.ahead + Duration{std::llround(gained)};
  }

 private:
  struct Skewed {
    ClockSkew skew;
    Time since{};
  };
  std::map<NodeId, Skewed> clocks_;
};

}  // namespace evenkeel
