#include "models/storage/files/chunk.h"

#include <xxhash.h>

#include <algorithm>
#include <bit>

#include "models/runtime/message.h"

namespace evenkeel {
namespace {

constexpr std::uint64_t magic = 0x3144524148534b45;  // "EKSHARD1"
constexpr std::uint32_t alignment = 64;

std::uint64_t checksum(View8 bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

}  // namespace

std::string to_string(const ChunkKey& chunk) {
  return hex(View8{chunk.id}.first(6)) + " " + std::to_string(chunk.coding.data) + "+" +
         std::to_string(chunk.coding.parity);
}

std::uint32_t shard_bytes(Coding coding, std::uint32_t chunk_bytes) {
  if (coding.is_copies()) return chunk_bytes;
  const std::uint32_t part = (chunk_bytes + coding.data - 1) / coding.data;
  return (part + alignment - 1) / alignment * alignment;
}

bool ShardHeader::is_sound() const {
  if (!chunk.coding.is_sound() || chunk_bytes == 0 || chunk_bytes > most_chunk_bytes) return false;
  return chunk.coding.is_copies() ? index == 0 && hash == chunk.id : index < chunk.coding.total();
}

Blob encode_header(const ShardHeader& header) {
  Blob bytes;
  append(bytes, magic, header, header.bytes());
  append(bytes, checksum(bytes));
  EVENKEEL_CHECK(bytes.size() == ShardHeader::size, "a header of another size");
  return bytes;
}

std::optional<ShardHeader> decode_header(View8 bytes) {
  if (bytes.size() < ShardHeader::size) return std::nullopt;
  Reader reader{bytes.first(ShardHeader::size)};
  const auto its_magic = reader.get<std::uint64_t>();
  auto header = read<ShardHeader>(reader);
  const auto its_bytes = reader.get<std::uint32_t>();
  const auto sum = reader.get<std::uint64_t>();
  if (!reader.done() || its_magic != magic ||
      sum != checksum(bytes.first(ShardHeader::size - sizeof sum)) || !header.is_sound() ||
      its_bytes != header.bytes())
    return std::nullopt;
  return header;
}

std::vector<Blob> cut(const ErasureCode& code, View8 chunk) {
  const Coding coding = code.coding();
  if (coding.is_copies()) return {Blob{chunk.begin(), chunk.end()}};
  const std::size_t size = shard_bytes(coding, static_cast<std::uint32_t>(chunk.size()));
  std::vector<Blob> shards(coding.total(), Blob(size));
  std::vector<const std::byte*> data;
  std::vector<std::byte*> parity;
  for (std::size_t i = 0; i < shards.size(); ++i) {
    if (i >= coding.data) {
      parity.push_back(shards[i].data());
      continue;
    }
    const std::size_t from = std::min(i * size, chunk.size());
    std::ranges::copy(chunk.subspan(from, std::min(size, chunk.size() - from)), shards[i].begin());
    data.push_back(shards[i].data());
  }
  code.encode(data, parity, size);
  return shards;
}

Result<Blob> join(ErasureCode& code, std::span<const IndexedShard> shards,
                  std::uint32_t chunk_bytes) {
  const Coding coding = code.coding();
  const std::size_t size = shard_bytes(coding, chunk_bytes);
  if (!std::ranges::all_of(shards, [&](const auto& one) { return one.second.size() == size; }))
    return Error{ErrorCode::malformed, "a shard of another size than its chunk's"};
  // Shards of data are copied to their place, the others are computed there.
  Blob chunk(size * coding.data);
  std::vector<ShardView> sources;
  std::vector<ShardRoom> rooms;
  for (const auto& [index, bytes] : shards) sources.push_back({index, bytes.data()});
  for (unsigned i = 0; i < coding.data; ++i) {
    std::byte* const place = chunk.data() + i * size;
    const auto there = std::ranges::find(shards, i, &IndexedShard::first);
    if (there == shards.end()) {
      rooms.push_back({i, place});
    } else {
      std::ranges::copy(there->second, place);
    }
  }
  const Result<Done> done = code.reconstruct(sources, rooms, size);
  if (!done) return done.error();
  chunk.resize(chunk_bytes);
  return chunk;
}

}  // namespace evenkeel
