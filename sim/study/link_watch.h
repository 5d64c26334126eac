// How much passes over each link, bucket by bucket of a run: read off at the end of each, so that a
// message costs nothing for it.
#pragma once

#include <functional>
#include <vector>

#include "models/runtime/world.h"
#include "sim/metrics/run_result.h"
#include "sim/topology/platform.h"

namespace evenkeel {

/// What had passed over each link by the end of each bucket: by bucket, then link.
using LinkBytes = std::vector<std::vector<double>>;

/// A series "bytes_rate" for each link, in B/s. None where nothing was noted.
std::vector<Series> link_series(const Platform& platform, Duration bucket, Duration duration,
                                const LinkBytes& noted);

/// How many there are, the last of which may be cut by the end.
std::size_t buckets_in(Duration duration, Duration bucket);

class LinkWatch final : public Waiter {
 public:
  /// Of more links nothing is noted: the result file would be theirs.
  static constexpr std::size_t most_links = 256;

  /// `bytes` gives what passed over each of the links since the run began. It and the world outlive
  /// this.
  LinkWatch(World& world, std::size_t links, Duration bucket,
            std::function<std::vector<double>()> bytes);

  void wake() override;
  Duration bucket() const { return bucket_; }
  /// Once the run is over, at `duration`.
  LinkBytes finish(Duration duration);

 private:
  void note() { noted_.push_back(bytes_()); }
  void arm();

  World& world_;
  bool notes_;
  Duration bucket_;
  std::function<std::vector<double>()> bytes_;
  LinkBytes noted_;
};

}  // namespace evenkeel
