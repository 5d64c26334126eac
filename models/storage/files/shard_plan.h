// Which shards of a chunk its owners lack, and who gets which: from what the owners said they hold.
#pragma once

#include <optional>

#include "models/runtime/node_id.h"
#include "models/storage/files/chunk_messages.h"

namespace evenkeel {

/// One of the chunk's owners; nothing: it did not answer.
struct OwnerShards {
  NodeId node{};
  std::optional<ShardsThere> shards = {};
};

struct ShardPlan {
  struct Gift {
    NodeId to{};
    std::uint8_t index = 0;
  };
  std::vector<Gift> gifts = {};
  bool complete = false;  // every owner answered, and together they hold all
  bool sure = false;      // complete, counting only shards seen whole since their node started
  /// By owner, what it holds beyond its part, as bits; to be dropped when all is sure.
  std::vector<std::uint32_t> surplus = {};
};

/// Owners in the order of rendezvous(). Each is to hold one shard, or as few more as it takes if
/// there are fewer owners than shards; copies are never two on one. While an owner is silent, only
/// owners with nothing get something, if possible not what the silent one probably has.
ShardPlan plan_shards(Coding coding, const std::vector<OwnerShards>& owners);

}  // namespace evenkeel
