#include "sim/metrics/time_grid.h"

#include <algorithm>

#include "models/runtime/check.h"

namespace evenkeel {

TimeGrid::TimeGrid(Duration duration, Duration bucket, Duration counts_from, std::size_t slices)
    : duration_(duration), width_(bucket), counts_from_(counts_from) {
  EVENKEEL_CHECK(duration > Duration::zero() && bucket > Duration::zero(), "a run without time");
  EVENKEEL_CHECK(counts_from >= Duration::zero() && counts_from < duration,
                 "a warm-up as long as the run");
  buckets_ = static_cast<std::size_t>((duration - Duration{1}) / bucket) + 1;
  EVENKEEL_CHECK(buckets_ <= 1'000'000, "buckets too narrow for the run");
  bucket_end_ = buckets_ > 1 ? width_ : never;
  if (slices == 0) return;
  buckets_per_slice_ = (buckets_ + slices - 1) / slices;
  slices_ = (buckets_ + buckets_per_slice_ - 1) / buckets_per_slice_;
  slice_width_ = width_ * static_cast<std::int64_t>(buckets_per_slice_);
}

bool TimeGrid::next_bucket(Time at) {
  bucket_ = std::min(static_cast<std::size_t>(at / width_), buckets_ - 1);
  bucket_end_ = bucket_ + 1 < buckets_ ? bucket_start(bucket_ + 1) : never;
  return true;
}

}  // namespace evenkeel
