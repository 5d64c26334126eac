// How a run is cut into time: buckets for the series, and slices (of whole buckets) for all that a
// warm-up found afterwards must be able to leave out. With a fixed warm-up there is one slice.
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/runtime/time.h"

namespace evenkeel {

class TimeGrid {
 public:
  static constexpr std::size_t outside = static_cast<std::size_t>(-1);

  /// A fixed warm-up: what was sent before it belongs to no slice.
  static TimeGrid fixed(Duration duration, Duration bucket, Duration warm_up) {
    return TimeGrid(duration, bucket, warm_up, 0);
  }
  /// About `slices` of equal width over the whole run.
  static TimeGrid sliced(Duration duration, Duration bucket, std::size_t slices) {
    return TimeGrid(duration, bucket, Duration::zero(), slices);
  }

  std::size_t buckets() const { return buckets_; }
  std::size_t slices() const { return slices_; }
  Duration bucket_width() const { return width_; }
  Time duration() const { return duration_; }
  /// Before this nothing counts, whatever is found later.
  Time counts_from() const { return counts_from_; }

  /// Goes on to `at`, which is not before an earlier one. True if that began a new bucket.
  bool advance(Time at) {
    if (at < bucket_end_) [[likely]]
      return false;
    return next_bucket(at);
  }
  std::size_t bucket() const { return bucket_; }

  std::size_t slice_of(Time at) const {
    if (slice_width_ == Duration::zero()) return at < counts_from_ ? outside : 0;
    const auto slice = static_cast<std::size_t>(at / slice_width_);
    return slice < slices_ ? slice : slices_ - 1;
  }
  /// The first slice that begins at `at` or later.
  std::size_t slice_from(Time at) const {
    if (slice_width_ == Duration::zero()) return 0;
    const auto slice = static_cast<std::size_t>((at + slice_width_ - Duration{1}) / slice_width_);
    return slice < slices_ ? slice : slices_ - 1;
  }
  Time slice_start(std::size_t slice) const {
    return slice_width_ == Duration::zero() ? counts_from_
                                            : slice_width_ * static_cast<std::int64_t>(slice);
  }
  std::size_t first_bucket_of(std::size_t slice) const { return slice * buckets_per_slice_; }
  Time bucket_start(std::size_t bucket) const { return width_ * static_cast<std::int64_t>(bucket); }
  Time bucket_end(std::size_t bucket) const {
    return bucket + 1 < buckets_ ? bucket_start(bucket + 1) : duration_;
  }

 private:
  TimeGrid(Duration duration, Duration bucket, Duration counts_from, std::size_t slices);
  bool next_bucket(Time at);

  Duration duration_;
  Duration width_;
  Time counts_from_;
  std::size_t buckets_;
  std::size_t slices_ = 1;
  std::size_t buckets_per_slice_ = 0;
  Duration slice_width_{};
  std::size_t bucket_ = 0;
  Time bucket_end_;  // `never` in the last one
};

}  // namespace evenkeel
