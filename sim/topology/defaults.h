// What a link gets where its source does not say: latency from the distance of its ends, else a
// stated default. Light needs 4.9 us for a km of fibre (refractive index 1.468).
#pragma once

#include "models/runtime/fields.h"
#include "models/runtime/time.h"

namespace evenkeel {

struct LinkDefaults {
  Duration latency = std::chrono::milliseconds{1};  // no distance known
  double bandwidth = 1e9;                           // bit/s
  double stretch = 1.0;                             // length of the path over the great circle
  Duration fibre_per_km = std::chrono::nanoseconds{4900};

  void describe(Fields& fields);
  Duration latency_over(double distance_m) const;
};

/// The links of a generated topology that all look alike.
struct EqualLinks {
  Duration latency{};    // zero: LinkDefaults::latency
  double bandwidth = 0;  // zero: LinkDefaults::bandwidth

  void describe(Fields& fields);
};

}  // namespace evenkeel
