// What the devices ask of the servers: the requests of all classes, merged in time order. Follows
// from the seed alone, so that every policy meets the same requests with the same work.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/runtime/time.h"
#include "sim/workload/arrivals.h"
#include "sim/workload/keys.h"
#include "sim/workload/population.h"
#include "sim/workload/service.h"

namespace evenkeel {

/// The devices that are at the site (of those that never move: whose home it is) ask `factor` times
/// as often in [from, to).
struct HotSite {
  std::uint32_t site = 0;
  double factor = 1;
  Time from{};
  Time to = never;
};

/// A class of requests. `work`, `input` and `output` draw op and bytes; a null one gives 0.
struct WorkloadClass {
  std::string name = {};
  std::uint32_t population = 0;  // index into WorkloadPlan::populations
  MakeArrivals arrivals = {};
  double rate = 0;   // 1/s, each device; 0: the arrivals have their own
  double scale = 1;  // thins (below 1) or thickens the arrivals
  std::vector<HotSite> hot = {};
  std::shared_ptr<const Distribution> work = {};
  std::shared_ptr<const Distribution> input = {};
  std::shared_ptr<const Distribution> output = {};
  Keys keys = Keys{};
};

/// Everything a workload is made from.
struct WorkloadPlan {
  static constexpr std::size_t max_classes = 10'000;

  std::vector<Population> populations = {};
  std::vector<WorkloadClass> classes = {};
  std::shared_ptr<const Map> map = {};  // needed if somebody moves
  std::uint64_t seed = 1;
};

/// One request as it leaves its device.
struct Arrival {
  std::uint64_t number = 0;  // 0, 1, 2, ... in the order of `next`
  Time at{};
  std::uint32_t request_class = 0;
  std::uint32_t population = 0;
  std::uint32_t device = 0;  // within its population
  std::uint32_t site = 0;    // where the device is at that time
  double work = 0;           // op
  double input_bytes = 0;
  double output_bytes = 0;
  std::uint64_t key = 0;
};

class Workload {
 public:
  /// UserError where an arrival process or a movement finds that its settings or file do not fit.
  explicit Workload(const WorkloadPlan& plan);
  ~Workload();
  Workload(Workload&&) noexcept;
  Workload& operator=(Workload&&) noexcept;

  /// When the next request comes; `never` if none does unless one ends first. `ended` may make it
  /// earlier, though never earlier than the time it is told.
  Time next_at() const;
  /// The next request; null if there is none. Valid until the next call. Ties go to the class
  /// listed first.
  const Arrival* next();

  /// Tell it when the request that the device sent in this class has ended (answered, refused or
  /// timed out): closed loops go on from there; for others it does nothing.
  void ended(std::uint32_t request_class, std::uint32_t device, Time at);
  /// Whether some class listens to `ended`.
  bool listens() const;

  /// Where the device is. The same answer whatever was asked before.
  std::uint32_t site_of(std::uint32_t population, std::uint32_t device, Time at);
  std::uint32_t devices(std::uint32_t population) const;

 private:
  struct Stream;  // one class
  struct Crowd;   // one population

  void refresh(std::size_t stream);

  std::vector<std::unique_ptr<Crowd>> crowds_;
  std::vector<Stream> streams_;
  std::vector<Time> next_;  // by stream
  std::size_t first_ = 0;   // the stream whose request comes next
  std::uint64_t sent_ = 0;
  Arrival arrival_;
};

}  // namespace evenkeel
