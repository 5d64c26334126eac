// Chunks over many nodes, for whoever reads and writes files: stores each on the nodes that the
// layout names, and finds it again while any k of its shards are left.
#pragma once

#include "models/runtime/signal.h"
#include "models/storage/files/chunk_messages.h"
#include "models/storage/placement.h"

namespace evenkeel {

struct ChunkSettings {
  Duration timeout = seconds(10);  // of one shard, there or back
  Duration patience = seconds(2);  // for the last shards of a put, when enough are durable
  Duration hedge = seconds(1);     // until a get asks another node too
  ChunkCosts costs = {};
};

/// A shard and where it is.
using ShardPlace = std::pair<NodeId, std::uint8_t>;

/// A chunk that is durable.
struct StoredChunk {
  ChunkKey key = {};
  std::uint32_t bytes = 0;
  std::vector<ShardPlace> durable = {};  // when it was acknowledged
  std::vector<ShardPlace> brought = {};  // of those, what was not there before
};

/// The nodes that ought to hold the chunk's shards: k+m, or all members if there are fewer. Which
/// of them has which shard is open. Shards go round if there are fewer nodes; copies do not.
std::vector<NodeId> owners(const Layout& layout, const ChunkKey& chunk);

class Chunks {
 public:
  /// Both outlive the node's tasks.
  Chunks(Node& node, const Placement& placement, const ChunkSettings& settings = {});
  Chunks(const Chunks&) = delete;

  /// Comes back when all shards are durable, or at least k+1 are (all, if there are fewer nodes)
  /// and the rest is late or failed: that is left to repair. ErrorCode::full or no_quorum: too few
  /// are, and what was brought is withdrawn. `writer` is not 0.
  Task<Result<StoredChunk>> store(Blob chunk, Coding coding, std::uint64_t writer);
  /// The chunk, compared with its id. ErrorCode::not_found: every node says that it has none, or
  /// too few have; ErrorCode::no_quorum: too few could be asked. Corrupt shards are reported.
  Task<Result<Blob>> load(ChunkKey chunk, std::uint32_t chunk_bytes);
  /// Says that the chunks are needed. ErrorCode::not_found: one is no longer there whole.
  Task<Result<Done>> touch(std::vector<ChunkKey> chunks, std::uint64_t writer);
  /// Takes back what this writer brought, unless others need it since.
  void withdraw(const StoredChunk& chunk, std::uint64_t writer);

  const ChunkSettings& settings() const { return settings_; }
  const Placement& placement() const { return placement_; }

 private:
  struct Storing;
  struct Loading;

  Task<> store_one(std::shared_ptr<Storing> storing, NodeId to, StoreShard question);
  Task<> withdraw_one(NodeId from, WithdrawShard question);
  Task<> wait_for_shards(std::shared_ptr<Storing> storing);
  void send_shards(const std::shared_ptr<Storing>& storing, std::vector<Blob> shards,
                   const std::vector<NodeId>& nodes);
  Task<> load_one(std::shared_ptr<Loading> loading, NodeId from);
  std::vector<NodeId> reading_order(const ChunkKey& chunk);
  /// Whether some k of the shards make the chunk.
  Task<bool> assemble(std::shared_ptr<Loading> loading);
  void report(const Loading& loading, std::uint32_t used);
  Task<> report_one(NodeId to, ReportShard question);

  Node& node_;
  const Placement& placement_;
  ChunkSettings settings_;
  ErasureCodes codes_;
};

}  // namespace evenkeel
