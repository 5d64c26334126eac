// Runs a map-reduce over stored rows: maps each part on one of the nodes that keep it, shuffles
// what comes of it by a hash of the keys to reducers, and gathers their results.
//
// Dean & Ghemawat, "MapReduce: simplified data processing on large clusters", OSDI 2004: the
// attempt that finishes first counts for its part, and no other; a part whose attempt takes longer
// than 1.5 times the median is tried on another replica too; what a lost node had mapped is mapped
// again.
#pragma once

#include "models/processing/batch_messages.h"
#include "models/runtime/node.h"
#include "models/runtime/quorum.h"

namespace evenkeel {

/// A part of the input, and who keeps it; the first is tried first.
struct BatchPart {
  std::uint32_t part = 0;
  std::vector<NodeId> replicas = {};
};

struct BatchSettings {
  Duration map_timeout = std::chrono::seconds{60};
  Duration reduce_timeout = std::chrono::seconds{60};
  double slow_factor = 1.5;  // of the median duration; then a second copy starts,
  Duration least_slow = std::chrono::milliseconds{200};  // but no sooner than this
  double measured_share = 0.5;  // of all parts must be done for the median to count
  std::uint32_t attempts = 6;   // of a part
  std::uint32_t rounds = 5;     // of reducing, and mapping again what was lost meanwhile
  std::size_t at_once = 8;      // maps on one node
  Duration pause = std::chrono::milliseconds{100};  // after a failure
};

struct BatchResult {
  std::vector<GroupResult> groups = {};  // ascending by encoded key
  std::uint64_t rows = 0;                // read, each once
  std::uint64_t copies = 0;              // speculative attempts
  std::uint64_t retries = 0;             // attempts after one failed or was lost
  std::uint64_t moved_bytes = 0;         // of data between nodes: keys, states, results
};

class BatchRunner {
 public:
  /// The node outlives the runner.
  explicit BatchRunner(Node& node, const BatchSettings& settings = {})
      : node_(node), settings_(settings) {}
  BatchRunner(const BatchRunner&) = delete;

  /// ErrorCode::unreachable: a part could not be mapped on any of its replicas, or no reducer
  /// answered. ErrorCode::invalid: the spec makes no sense. ErrorCode::denied: all replicas of a
  /// part refuse what the token allows.
  Task<Result<BatchResult>> run(BatchSpec spec, std::vector<BatchPart> parts,
                                std::vector<NodeId> reducers, BatchTokens tokens = {});

 private:
  struct Run;

  Task<Result<Done>> map_all(Run& run);
  Task<> attempt(Run& run, std::size_t part, NodeId replica, std::uint32_t number);
  void start_attempts(Run& run);
  void start(Run& run, std::size_t part);
  Task<Result<Done>> reduce_all(Run& run);
  Task<Result<RunReduce::Answer>> reduce_one(Run& run, std::uint32_t reducer, NodeId node);

  Node& node_;
  BatchSettings settings_;
};

}  // namespace evenkeel
