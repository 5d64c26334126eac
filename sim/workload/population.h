// Many alike devices, placed on sites by count: a device is a number, its home follows from it, and
// only a device that moves keeps some bytes of state.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/runtime/time.h"
#include "sim/workload/arrivals.h"
#include "sim/workload/movement.h"

namespace evenkeel {

/// `count` devices whose home is the site (a vertex of the topology).
struct DevicesAt {
  std::uint32_t site = 0;
  std::uint32_t count = 0;
};

/// Devices are numbered from 0 through the placements in their order.
struct Population {
  static constexpr std::uint64_t max_devices = 100'000'000;

  std::string name = {};
  std::vector<DevicesAt> placements = {};
  MakeMovement movement = {};  // empty: nobody moves
};

/// Where each device of a population is at home.
class Homes {
 public:
  /// UserError if there is no device, or more than Population::max_devices.
  explicit Homes(const Population& population);

  std::uint32_t devices() const { return starts_.back(); }
  /// O(log placements).
  std::uint32_t site_of(std::uint32_t device) const;
  /// The devices whose home it is.
  std::vector<DeviceRange> at(std::uint32_t site) const;

 private:
  std::vector<std::uint32_t> sites_;
  std::vector<std::uint32_t> starts_;  // of each placement, and the end
};

}  // namespace evenkeel
