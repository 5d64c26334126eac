#include "sim/metrics/level_tracks.h"

namespace evenkeel {

double LevelTracks::since_slice(std::size_t track, std::size_t slice, const TimeGrid& grid) const {
  if (slice == 0) return tracks_[track].counted;
  double sum = 0;
  for (std::size_t b = grid.first_bucket_of(slice); b < grid.buckets(); ++b) {
    sum += in_bucket(track, b);
  }
  return sum;
}

void LevelTracks::spread(std::size_t track, Time at, const TimeGrid& grid) {
  const Track& state = tracks_[track];
  Time from = state.since;
  for (std::size_t b = state.bucket; b < grid.bucket(); ++b) {
    cell(track, b) += state.level * span(from, grid.bucket_end(b));
    from = grid.bucket_end(b);
  }
  cell(track, grid.bucket()) += state.level * span(from, at);
}

}  // namespace evenkeel
