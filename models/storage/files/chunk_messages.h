// What is asked of a node that keeps shards, on Port::chunks.
#pragma once

#include "models/storage/files/chunk.h"

namespace evenkeel {

/// The longest list of chunks in one message.
inline constexpr std::size_t most_chunks_asked = 1000;

/// Keep this shard. Answered when it is durable; true: it was not there before.
struct StoreShard {
  static constexpr std::uint16_t tag = 1;
  using Answer = bool;
  ShardHeader header = {};
  bool is_repair = false;
  std::uint64_t writer = 0;  // a put's number, so that it can withdraw what it brought
  Blob bytes = {};

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(header, is_repair, writer, bytes);
  }
};

/// One shard of the chunk, the first that is not among `but`.
struct FetchShard {
  static constexpr std::uint16_t tag = 2;
  struct Answer {
    std::uint8_t index = 0;
    std::uint32_t chunk_bytes = 0;
    Blob bytes = {};

    template <class Visitor>
    void fields(Visitor& visit) {
      visit(index, chunk_bytes, bytes);
    }
  };
  ChunkKey chunk = {};
  std::uint32_t but = 0;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(chunk, but);
  }
};

/// As bits by index.
struct ShardsThere {
  std::uint32_t held = 0;
  std::uint32_t sure = 0;  // of those, seen whole since the node started

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(held, sure);
  }
};

/// Which shards of these chunks are there. With `touch`: they are needed, and stay for a while even
/// if no file has them yet.
struct HasShards {
  static constexpr std::uint16_t tag = 3;
  using Answer = std::vector<ShardsThere>;
  std::vector<ChunkKey> chunks = {};
  bool touch = false;
  std::uint64_t writer = 0;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(chunks, touch, writer);
  }
};

/// A put failed: what it brought may go, unless somebody else needed it since. True: it is gone.
struct WithdrawShard {
  static constexpr std::uint16_t tag = 4;
  using Answer = bool;
  ChunkKey chunk = {};
  std::uint8_t index = 0;
  std::uint64_t writer = 0;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(chunk, index, writer);
  }
};

/// Somebody got bytes that do not fit the others: read it again, and drop it if it is corrupt.
/// True: it was.
struct ReportShard {
  static constexpr std::uint16_t tag = 5;
  using Answer = bool;
  ChunkKey chunk = {};
  std::uint8_t index = 0;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(chunk, index);
  }
};

/// What the node holds, in the order of ids, after this one; fewer than `limit`: that was all.
struct ListChunks {
  static constexpr std::uint16_t tag = 6;
  struct Item {
    ChunkKey chunk = {};
    std::uint32_t chunk_bytes = 0;
    ShardsThere shards = {};

    template <class Visitor>
    void fields(Visitor& visit) {
      visit(chunk, chunk_bytes, shards);
    }
  };
  using Answer = std::vector<Item>;
  ChunkKey after = {};
  std::uint32_t limit = 0;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(after, limit);
  }
};

}  // namespace evenkeel
