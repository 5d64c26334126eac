#include "sim/study/link_watch.h"

#include <algorithm>

namespace evenkeel {

std::vector<Series> link_series(const Platform& platform, Duration bucket, Duration duration,
                                const LinkBytes& noted) {
  std::vector<Series> series;
  if (noted.empty()) return series;
  for (std::size_t link = 0; link < platform.links().size(); ++link) {
    Series& one = series.emplace_back(Series{.name = "bytes_rate",
                                             .unit = "B/s",
                                             .scope = Scope::link,
                                             .subject = platform.links()[link].name});
    double before = 0;
    for (std::size_t b = 0; b < noted.size(); ++b) {
      const Duration start = bucket * static_cast<std::int64_t>(b);
      const double seconds = to_seconds(std::min(bucket, duration - start));
      one.values.push_back((noted[b][link] - before) / seconds);
      before = noted[b][link];
    }
  }
  return series;
}

std::size_t buckets_in(Duration duration, Duration bucket) {
  return static_cast<std::size_t>((duration + bucket - Duration{1}) / bucket);
}

LinkWatch::LinkWatch(World& world, std::size_t links, Duration bucket,
                     std::function<std::vector<double>()> bytes)
    : world_(world), notes_(links <= most_links), bucket_(bucket), bytes_(std::move(bytes)) {
  if (notes_) arm();
}

// By the run's clock: in real time it is woken late, and the buckets must not drift.
void LinkWatch::arm() {
  world_.set_timer(bucket_ * static_cast<std::int64_t>(noted_.size() + 1), *this);
}

void LinkWatch::wake() {
  note();
  arm();
}

LinkBytes LinkWatch::finish(Duration duration) {
  if (!notes_) return {};
  const std::size_t buckets = buckets_in(duration, bucket_);
  while (noted_.size() < buckets) note();
  noted_.resize(buckets);
  noted_.back() = bytes_();  // what passed at the last instant, or, in real time, a little later
  return std::move(noted_);
}

}  // namespace evenkeel
