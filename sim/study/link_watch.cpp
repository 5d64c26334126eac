#include "sim/study/link_watch.h"

#include <algorithm>

namespace evenkeel {

LinkWatch::LinkWatch(World& world, const Platform& platform, Duration bucket,
                     std::function<std::vector<double>()> bytes)
    : world_(world), platform_(platform), bucket_(bucket), bytes_(std::move(bytes)) {
  if (platform_.links().size() <= most_links) world_.set_timer(world_.now() + bucket_, *this);
}

void LinkWatch::note() { noted_.push_back(bytes_()); }

void LinkWatch::wake() {
  note();
  world_.set_timer(world_.now() + bucket_, *this);
}

std::vector<Series> LinkWatch::finish(Duration duration) {
  const std::size_t links = platform_.links().size();
  if (links > most_links) return {};
  const auto buckets = static_cast<std::size_t>((duration + bucket_ - Duration{1}) / bucket_);
  if (noted_.size() < buckets) note();
  std::vector<Series> series;
  for (std::size_t link = 0; link < links; ++link) {
    Series& one = series.emplace_back(Series{.name = "bytes_rate",
                                             .unit = "B/s",
                                             .scope = Scope::link,
                                             .subject = platform_.links()[link].name});
    double before = 0;
    for (std::size_t b = 0; b < buckets; ++b) {
      const Duration start = bucket_ * static_cast<std::int64_t>(b);
      const double seconds = to_seconds(std::min(bucket_, duration - start));
      one.values.push_back((noted_[b][link] - before) / seconds);
      before = noted_[b][link];
    }
  }
  return series;
}

}  // namespace evenkeel
