#include "sim/workload/hot_spots.h"

#include <algorithm>
#include <cmath>

#include "models/runtime/check.h"

namespace evenkeel {
namespace {

bool active(const HotSpot& spot, double at_s) {
  return at_s >= span_s(spot.from) && at_s < span_s(spot.to);
}

/// The first time after `at_s` at which the spot begins or ends.
double boundary_after(const HotSpot& spot, double at_s) {
  if (span_s(spot.from) > at_s) return span_s(spot.from);
  return span_s(spot.to) > at_s ? span_s(spot.to) : forever_s;
}

/// Sorted, without overlaps, within the devices.
std::vector<DeviceRange> merged(std::vector<DeviceRange> ranges, std::uint32_t devices) {
  std::ranges::sort(ranges, {}, &DeviceRange::first);
  std::vector<DeviceRange> result;
  std::uint64_t end = 0;
  for (const DeviceRange& range : ranges) {
    const std::uint64_t first = std::max<std::uint64_t>(range.first, end);
    const std::uint64_t last =
        std::min<std::uint64_t>(std::uint64_t{range.first} + range.count, devices);
    if (first >= last) continue;
    end = last;
    if (!result.empty() && result.back().first + result.back().count == first)
      result.back().count += static_cast<std::uint32_t>(last - first);
    else
      result.push_back(
          {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last - first)});
  }
  return result;
}

}  // namespace

HotSpots::HotSpots(std::uint32_t devices, std::vector<HotSpot> spots)
    : devices_(devices), spots_(std::move(spots)) {
  EVENKEEL_CHECK(devices > 0, "a population has devices");
  for (HotSpot& spot : spots_) {
    EVENKEEL_CHECK(spot.factor >= 0 && std::isfinite(spot.factor), "a factor is at least 0");
    spot.devices = merged(std::move(spot.devices), devices);
  }
  std::erase_if(spots_, [](const HotSpot& spot) { return spot.from >= spot.to; });
}

bool HotSpots::covers(const HotSpot& spot, std::uint32_t device, double at_s) const {
  if (spot.covers) return spot.covers(device, seconds(at_s));
  const auto after = std::ranges::upper_bound(spot.devices, device, {}, &DeviceRange::first);
  return after != spot.devices.begin() &&
         device - std::prev(after)->first < std::prev(after)->count;
}

double HotSpots::factor(std::uint32_t device, double at_s) const {
  double product = 1;
  for (const HotSpot& spot : spots_)
    if (active(spot, at_s) && covers(spot, device, at_s)) product *= spot.factor;
  return product;
}

double HotSpots::after(std::uint32_t device, double from_s, double amount_s) const {
  std::vector<const HotSpot*> its;
  for (const HotSpot& spot : spots_)
    if (from_s < span_s(spot.to) && covers(spot, device, from_s)) its.push_back(&spot);
  double at_s = from_s;
  while (!its.empty()) {
    double factor = 1;
    double until_s = forever_s;
    for (const HotSpot* spot : its) {
      if (active(*spot, at_s)) factor *= spot->factor;
      until_s = std::min(until_s, boundary_after(*spot, at_s));
    }
    if (factor * (until_s - at_s) > amount_s) return at_s + amount_s / factor;
    if (until_s == forever_s) return forever_s;
    amount_s -= factor * (until_s - at_s);
    at_s = until_s;
    std::erase_if(its, [&](const HotSpot* spot) { return span_s(spot->to) <= at_s; });
  }
  return at_s + amount_s;
}

DeviceWeights::DeviceWeights(HotSpots hot) : hot_(std::move(hot)) { move_to(0); }

void DeviceWeights::move_to(double at_s) {
  if (at_s >= until_s_) rebuild(at_s);
}

void DeviceWeights::rebuild(double at_s) {
  starts_ = {0, hot_.devices()};
  weights_ = {1};
  moving_.clear();
  until_s_ = forever_s;
  double bound = 1;
  for (const HotSpot& spot : hot_.spots()) {
    until_s_ = std::min(until_s_, boundary_after(spot, at_s));
    if (!active(spot, at_s)) continue;
    if (spot.covers) {
      moving_.push_back(&spot);
      bound *= std::max(1.0, spot.factor);
    } else {
      split(spot.devices, spot.factor);
    }
  }
  cumulative_.clear();
  double sum = 0;
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    sum += bound * weights_[i] * static_cast<double>(starts_[i + 1] - starts_[i]);
    cumulative_.push_back(sum);
  }
}

void DeviceWeights::split(const std::vector<DeviceRange>& ranges, double factor) {
  std::vector<std::uint32_t> starts = starts_;
  for (const DeviceRange& range : ranges) {
    starts.push_back(range.first);
    starts.push_back(range.first + range.count);
  }
  std::ranges::sort(starts);
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  std::vector<double> weights;
  std::size_t old = 0;
  std::size_t range = 0;
  for (std::size_t i = 0; i + 1 < starts.size(); ++i) {
    while (starts_[old + 1] <= starts[i]) ++old;
    while (range < ranges.size() && ranges[range].first + ranges[range].count <= starts[i]) ++range;
    const bool inside = range < ranges.size() && ranges[range].first <= starts[i];
    weights.push_back(weights_[old] * (inside ? factor : 1));
  }
  starts_ = std::move(starts);
  weights_ = std::move(weights);
}

std::optional<std::uint32_t> DeviceWeights::draw(Random& random, double at_s) const {
  std::size_t group = 0;
  if (weights_.size() > 1) {
    const double u = random.uniform() * total();
    group =
        static_cast<std::size_t>(std::ranges::upper_bound(cumulative_, u) - cumulative_.begin());
    if (group == cumulative_.size()) return std::nullopt;  // total() is 0
  }
  const auto device = static_cast<std::uint32_t>(starts_[group] +
                                                 random.below(starts_[group + 1] - starts_[group]));
  for (const HotSpot* spot : moving_) {
    const double factor = spot->covers(device, seconds(at_s)) ? spot->factor : 1;
    const double bound = std::max(1.0, spot->factor);
    if (factor < bound && !random.chance(factor / bound)) return std::nullopt;
  }
  return device;
}

}  // namespace evenkeel
