#include "sim/metrics/group_series.h"

#include "sim/metrics/statistics.h"

namespace evenkeel {
namespace {

constexpr std::size_t sample_limit = std::size_t{1} << 18;

}  // namespace

GroupSeries::GroupSeries(std::size_t classes, std::size_t sites, std::size_t buckets,
                         std::uint64_t seed)
    : classes_(classes),
      sites_(sites),
      groups_(classes + sites),
      cells_(buckets * groups_),
      random_(Random::stream(seed, "metrics/series")) {}

void GroupSeries::ended(std::size_t bucket, const RequestRecord& record) {
  Cell& of_class = cell(bucket, record.request_class);
  Cell& of_site = cell(bucket, classes_ + record.site);
  if (record.end != RequestEnd::completed) {
    ++of_class.lost;
    ++of_site.lost;
    return;
  }
  const std::int64_t latency = record.latency().count();
  ++of_class.completed;
  ++of_site.completed;
  of_class.latency_sum += latency;
  of_site.latency_sum += latency;
  keep(record);
}

void GroupSeries::keep(const RequestRecord& record) {
  const Sample sample{record.latency().count(), record.request_class, record.site};
  ++offered_;
  if (samples_.size() < sample_limit) {
    samples_.push_back(sample);
  } else if (const std::uint64_t slot = random_.below(offered_); slot < sample_limit) {
    samples_[slot] = sample;
  }
}

void GroupSeries::close(std::size_t bucket) {
  take_percentiles(bucket, 0, classes_, [](const Sample& s) { return s.request_class; });
  take_percentiles(bucket, classes_, sites_, [](const Sample& s) { return s.site; });
  samples_.clear();
  offered_ = 0;
}

template <class GroupOf>
void GroupSeries::take_percentiles(std::size_t bucket, std::size_t first, std::size_t count,
                                   GroupOf group_of) {
  if (samples_.empty()) return;
  std::vector<std::size_t> ends(count + 1);  // counting sort by group
  for (const Sample& sample : samples_) ++ends[group_of(sample) + 1];
  for (std::size_t g = 0; g < count; ++g) ends[g + 1] += ends[g];
  std::vector<std::int64_t> sorted(samples_.size());
  std::vector<std::size_t> next = ends;
  for (const Sample& sample : samples_) sorted[next[group_of(sample)]++] = sample.latency;
  for (std::size_t g = 0; g < count; ++g) {
    if (ends[g] == ends[g + 1]) continue;
    const std::span group(sorted.data() + ends[g], ends[g + 1] - ends[g]);
    cell(bucket, first + g).p50 = static_cast<float>(percentile(group, 0.5) * 1e-9);
    cell(bucket, first + g).p99 = static_cast<float>(percentile(group, 0.99) * 1e-9);
  }
}

void GroupSeries::append_to(std::vector<Series>& series,
                            const std::vector<std::string>& class_names,
                            const std::vector<std::string>& site_names,
                            const std::vector<double>& bucket_seconds) const {
  for (std::size_t i = 0; i < classes_; ++i) {
    append_group(series, i, Scope::request_class, class_names[i], bucket_seconds);
  }
  for (std::size_t i = 0; i < sites_; ++i) {
    append_group(series, classes_ + i, Scope::site, site_names[i], bucket_seconds);
  }
}

void GroupSeries::append_group(std::vector<Series>& series, std::size_t group, Scope scope,
                               const std::string& subject,
                               const std::vector<double>& bucket_seconds) const {
  const auto add = [&](const char* name, const char* unit, auto value_of) {
    Series one{.name = name, .unit = unit, .scope = scope, .subject = subject};
    for (std::size_t b = 0; b < bucket_seconds.size(); ++b) {
      one.values.push_back(value_of(cells_[b * groups_ + group], bucket_seconds[b]));
    }
    series.push_back(std::move(one));
  };
  const auto if_any = [](const Cell& cell, double value) {
    return cell.completed > 0 ? value : no_value;
  };
  add("sent_rate", "1/s", [](const Cell& c, double s) { return c.sent / s; });
  add("completed_rate", "1/s", [](const Cell& c, double s) { return c.completed / s; });
  add("lost_rate", "1/s", [](const Cell& c, double s) { return c.lost / s; });
  add("latency_mean", "s", [&](const Cell& c, double) {
    return if_any(c, static_cast<double>(c.latency_sum) * 1e-9 / c.completed);
  });
  add("latency_p50", "s", [&](const Cell& c, double) { return if_any(c, double{c.p50}); });
  add("latency_p99", "s", [&](const Cell& c, double) { return if_any(c, double{c.p99}); });
}

}  // namespace evenkeel
