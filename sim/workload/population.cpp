#include "sim/workload/population.h"

#include <algorithm>

#include "models/runtime/check.h"
#include "models/runtime/user_error.h"

namespace evenkeel {

Homes::Homes(const Population& population) : starts_{0} {
  std::uint64_t devices = 0;
  for (const DevicesAt& placement : population.placements) {
    devices += placement.count;
    if (devices > Population::max_devices)
      throw UserError("devices '" + population.name + "': more than 100 million");
    if (placement.count == 0) continue;
    sites_.push_back(placement.site);
    starts_.push_back(static_cast<std::uint32_t>(devices));
  }
  if (devices == 0) throw UserError("devices '" + population.name + "': there is none");
}

std::uint32_t Homes::site_of(std::uint32_t device) const {
  EVENKEEL_CHECK(device < devices(), "a device of the population");
  const auto after = std::ranges::upper_bound(starts_, device);
  return sites_[static_cast<std::size_t>(after - starts_.begin()) - 1];
}

std::vector<DeviceRange> Homes::at(std::uint32_t site) const {
  std::vector<DeviceRange> result;
  for (std::size_t i = 0; i < sites_.size(); ++i)
    if (sites_[i] == site) result.push_back({starts_[i], starts_[i + 1] - starts_[i]});
  return result;
}

}  // namespace evenkeel
