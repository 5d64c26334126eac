// The latency estimate of peak EWMA, apart from the policy so that its published values can be
// checked.
#pragma once

#include "models/runtime/portable_math.h"
#include "models/runtime/time.h"

namespace evenkeel {

/// A mean over time of latencies, in seconds, that rises to a higher one at once and falls to lower
/// ones with time constant `decay_s`. Reading it lets it fall towards 0, so that a server that was
/// slow once is tried again.
class PeakEstimate {
 public:
  explicit PeakEstimate(double start_s) : value_s_(start_s) {}

  void observe(double latency_s, Time now, double decay_s) {
    if (latency_s > value_s_) {
      value_s_ = latency_s;
    } else if (now > updated_) {
      const double kept = portable::exp(-to_seconds(now - updated_) / decay_s);
      value_s_ = value_s_ * kept + latency_s * (1 - kept);
    }
    updated_ = now;
  }

  double read(Time now, double decay_s) {
    observe(0, now, decay_s);
    return value_s_;
  }

 private:
  double value_s_;
  Time updated_{};
};

}  // namespace evenkeel
