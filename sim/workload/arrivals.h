// When the devices of one population ask: one process gives the requests of all of them in time
// order, at a cost that hardly grows with their number. One arrival process a file.
#pragma once

#include <any>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/runtime/random.h"
#include "models/runtime/registry.h"
#include "models/runtime/time.h"

namespace evenkeel {

/// Devices first, ..., first + count - 1 of a population.
struct DeviceRange {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

/// Devices that ask `factor` times as often in [from, to). Where hot spots overlap, their factors
/// multiply.
struct HotSpot {
  std::vector<DeviceRange> devices = {};
  /// If set, it decides instead of `devices`: whether the device is in the hot spot at that time
  /// (devices that move). Called with times that never decrease for one device. A process that
  /// draws a device's next request from its last asks once, when that wait begins.
  std::function<bool(std::uint32_t device, Time at)> covers = {};
  double factor = 1;  // at least 0
  Time from{};
  Time to = never;
};

/// What an arrival process is made for.
struct ArrivalContext {
  double rate = 0;            // 1/s, each device; 0: not stated, the process has its own
  std::uint32_t devices = 1;  // at least 1
  std::uint64_t seed = 0;     // of this class: the whole process follows from it
  double scale = 1;           // above 0; multiplies the rate, or thins or thickens a trace
  std::vector<HotSpot> hot = {};
};

/// One request of the population, before its class gives it what the process leaves open.
struct Demand {
  Time at{};
  std::uint32_t device = 0;
  /// Seeds what is drawn for this request. A function of its place in the process alone: its number
  /// or, in a closed loop, the device and its number there; no policy changes it.
  std::uint64_t draw = 0;
  std::optional<double> work = {};  // these from a trace
  std::optional<double> input_bytes = {};
  std::optional<double> output_bytes = {};
  std::optional<std::uint64_t> key = {};
};

/// The requests of one class from one population, in time order. Costs O(log devices) or less a
/// request, and at most some tens of bytes a device.
class Arrivals {
 public:
  virtual ~Arrivals() = default;

  /// The earliest request that was not yet popped; null if there is none: none any more, or in a
  /// closed loop none before some request ends. Valid until the next call of pop or ended.
  virtual const Demand* peek() = 0;
  /// Goes on to the next request. There must be one.
  virtual void pop() = 0;
  /// The request of this device that was popped last has ended, well or not. Told once for each;
  /// only a closed loop listens: the next request of the device comes at or after `at`.
  virtual void ended(std::uint32_t device, Time at) {
    static_cast<void>(device);
    static_cast<void>(at);
  }
  /// Whether `ended` matters.
  virtual bool listens() const { return false; }
};

/// UserError if the context does not fit (no rate where one is needed) or a file makes no sense.
using MakeArrivals = std::function<std::unique_ptr<Arrivals>(const ArrivalContext&)>;

/// All arrival processes. An entry's `configure` returns a MakeArrivals.
Catalogue& arrivals();

/// The entry for a struct of settings with `void describe(Fields&)` and
/// `std::unique_ptr<Arrivals> make(const ArrivalContext&) const`.
template <class Settings>
Entry arrivals_entry(std::string name, std::string summary) {
  return {std::move(name), std::move(summary), [](Fields& fields) -> std::any {
            Settings settings;
            settings.describe(fields);
            return MakeArrivals{
                [settings](const ArrivalContext& context) { return settings.make(context); }};
          }};
}

}  // namespace evenkeel
