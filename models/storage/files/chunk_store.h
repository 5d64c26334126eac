// The shards on one node's disk, a file each, and in memory what is there.
#pragma once

#include <map>
#include <set>

#include "models/runtime/node.h"
#include "models/storage/files/chunk.h"

namespace evenkeel {

struct ChunkStoreSettings {
  std::string name = "chunk";  // its files begin with it: tells apart several on one disk
  std::uint64_t capacity_bytes = std::uint64_t{1} << 40;
  double kept_for_repair = 0.05;  // share of the capacity that no new file gets
};

/// What a node holds of one chunk. Shards as bits by index.
struct HeldChunk {
  std::uint32_t chunk_bytes = 0;
  std::uint32_t shards = 0;
  std::uint32_t sure = 0;         // written or read whole since the node started
  Time touched{};                 // when somebody last said that he needs it; else the start
  std::uint64_t last_writer = 0;  // who; 0: since the start nobody, or a repair
};

class ChunkStore {
 public:
  /// Finds what the disk holds: reads the headers, and removes what is no shard or not all of one.
  ChunkStore(Node& node, const ChunkStoreSettings& settings);
  ChunkStore(const ChunkStore&) = delete;

  enum class Purpose : std::uint8_t { new_file, repair };
  /// Writes and syncs the shard; whether it was not there before. The bytes fit the header. After
  /// an error nothing is left: ErrorCode::full beyond the capacity, or if the disk takes no more.
  Result<bool> put(const ShardHeader& header, View8 bytes, Purpose purpose, std::uint64_t writer);
  /// Read and compared with its hash. ErrorCode::not_found; ErrorCode::disk: it was corrupt, is
  /// dropped, and is suspected.
  Result<Blob> get(const ChunkKey& chunk, unsigned index);
  void drop(const ChunkKey& chunk, unsigned index);
  /// Drops a shard that this writer brought, if nobody else needed it since.
  bool withdraw(const ChunkKey& chunk, unsigned index, std::uint64_t writer);
  /// Somebody needs the chunk: it is not garbage for a while.
  void touch(const ChunkKey& chunk, std::uint64_t writer);

  /// Null: nothing.
  const HeldChunk* find(const ChunkKey& chunk) const;
  const std::map<ChunkKey, HeldChunk>& all() const { return chunks_; }
  /// Of the files on the disk.
  std::uint64_t used_bytes() const { return used_bytes_; }
  std::uint64_t capacity_bytes() const { return settings_.capacity_bytes; }

  /// Chunks of which a shard was lost here, for whoever repairs; forgets them.
  std::set<ChunkKey> take_suspects() { return std::exchange(suspects_, {}); }
  void suspect(const ChunkKey& chunk) { suspects_.insert(chunk); }

  static std::string file_name(const ChunkKey& chunk, unsigned index,
                               std::string_view store = "chunk");

 private:
  void find_on_disk(const std::string& file);
  Result<bool> write(const ShardHeader& header, View8 bytes, const std::string& file);

  Node& node_;
  ChunkStoreSettings settings_;
  std::map<ChunkKey, HeldChunk> chunks_;
  std::uint64_t used_bytes_ = 0;
  std::set<ChunkKey> suspects_;
};

}  // namespace evenkeel
