// Reads every shard on the node's disk again, now and then, so that silent corruption is found
// while there are other shards to repair it from.
#pragma once

#include "models/storage/files/chunk_store.h"

namespace evenkeel {

struct ChunkScrubSettings {
  Duration period = seconds(600);  // between rounds, give or take a quarter
  double bandwidth = 16 << 20;     // bytes/s
  ChunkCosts costs = {};
};

/// After a start, first what an earlier incarnation wrote. A corrupt shard is dropped, and
/// suspected (ChunkStore::take_suspects).
class ChunkScrub {
 public:
  /// Both outlive the node's tasks, of which this spawns one.
  ChunkScrub(Node& node, ChunkStore& store, const ChunkScrubSettings& settings = {});
  ChunkScrub(const ChunkScrub&) = delete;

  /// Rounds that were finished.
  std::uint64_t rounds() const { return rounds_; }

 private:
  enum class Which : std::uint8_t { unsure, all };
  Task<> run();
  Task<> read(Which which);

  Node& node_;
  ChunkStore& store_;
  ChunkScrubSettings settings_;
  std::uint64_t rounds_ = 0;
};

}  // namespace evenkeel
