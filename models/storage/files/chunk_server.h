// The part of a node that keeps shards for others: answers Port::chunks.
#pragma once

#include <functional>

#include "models/runtime/service.h"
#include "models/storage/files/chunk_messages.h"
#include "models/storage/files/chunk_store.h"

namespace evenkeel {

struct ChunkServerSettings {
  std::size_t most_at_once = 64;  // shards being stored or fetched; more are ErrorCode::overloaded
  ChunkCosts costs = {};
};

/// Says why that node may not list what is here: ErrorCode::denied. Pieces go to whoever knows
/// their hash: to keep the hashes secret is to keep the pieces secret.
using ListRule = std::function<Result<Done>(NodeId asker)>;

/// What it acknowledges is durable, and what it gives was compared with its hash.
class ChunkServer {
 public:
  /// All but the settings outlive the node's tasks.
  ChunkServer(Node& node, ChunkStore& store, const ChunkServerSettings& settings = {});
  ChunkServer(const ChunkServer&) = delete;

  void guard(ListRule rule) { rule_ = std::move(rule); }

 private:
  Task<Result<bool>> store(NodeId from, StoreShard question);
  Task<Result<FetchShard::Answer>> fetch(NodeId from, FetchShard question);
  Task<Result<std::vector<ShardsThere>>> has(NodeId from, HasShards question);
  Task<Result<bool>> withdraw(NodeId from, WithdrawShard question);
  Task<Result<bool>> report(NodeId from, ReportShard question);
  Task<Result<std::vector<ListChunks::Item>>> list(NodeId from, ListChunks question);
  Work hashing(std::size_t bytes) const {
    return {settings_.costs.hash_per_byte * static_cast<double>(bytes)};
  }

  Node& node_;
  ChunkStore& store_;
  ChunkServerSettings settings_;
  std::size_t at_once_ = 0;
  ListRule rule_;
  Service service_;
};

}  // namespace evenkeel
