// Chunks, the immutable pieces of files, named by the SHA-256 of their bytes; and shards, what a
// node keeps of one: a copy, or a piece of an erasure code. Each shard says by itself what it is
// part of, so that nothing is lost when whatever described the chunk is.
#pragma once

#include <optional>

#include "models/crypto/crypto.h"
#include "models/storage/files/erasure_code.h"

namespace evenkeel {

inline constexpr std::uint32_t most_chunk_bytes = 4 << 20;

/// The same bytes cut in another way have other shards: the coding is part of the name.
struct ChunkKey {
  Digest id = {};
  Coding coding = {};
  friend auto operator<=>(const ChunkKey&, const ChunkKey&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(id, coding);
  }
};

/// For the time line: the first bytes of the id, and the coding.
std::string to_string(const ChunkKey& chunk);

/// How long each shard of a chunk is: the chunk for copies, else a k-th of it, filled up with zeros
/// to a multiple of 64.
std::uint32_t shard_bytes(Coding coding, std::uint32_t chunk_bytes);

struct ShardHeader {
  static constexpr std::size_t size = 91;

  ChunkKey chunk = {};
  std::uint8_t index = 0;  // 0 for every copy
  std::uint32_t chunk_bytes = 0;
  Digest hash = {};  // of the shard

  std::uint32_t bytes() const { return shard_bytes(chunk.coding, chunk_bytes); }
  /// The coding and the sizes are possible, and a copy's hash is the chunk's.
  bool is_sound() const;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(chunk, index, chunk_bytes, hash);
  }
};

/// Of exactly ShardHeader::size bytes, with a checksum.
Blob encode_header(const ShardHeader& header);
/// Nothing if the bytes, of which the first count, are no header, or not a sound one.
std::optional<ShardHeader> decode_header(View8 bytes);

/// All k+m shards of a chunk, in order; of copies one, since all are equal.
std::vector<Blob> cut(const ErasureCode& code, View8 chunk);

/// A shard of known index; all of a chunk have the same size.
using IndexedShard = std::pair<unsigned, Blob>;
/// The chunk from any k of its shards, as computed: its hash is still to be compared.
Result<Blob> join(ErasureCode& code, std::span<const IndexedShard> shards,
                  std::uint32_t chunk_bytes);
/// What computing on bytes costs, in operations: measured at 2 Gop/s, SHA-256 takes 1.8 GB/s and
/// a row of the erasure code 80 GB/s.
struct ChunkCosts {
  double hash_per_byte = 1.1;
  double code_per_byte = 0.025;  // for each shard that is computed, a byte of the chunk
};

}  // namespace evenkeel
