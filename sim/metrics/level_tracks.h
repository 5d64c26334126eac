// The time integrals of levels (busy cores, queue lengths): in all from the end of the warm-up on,
// and by bucket. In level-nanoseconds, so that whole levels give whole, exact sums.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/metrics/time_grid.h"

namespace evenkeel {

class LevelTracks {
 public:
  LevelTracks(std::size_t tracks, const TimeGrid& grid)
      : tracks_(tracks), buckets_(grid.buckets() * tracks) {}

  /// The grid has been advanced to `at`.
  void change(std::size_t track, Time at, double change, const TimeGrid& grid) {
    Track& state = tracks_[track];
    if (state.level != 0) integrate(track, at, grid);
    state.since = at;
    state.bucket = static_cast<std::uint32_t>(grid.bucket());
    state.level += change;
  }
  /// Brings every integral up to `at`.
  void settle(Time at, const TimeGrid& grid) {
    for (std::size_t track = 0; track < tracks_.size(); ++track) change(track, at, 0, grid);
  }

  double level(std::size_t track) const { return tracks_[track].level; }
  double in_bucket(std::size_t track, std::size_t bucket) const {
    return buckets_[bucket * tracks_.size() + track];
  }
  /// From the start of a slice to where it was settled.
  double since_slice(std::size_t track, std::size_t slice, const TimeGrid& grid) const;

 private:
  struct Track {
    double level = 0;
    double counted = 0;  // since grid.counts_from()
    Time since{};
    std::uint32_t bucket = 0;  // that `since` lies in
  };

  void integrate(std::size_t track, Time at, const TimeGrid& grid) {
    Track& state = tracks_[track];
    if (state.since >= grid.counts_from()) {
      state.counted += state.level * span(state.since, at);
    } else if (at > grid.counts_from()) {
      state.counted += state.level * span(grid.counts_from(), at);
    }
    if (state.bucket == grid.bucket()) [[likely]] {
      cell(track, state.bucket) += state.level * span(state.since, at);
    } else {
      spread(track, at, grid);
    }
  }
  void spread(std::size_t track, Time at, const TimeGrid& grid);
  double& cell(std::size_t track, std::size_t bucket) {
    return buckets_[bucket * tracks_.size() + track];
  }
  static double span(Time from, Time to) { return static_cast<double>((to - from).count()); }

  std::vector<Track> tracks_;
  std::vector<double> buckets_;
};

}  // namespace evenkeel
