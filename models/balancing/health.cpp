#include "models/balancing/health.h"

#include <algorithm>
#include <cmath>

#include "models/runtime/portable_math.h"

namespace evenkeel {

void OutlierSettings::describe(Fields& fields) {
  fields.integer("consecutive_failures", consecutive_failures,
                 {"failures in a row that eject a server at once; 0: none do", 0, 1'000'000});
  fields.duration("interval", interval, {"how often servers are compared and readmitted", 1e-6});
  fields.duration("base_ejection", base_ejection,
                  {"length of the first ejection; the next ones are as many times longer", 1e-6});
  fields.duration("max_ejection", max_ejection, {"length of an ejection, at most", 1e-6});
  fields.number("max_ejected", max_ejected, Unit::none,
                {"share of the servers ejected at most; one may always be", 0, 1});
  fields.number("panic_below", panic_below, Unit::none,
                {"if a smaller share of the servers is left, ejections are ignored", 0, 1});
  fields.integer(
      "min_servers", min_servers,
      {"servers are compared only if so many had min_requests in the interval", 2, 1'000'000});
  fields.integer("min_requests", min_requests,
                 {"requests that make a server comparable", 1, 1'000'000'000});
  fields.number("deviations", deviations, Unit::none,
                {"ejects a server whose success rate is so many standard deviations below the "
                 "mean; 0: no comparison",
                 0, 100});
  fields.number("latency_factor", latency_factor, Unit::none,
                {"ejects a server whose mean latency exceeds the median server's so many times; 0: "
                 "no comparison",
                 0, 1e6});
}

void SlowStartSettings::describe(Fields& fields) {
  fields.duration("window", window,
                  {"a server that comes back has its full share after this", 1e-6});
  fields.number("aggression", aggression, Unit::none,
                {"1: the share grows linearly; above: faster at first", 0.01, 100});
  fields.number("min_weight", min_weight, Unit::none, {"share at the very start", 0.001, 1});
}

double slow_start_weight(const SlowStartSettings& settings, Duration since) {
  const double passed = to_seconds(since) / to_seconds(settings.window);
  if (passed >= 1) return 1;
  const double grown = passed > 0 ? portable::pow(passed, 1 / settings.aggression) : 0.0;
  return std::clamp(grown, settings.min_weight, 1.0);
}

Health::Health(std::span<const ServerIndex> servers, const std::optional<OutlierSettings>& outliers,
               const std::optional<SlowStartSettings>& slow_start, Random& random)
    : outliers_(outliers), slow_start_(slow_start), random_(random), all_(servers) {
  if (outliers || slow_start) servers_.resize(servers.size());
  if (outliers) trusted_.assign(servers.begin(), servers.end());
}

bool Health::panics() const {
  if (!outliers_) return false;
  if (trusted_.empty()) return true;
  const double left = static_cast<double>(trusted_.size()) / static_cast<double>(all_.size());
  return left < outliers_->panic_below;
}

std::span<const ServerIndex> Health::eligible(Time now) {
  if (!outliers_) return all_;
  close_intervals(now);
  return panics() ? all_ : trusted_;
}

void Health::finished(ServerIndex which, const Outcome& outcome, Time now) {
  if (!outliers_) return;
  close_intervals(now);
  Server& server = servers_[which];
  ++server.ended;
  if (outcome.ok) {
    ++server.ok;
    server.latency += outcome.latency;
    server.failures = 0;
    return;
  }
  ++server.failures;
  const std::int64_t limit = outliers_->consecutive_failures;
  if (limit > 0 && server.failures >= limit) eject(which, now);
}

void Health::joined(ServerIndex which, Time now) {
  if (servers_.empty()) return;
  if (servers_[which].ejected) readmit(which, now);
  const bool warming = servers_[which].warming;
  servers_[which] = Server{};
  servers_[which].warming = warming;
  warm_up(which, now);
}

bool Health::accepts(ServerIndex which, Time now) {
  if (warming_ == 0 || !servers_[which].warming) return true;
  Server& server = servers_[which];
  const double weight = slow_start_weight(*slow_start_, now - server.began);
  if (weight < 1) return random_.chance(weight);
  server.warming = false;
  --warming_;
  return true;
}

void Health::close_intervals(Time now) {
  const std::int64_t ended = (now - interval_began_) / outliers_->interval;
  if (ended <= 0) return;
  interval_began_ += ended * outliers_->interval;
  review_ejections(interval_began_, ended);
  if (outliers_->deviations > 0) eject_unsuccessful(interval_began_);
  if (outliers_->latency_factor > 0) eject_slow(interval_began_);
  for (Server& server : servers_) {
    server.ok = server.ended = 0;
    server.latency = {};
  }
}

/// Readmits those whose time is up; the others' record gets better with each interval.
void Health::review_ejections(Time now, std::int64_t intervals) {
  for (const ServerIndex which : all_) {
    Server& server = servers_[which];
    if (!server.ejected) {
      server.times = std::max<std::int64_t>(0, server.times - intervals);
    } else if (now - server.ejected_at >= ejection_length(server)) {
      readmit(which, now);
    }
  }
}

std::vector<ServerIndex> Health::with_volume() const {
  std::vector<ServerIndex> result;
  for (const ServerIndex which : trusted_)
    if (servers_[which].ended >= outliers_->min_requests) result.push_back(which);
  if (result.size() < static_cast<std::size_t>(outliers_->min_servers)) result.clear();
  return result;
}

void Health::eject_unsuccessful(Time now) {
  const std::vector<ServerIndex> compared = with_volume();
  if (compared.empty()) return;
  const auto rate = [&](ServerIndex which) {
    return static_cast<double>(servers_[which].ok) / static_cast<double>(servers_[which].ended);
  };
  const double n = static_cast<double>(compared.size());
  double mean = 0;
  for (const ServerIndex which : compared) mean += rate(which) / n;
  double variance = 0;
  for (const ServerIndex which : compared)
    variance += (rate(which) - mean) * (rate(which) - mean) / n;
  const double least = mean - outliers_->deviations * std::sqrt(variance);
  for (const ServerIndex which : compared)
    if (rate(which) < least) eject(which, now);
}

void Health::eject_slow(Time now) {
  std::vector<std::pair<double, ServerIndex>> by_latency;
  for (const ServerIndex which : with_volume()) {
    const Server& server = servers_[which];
    if (server.ok > 0)
      by_latency.emplace_back(to_seconds(server.latency) / static_cast<double>(server.ok), which);
  }
  if (by_latency.empty()) return;
  std::ranges::sort(by_latency);
  const double median = by_latency[by_latency.size() / 2].first;
  for (const auto& [latency, which] : by_latency)
    if (latency > outliers_->latency_factor * median) eject(which, now);
}

void Health::eject(ServerIndex which, Time now) {
  Server& server = servers_[which];
  const double after = static_cast<double>(ejected_count() + 1) / static_cast<double>(all_.size());
  if (server.ejected || (ejected_count() > 0 && after > outliers_->max_ejected + 1e-12)) return;
  server.ejected = true;
  server.ejected_at = now;
  ++server.times;
  trusted_.erase(std::ranges::lower_bound(trusted_, which));
}

void Health::readmit(ServerIndex which, Time now) {
  servers_[which].ejected = false;
  servers_[which].failures = 0;
  trusted_.insert(std::ranges::lower_bound(trusted_, which), which);
  warm_up(which, now);
}

void Health::warm_up(ServerIndex which, Time now) {
  if (!slow_start_) return;
  Server& server = servers_[which];
  if (!server.warming) ++warming_;
  server.warming = true;
  server.began = now;
}

Duration Health::ejection_length(const Server& server) const {
  const Duration longest = std::max(outliers_->max_ejection, outliers_->base_ejection);
  if (server.times > longest / outliers_->base_ejection) return longest;
  return std::min(longest, server.times * outliers_->base_ejection);
}

}  // namespace evenkeel
