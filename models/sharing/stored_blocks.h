// A node's chunk store as the place where a swarm keeps its blocks: each block is one shard, a
// copy. A store of its own, beside that of the files: what is here nobody repairs, collects or
// counts.
#pragma once

#include "models/sharing/block_swarm.h"
#include "models/storage/files/chunk_store.h"

namespace evenkeel {

class StoredBlocks final : public BlockSource {
 public:
  /// The node outlives it.
  explicit StoredBlocks(Node& node, std::uint64_t capacity_bytes = std::uint64_t{1} << 40)
      : store_(node, {.name = "shared", .capacity_bytes = capacity_bytes}) {}

  bool has(const Digest& block) const override { return store_.find(key_of(block)) != nullptr; }
  /// ErrorCode::disk: it was corrupt, and is gone. Read from the disk, whose time is to be awaited.
  Result<Blob> get(const Digest& block) const override { return store_.get(key_of(block), 0); }
  /// ErrorCode::full: no room for it, or it is longer than a chunk may be.
  Result<Done> put(const Digest& block, View8 bytes) override {
    if (bytes.empty() || bytes.size() > most_chunk_bytes)
      return Error{ErrorCode::full, "no block can be so long"};
    const ShardHeader header{.chunk = key_of(block),
                             .chunk_bytes = static_cast<std::uint32_t>(bytes.size()),
                             .hash = block};
    const Result<bool> is_new = store_.put(header, bytes, ChunkStore::Purpose::new_file, 0);
    return is_new ? Result<Done>{Done{}} : is_new.error();
  }
  void drop(const Digest& block) { store_.drop(key_of(block), 0); }
  void drop_all_but(const std::set<Digest>& wanted) {
    std::vector<Digest> others;
    for (const auto& [key, held] : store_.all())
      if (!wanted.contains(key.id)) others.push_back(key.id);
    for (const Digest& block : others) drop(block);
  }
  std::uint64_t used_bytes() const { return store_.used_bytes(); }

 private:
  static ChunkKey key_of(const Digest& block) { return {block, Coding::copies(1)}; }

  mutable ChunkStore store_;  // to read it is to find out what is corrupt
};

}  // namespace evenkeel
