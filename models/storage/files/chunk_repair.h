// Every chunk again has all its shards, on the nodes that the newest layout names, after disks were
// lost, shards found corrupt, puts acknowledged early, or nodes added and removed.
#pragma once

#include <functional>

#include "models/storage/files/chunk_store.h"
#include "models/storage/files/chunks.h"
#include "models/storage/files/shard_plan.h"

namespace evenkeel {

struct ChunkRepairSettings {
  Duration tick = seconds(2);         // between looks for what is due
  Duration first_look = seconds(10);  // at a chunk that is new here
  Duration period = seconds(60);      // between looks at a chunk, give or take a quarter
  double bandwidth = 8 << 20;         // bytes/s that this node moves for repair
  Duration timeout = seconds(1);      // of a question for what is where
  ChunkCosts costs = {};
};

/// Whoever holds a shard asks the chunk's owners for theirs, now and then. The first of the owners
/// that holds any gives the others what they lack. What is on a node that is no owner in any layout
/// in force, or on an owner twice, is dropped when all owners have surely got theirs.
///
/// Bound: while a chunk has k shards on nodes that can be reached, and its owners can, it is whole
/// again within 1.25 period + timeouts + the time that all bytes to move take at `bandwidth`.
class ChunkRepair {
 public:
  /// All but the settings outlive the node's tasks, of which this spawns one.
  ChunkRepair(Node& node, ChunkStore& store, Chunks& chunks,
              const ChunkRepairSettings& settings = {});
  ChunkRepair(const ChunkRepair&) = delete;

  /// Chunks of which this is true are left alone: garbage is not to be brought back.
  void spare(std::function<bool(const ChunkKey&)> is_garbage) {
    is_garbage_ = std::move(is_garbage);
  }

 private:
  /// By chunk and node; a node that did not answer is not there.
  using Holdings = std::map<ChunkKey, std::map<NodeId, ShardsThere>>;

  Task<> run();
  std::vector<ChunkKey> due();
  Task<> look_at(std::vector<ChunkKey> chunks, std::set<ChunkKey> suspects);
  Task<Holdings> ask_for(std::map<NodeId, std::vector<ChunkKey>> by_node);
  /// What to do about one chunk, here and now.
  void drop_surplus(const ChunkKey& chunk, const ShardPlan& plan,
                    const std::vector<OwnerShards>& owners);
  bool is_ours_to_repair(const ChunkKey& chunk, const std::vector<OwnerShards>& owners) const;
  Task<> repair(ChunkKey chunk, std::vector<ShardPlan::Gift> gifts);
  /// Gives what some node still has; what is left to compute.
  Task<std::vector<ShardPlan::Gift>> carry(ChunkKey chunk, std::vector<ShardPlan::Gift> gifts,
                                           std::map<NodeId, ShardsThere> holders);
  Task<> compute(ChunkKey chunk, std::uint32_t chunk_bytes, std::vector<ShardPlan::Gift> gifts);
  /// 0: nobody tells.
  Task<std::uint32_t> length_of(ChunkKey chunk, std::map<NodeId, ShardsThere> holders);
  Task<Result<Done>> give(ChunkKey chunk, std::uint32_t chunk_bytes, ShardPlan::Gift gift,
                          Blob shard);
  Task<std::optional<FetchShard::Answer>> fetch(NodeId from, ChunkKey chunk, unsigned index);
  const Layout& layout() const { return chunks_.placement().newest(); }

  Node& node_;
  ChunkStore& store_;
  Chunks& chunks_;
  ChunkRepairSettings settings_;
  std::function<bool(const ChunkKey&)> is_garbage_ = [](const ChunkKey&) { return false; };
  std::map<ChunkKey, Time> next_look_;
  std::uint64_t layout_seen_ = 0;
  ErasureCodes codes_;
};

}  // namespace evenkeel
