// Requests as recorded, thinned or thickened: what the arrival processes that come from files
// share.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "models/runtime/random.h"
#include "sim/workload/arrivals.h"
#include "sim/workload/hot_spots.h"

namespace evenkeel {

/// One request of a record; `at` counts from the beginning of the run. The device as the record
/// numbers it, if it does.
struct Recorded {
  Time at{};
  std::optional<std::uint64_t> device = {};
  std::optional<double> work = {};
  std::optional<double> input_bytes = {};
  std::optional<double> output_bytes = {};
  std::optional<std::uint64_t> key = {};
};

/// The longest record, and the time after which no record is begun anew.
inline constexpr Duration max_record = std::chrono::seconds{1'000'000'000};
inline constexpr Time last_round = std::chrono::seconds{5'000'000'000};

/// Gives a record's requests in time order.
class Record {
 public:
  virtual ~Record() = default;
  /// False after the last.
  virtual bool next(Recorded& request) = 0;
};

/// Plays a record to a population. A request goes to the device that the record names (modulo the
/// number of devices), or to a random one. With a scale s (times hot spots' factors) above 1, each
/// is repeated s times in the mean, the copies spread at random up to the next request of the
/// record, so that bursts stay as sharp as they were; below 1, each is kept with probability s.
class Replay final : public Arrivals {
 public:
  static constexpr double max_copies = 1e6;  // of one request
  /// A record that goes on for so long with nothing kept of it has ended.
  static constexpr std::uint64_t max_skipped = 10'000'000;

  /// UserError if scale and hot spots ask for more than max_copies.
  Replay(const ArrivalContext& context, std::unique_ptr<Record> record);

  const Demand* peek() override { return found_ ? &request_ : nullptr; }
  void pop() override;

 private:
  bool advance();
  void read_ahead();
  std::uint64_t copies(double at_s);
  bool give_device(Time at);

  std::unique_ptr<Record> record_;
  double scale_;
  DeviceWeights weights_;
  Random random_;
  Recorded current_;
  std::vector<Time> due_;  // of the current request's copies, the earliest last
  Recorded ahead_;
  bool more_ = false;  // `ahead_` holds a request
  bool found_ = false;
  Demand request_;
};

}  // namespace evenkeel
