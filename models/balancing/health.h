// Which servers a balancer trusts: ejects outliers for a while, and lets servers that come back
// take up load slowly. Wraps any policy: the balancer picks among `eligible`, and picks again if
// `accepts` says no. Semantics and defaults of Envoy (outlier_detection.proto, slow_start).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "models/balancing/policy.h"

namespace evenkeel {

struct OutlierSettings {
  std::int64_t consecutive_failures = 5;
  Duration interval = seconds(10);
  Duration base_ejection = seconds(30);
  Duration max_ejection = seconds(300);
  double max_ejected = 0.1;
  double panic_below = 0.5;
  std::int64_t min_servers = 5;
  std::int64_t min_requests = 100;
  double deviations = 1.9;
  double latency_factor = 0;

  void describe(Fields& fields);
};

struct SlowStartSettings {
  Duration window = seconds(60);
  double aggression = 1;
  double min_weight = 0.1;

  void describe(Fields& fields);
};

/// The share of its usual load that a server takes `since` it came (back):
/// max(min_weight, (since / window)^(1 / aggression)), at most 1.
double slow_start_weight(const SlowStartSettings& settings, Duration since);

/// The servers of one balancer. What is switched off costs nothing.
class Health {
 public:
  /// `servers` is 0 .. n-1; it and `random` outlive this.
  Health(std::span<const ServerIndex> servers, const std::optional<OutlierSettings>& outliers,
         const std::optional<SlowStartSettings>& slow_start, Random& random);

  /// Ascending, never empty; valid until the next call. Everybody if too few would be left (panic).
  std::span<const ServerIndex> eligible(Time now);

  void finished(ServerIndex server, const Outcome& outcome, Time now);

  /// A server is new or has restarted: what was held against it is forgotten, and it starts slowly.
  void joined(ServerIndex server, Time now);

  /// Whether a server that was picked may be used. A slowly starting one is refused often enough
  /// to take its share; after a few refusals in a row the balancer should use it all the same.
  bool accepts(ServerIndex server, Time now);

  bool is_ejected(ServerIndex server) const { return outliers_ && servers_[server].ejected; }
  std::size_t ejected_count() const { return outliers_ ? all_.size() - trusted_.size() : 0; }
  bool panics() const;

 private:
  struct Server {
    bool ejected = false;
    bool warming = false;
    Time ejected_at{};
    Time began{};               // warming since
    std::int64_t times = 0;     // ejections held against it: multiplies the next one's length
    std::int64_t failures = 0;  // in a row
    std::int64_t ok = 0;        // these three: in the interval that runs
    std::int64_t ended = 0;
    Duration latency{};  // of the ok ones, summed
  };

  void close_intervals(Time now);
  void review_ejections(Time now, std::int64_t intervals);
  void eject_unsuccessful(Time now);
  void eject_slow(Time now);
  void eject(ServerIndex server, Time now);
  void readmit(ServerIndex server, Time now);
  void warm_up(ServerIndex server, Time now);
  Duration ejection_length(const Server& server) const;
  std::vector<ServerIndex> with_volume() const;

  std::optional<OutlierSettings> outliers_;
  std::optional<SlowStartSettings> slow_start_;
  Random& random_;
  std::span<const ServerIndex> all_;
  std::vector<Server> servers_;       // empty if all is switched off
  std::vector<ServerIndex> trusted_;  // not ejected, ascending; empty if nobody ever is
  std::size_t warming_ = 0;           // how many servers
  Time interval_began_{};
};

}  // namespace evenkeel
