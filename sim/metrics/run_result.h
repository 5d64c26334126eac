// What one run gives, as a plain value. Everything but the series counts only requests sent after
// the warm-up, and levels after it; a figure that does not exist (no request completed) is NaN.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "models/runtime/probe.h"
#include "sim/metrics/mpc_result.h"

namespace evenkeel {

inline constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

/// Seconds, of completed requests. Percentiles are linear between order statistics (type 7 of
/// Hyndman and Fan 1996, the default of R and numpy) while the run kept every latency; beyond that,
/// the middle of the histogram bin that holds the rank, off by at most 0.8 %. Mean and max are
/// exact.
struct LatencySummary {
  double mean = no_value;
  double p50 = no_value;
  double p90 = no_value;
  double p95 = no_value;
  double p99 = no_value;
  double p999 = no_value;
  double max = no_value;
  double ci95_mean = no_value;  // half width of the 95 % interval of the mean, by batch means
  std::uint64_t samples = 0;
};

/// Mean seconds a completed request spent in each phase; they add up to its mean latency.
struct PhaseMeans {
  double decision = no_value;
  double network = no_value;
  double queue = no_value;
  double compute = no_value;
  double reply = no_value;
};

/// How unevenly the serving nodes are loaded. All equal: 1, 0, 1.
struct Imbalance {
  double max_over_mean = no_value;
  double cv = no_value;    // standard deviation (of all, not of a sample) over mean
  double jain = no_value;  // (sum x)^2 / (n sum x^2), Jain, Chiu and Hawe 1984
};

/// Requests by how they stand at the end: sent = completed + dropped + timed_out + in_flight.
struct Tally {
  std::uint64_t sent = 0;
  std::uint64_t completed = 0;
  std::uint64_t dropped = 0;
  std::uint64_t timed_out = 0;
  std::uint64_t in_flight = 0;
  std::uint64_t deadline_misses = 0;  // completed, but after the deadline

  std::uint64_t lost() const { return dropped + timed_out; }
};

struct ClassResult {
  std::string name = {};
  Tally tally = {};
  double throughput = 0;  // completed, 1/s
  double goodput = 0;     // completed within the deadline, 1/s
  LatencySummary latency = {};
  PhaseMeans phases = {};
};

struct SiteResult {
  std::string name = {};
  Tally tally = {};
  LatencySummary latency = {};  // without ci95_mean
};

struct NodeResult {
  std::string name = {};
  bool serves = true;
  double utilisation = no_value;  // busy core seconds over core seconds
  double mean_queue = no_value;
  std::uint64_t completed = 0;
  double energy_j = no_value;  // of the whole run, warm-up included; NaN: not measured
};

struct LinkResult {
  std::string name = {};
  double bytes = 0;      // of the whole run
  double mpc_bytes = 0;  // of these, by multi-party computations
};

/// A named count, for each node that had any.
struct CountResult {
  std::string name = {};
  double total = 0;
  std::map<std::string, double> nodes = {};
};

/// What a scalar, series or histogram is about: the run as a whole, or one of its parts by name.
enum class Scope : std::uint8_t { run, request_class, site, node, link, count };

/// One value for each bucket of time, from the start of the run (warm-up included); NaN: none.
struct Series {
  std::string name = {};
  std::string unit = {};
  Scope scope = Scope::run;
  std::string subject = {};
  std::vector<double> values = {};
};

/// Latencies of completed requests by log buckets; only bins that hold any, in rising order.
struct HistogramBin {
  double low_s = 0;
  double high_s = 0;
  std::uint64_t count = 0;
};
struct LatencyHistogram {
  Scope scope = Scope::run;
  std::string subject = {};
  std::vector<HistogramBin> bins = {};
};

/// Every ended request, or a uniform sample of them; and the slowest completed ones always.
/// Its indices are positions in `classes`, `sites` and `nodes` of the result.
struct KeptRequest {
  RequestRecord record = {};
  bool sampled = true;  // false: here only because it is among the slowest
};

/// The kind of an event that says which promise was broken: "invariant: subject: why; proof".
inline constexpr const char* violation_event = "violation";

struct RunEvent {
  double at_s = 0;
  std::string node = {};  // empty: of no node
  std::string kind = {};
  std::string detail = {};
};

struct RunResult {
  // Which run: set by whoever starts it.
  std::string scenario = {};
  std::string scenario_hash = {};
  std::uint64_t seed = 0;
  std::map<std::string, std::string> chosen = {};  // path -> value, as text
  std::string version = {};
  std::string world = "simgrid";  // or "sockets"
  double wall_s = 0;
  double requests_per_wall_s = 0;  // of all requests, warm-up included

  double duration_s = 0;
  double warm_up_s = 0;               // as used: what MSER-5 found, rounded up to a slice of time
  bool warm_up_doubtful = false;      // MSER-5 would cut half the run or more: run longer
  std::uint64_t requests_in_all = 0;  // sent, warm-up included
  std::uint64_t violations = 0;       // of invariants; each is an event
  std::uint64_t events_left_off = 0;  // beyond the limit on `events`
  Tally tally = {};
  double throughput = 0;  // completed, 1/s
  double goodput = 0;     // completed within their deadline, 1/s
  LatencySummary latency = {};
  PhaseMeans phases = {};
  Imbalance imbalance_utilisation = {};  // over nodes that serve
  Imbalance imbalance_completed = {};
  double mean_in_system = 0;  // time average of requests under way, whole run
  double energy_j = no_value;
  double price = no_value;  // EUR
  /// On sockets: how late the machine woke an idle loop of 1 ms beside the run, in seconds.
  double lateness_p50 = no_value;
  double lateness_p99 = no_value;
  std::string fingerprint = {};  // 16 hex digits, over every ended request in order

  std::vector<ClassResult> classes = {};
  std::vector<SiteResult> sites = {};
  std::vector<NodeResult> nodes = {};
  std::vector<LinkResult> links = {};
  std::vector<CountResult> counts = {};  // by name
  MpcResult mpc = {};

  double bucket_s = 0;  // width of the series' buckets; the last may be cut by the end
  std::vector<Series> series = {};
  std::vector<LatencyHistogram> histograms = {};
  std::vector<KeptRequest> requests = {};  // in the order in which they ended
  std::vector<RunEvent> events = {};
};

/// Fills in what only the clock on the wall knows.
void set_wall_time(RunResult& result, double wall_s);

/// The object of `--json`: counts, seconds, 1/s, J, bytes; NaN becomes null. Without series,
/// histograms, requests and events, which `export` gives.
nlohmann::json to_json(const RunResult& result);

/// Aborts unless every tally adds up, the parts add up to the whole, and the phases to the latency.
void check_conservation(const RunResult& result);

}  // namespace evenkeel
