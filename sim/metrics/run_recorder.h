// Observes one run and sums it up. On the hot path of a simulator: flat arrays, no allocation and
// no text for a request. Memory is bounded by the settings, not by the number of requests.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/runtime/probe.h"
#include "sim/metrics/run_result.h"

namespace evenkeel {

struct RecorderSettings {
  struct Node {
    std::string name = {};
    double cores = 1;
    bool serves = true;  // counts for load imbalance
  };
  struct Class {
    std::string name = {};
    Duration deadline = never;
  };
  std::vector<Node> nodes = {};           // by NodeId
  std::vector<std::string> sites = {};    // by RequestRecord::site
  std::vector<Class> classes = {};        // by RequestRecord::request_class
  Duration duration{};                    // above zero
  bool mser5 = false;                     // find the warm-up afterwards, by MSER-5
  Duration warm_up{};                     // else this; below `duration`
  Duration bucket{};                      // of the series; zero: default_bucket()
  std::uint64_t seed = 1;                 // of the sample of requests
  std::uint64_t exact_limit = 1'000'000;  // completed requests kept one by one for percentiles
  std::uint64_t kept_requests = 20'000;   // all up to this many, above it a uniform sample
  std::uint64_t slowest = 100;            // kept always
};

/// About duration/200, at 1, 2 or 5 times a power of ten; wider where nodes and sites are so many
/// that the series would pass 200,000 values.
Duration default_bucket(const RecorderSettings& settings);

/// What the world alone knows at the end of a run.
struct WorldUsage {
  struct Link {
    std::string name = {};
    double bytes = 0;
    double mpc_bytes = 0;  // of these, by multi-party computations
  };
  std::vector<double> node_energy_j = {};  // by node, NaN: not measured; empty: none is
  std::vector<Link> links = {};
  double price = no_value;  // EUR
};

/// Contract: calls come in the order of time; every ended request was announced by request_sent
/// with the same class, site and instant; indices are within the settings; the phases of a
/// completed request add up to its latency. A breach is our own bug and aborts. What happens after
/// `duration` is ignored: such requests are in flight.
class RunRecorder final : public Probe {
 public:
  struct State;  // run_recorder_state.h

  explicit RunRecorder(RecorderSettings settings);
  ~RunRecorder() override;
  RunRecorder(const RunRecorder&) = delete;
  RunRecorder& operator=(const RunRecorder&) = delete;

  void request_sent(std::uint32_t request_class, std::uint32_t site, Time at) override;
  void request_ended(const RequestRecord& record) override;
  void level_changed(Level level, NodeId node, Time at, double change) override;
  void count(std::string_view name, NodeId node, double amount) override;
  void event(Time at, NodeId node, std::string_view kind, std::string_view detail) override;

  /// Width of the series' buckets; the last may be cut by the end.
  Duration bucket() const;
  /// Requests that ended so far, and are under way: for a progress display.
  std::uint64_t ended() const;
  std::uint64_t in_flight() const;

  /// Ends the run at `duration` and sums it up; once. Checks conservation and Little's law.
  /// The caller fills in which run it was (scenario, seed, chosen, version) and set_wall_time().
  RunResult finish(const WorldUsage& usage);

 private:
  std::unique_ptr<State> state_;
};

}  // namespace evenkeel
