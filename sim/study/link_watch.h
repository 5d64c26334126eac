// How much passes over each link, bucket by bucket of a simulated run: read off at the end of each,
// so that a message costs nothing for it.
#pragma once

#include <functional>
#include <vector>

#include "models/runtime/world.h"
#include "sim/metrics/run_result.h"
#include "sim/topology/platform.h"

namespace evenkeel {

class LinkWatch final : public Waiter {
 public:
  /// Of more links nothing is noted: the result file would be theirs.
  static constexpr std::size_t most_links = 256;

  /// `bytes` gives what passed over each link since the run began. It and the world outlive this.
  LinkWatch(World& world, const Platform& platform, Duration bucket,
            std::function<std::vector<double>()> bytes);

  void wake() override;
  /// Ends at `duration`: a series "bytes_rate" for each link, in B/s.
  std::vector<Series> finish(Duration duration);

 private:
  void note();

  World& world_;
  const Platform& platform_;
  Duration bucket_;
  std::function<std::vector<double>()> bytes_;
  std::vector<std::vector<double>> noted_;  // by bucket, then link; what passed until its end
};

}  // namespace evenkeel
