// Hot spots as arrival processes use them: as weights of the devices, or as a clock of each device.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "models/runtime/random.h"
#include "sim/workload/arrivals.h"

namespace evenkeel {

inline constexpr double forever_s = std::numeric_limits<double>::infinity();

/// Seconds of a time; `forever_s` for `never`.
inline double span_s(Time time) { return time == never ? forever_s : to_seconds(time); }

/// The factors of the devices over time.
class HotSpots {
 public:
  HotSpots(std::uint32_t devices, std::vector<HotSpot> spots);

  std::uint32_t devices() const { return devices_; }
  bool none() const { return spots_.empty(); }
  const std::vector<HotSpot>& spots() const { return spots_; }

  /// The product of the factors that hold for the device at that time.
  double factor(std::uint32_t device, double at_s) const;
  /// The time up to which the integral of the device's factor from `from_s` on is `amount_s`: a
  /// wait of that length by a clock that runs `factor` times as fast. Inversion, hence exact.
  double after(std::uint32_t device, double from_s, double amount_s) const;
  /// The same in whole nanoseconds, never before `from`.
  Time after(std::uint32_t device, Time from, double amount_s) const {
    return std::max(from, seconds(after(device, to_seconds(from), amount_s)));
  }

 private:
  bool covers(const HotSpot& spot, std::uint32_t device, double at_s) const;

  std::uint32_t devices_;
  std::vector<HotSpot> spots_;  // ranges sorted, merged, within the devices
};

/// Draws devices in proportion to their factors, for processes that all devices share. The weights
/// are constant between the times when hot spots begin or end.
class DeviceWeights {
 public:
  explicit DeviceWeights(HotSpots hot);
  DeviceWeights(const DeviceWeights&) = delete;
  DeviceWeights& operator=(const DeviceWeights&) = delete;

  /// Times never decrease.
  void move_to(double at_s);
  /// The sum of the weights, until `until_s`. An upper bound where devices move.
  double total() const { return cumulative_.back(); }
  double until_s() const { return until_s_; }
  /// A device, in proportion to its weight; nothing with the probability by which the bound is too
  /// high.
  std::optional<std::uint32_t> draw(Random& random, double at_s) const;
  const HotSpots& hot() const { return hot_; }

 private:
  void rebuild(double at_s);
  void split(const std::vector<DeviceRange>& ranges, double factor);

  HotSpots hot_;
  double until_s_ = -1;
  std::vector<std::uint32_t> starts_;   // devices starts_[i] .. starts_[i+1]-1 have equal weight
  std::vector<double> weights_;         // of one of them
  std::vector<double> cumulative_;      // of all of them and those before
  std::vector<const HotSpot*> moving_;  // active, with devices that come and go
};

}  // namespace evenkeel
