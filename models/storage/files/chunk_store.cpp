#include "models/storage/files/chunk_store.h"

namespace evenkeel {
namespace {

std::uint64_t file_bytes(std::uint32_t shard) { return ShardHeader::size + shard; }

}  // namespace

std::string ChunkStore::file_name(const ChunkKey& chunk, unsigned index, std::string_view store) {
  return std::string{store} + "-" + hex(chunk.id) + "-" + std::to_string(chunk.coding.data) + "-" +
         std::to_string(chunk.coding.parity) + "-" + std::to_string(index);
}

ChunkStore::ChunkStore(Node& node, const ChunkStoreSettings& settings)
    : node_(node), settings_(settings) {
  for (const std::string& file : node.disk().list())
    if (file.starts_with(settings_.name + "-")) find_on_disk(file);
}

// That the last byte is there says that none before it is missing; whether they are right is found
// out when they are read.
void ChunkStore::find_on_disk(const std::string& file) {
  Disk& disk = node_.disk();
  const Result<std::vector<std::byte>> start = disk.read(file, 0, ShardHeader::size);
  const std::optional<ShardHeader> header = start ? decode_header(*start) : std::nullopt;
  if (header && file_name(header->chunk, header->index, settings_.name) == file) {
    const Result<std::vector<std::byte>> end = disk.read(file, file_bytes(header->bytes()) - 1, 2);
    if (end && end->size() == 1) {
      HeldChunk& held = chunks_[header->chunk];
      held.chunk_bytes = header->chunk_bytes;
      held.shards |= 1U << header->index;
      held.touched = node_.now();
      used_bytes_ += file_bytes(header->bytes());
      return;
    }
  }
  node_.probe().count("torn shards found", node_.id(), 1);
  disk.remove(file);
}

Result<bool> ChunkStore::put(const ShardHeader& header, View8 bytes, Purpose purpose,
                             std::uint64_t writer) {
  const auto held = chunks_.find(header.chunk);
  const std::uint32_t bit = 1U << header.index;
  if (held != chunks_.end() && held->second.chunk_bytes != header.chunk_bytes)
    return Error{ErrorCode::conflict, "the chunk is said to have another length"};
  if (held != chunks_.end() && (held->second.shards & bit) != 0 &&
      ((held->second.sure & bit) != 0 || get(header.chunk, header.index))) {
    touch(header.chunk, writer);
    return false;
  }
  const double share = purpose == Purpose::repair ? 1 : 1 - settings_.kept_for_repair;
  if (static_cast<double>(used_bytes_ + file_bytes(header.bytes())) >
      share * static_cast<double>(settings_.capacity_bytes))
    return Error{ErrorCode::full, node_.name() + " has no space left for files"};
  const std::string file = file_name(header.chunk, header.index, settings_.name);
  const Result<bool> written = write(header, bytes, file);
  if (!written) {
    node_.disk().remove(file);
    return written;
  }
  HeldChunk& chunk = chunks_[header.chunk];
  chunk.chunk_bytes = header.chunk_bytes;
  chunk.shards |= bit;
  chunk.sure |= bit;
  used_bytes_ += file_bytes(header.bytes());
  touch(header.chunk, writer);
  return true;
}

Result<bool> ChunkStore::write(const ShardHeader& header, View8 bytes, const std::string& file) {
  Disk& disk = node_.disk();
  Blob content = encode_header(header);
  content.insert(content.end(), bytes.begin(), bytes.end());
  const Result<std::size_t> written = disk.write(file, 0, content);
  if (!written) return Error{ErrorCode::full, node_.name() + ": " + written.error().detail};
  const Result<std::size_t> synced = disk.sync(file);
  if (!synced) return synced.error();
  return true;
}

Result<Blob> ChunkStore::get(const ChunkKey& chunk, unsigned index) {
  const auto held = chunks_.find(chunk);
  if (held == chunks_.end() || index >= 32 || (held->second.shards >> index & 1) == 0)
    return Error{ErrorCode::not_found, node_.name() + " has no such shard"};
  const std::uint32_t size = shard_bytes(chunk.coding, held->second.chunk_bytes);
  Result<std::vector<std::byte>> content =
      node_.disk().read(file_name(chunk, index, settings_.name), 0, file_bytes(size) + 1);
  const std::optional<ShardHeader> header = content ? decode_header(*content) : std::nullopt;
  if (header && header->chunk == chunk && header->index == index &&
      content->size() == file_bytes(size) &&
      sha256(View8{*content}.subspan(ShardHeader::size)) == header->hash) {
    held->second.sure |= 1U << index;
    content->erase(content->begin(), content->begin() + ShardHeader::size);
    return std::move(*content);
  }
  node_.probe().count("corrupt shards found", node_.id(), 1);
  node_.probe().event(node_.now(), node_.id(), "shard lost",
                      to_string(chunk) + ", shard " + std::to_string(index) + " was corrupt");
  drop(chunk, index);
  suspect(chunk);
  return Error{ErrorCode::disk, "the shard was corrupt"};
}

void ChunkStore::drop(const ChunkKey& chunk, unsigned index) {
  const auto held = chunks_.find(chunk);
  if (held == chunks_.end() || index >= 32 || (held->second.shards >> index & 1) == 0) return;
  node_.disk().remove(file_name(chunk, index, settings_.name));
  used_bytes_ -= file_bytes(shard_bytes(chunk.coding, held->second.chunk_bytes));
  held->second.shards &= ~(1U << index);
  held->second.sure &= ~(1U << index);
  if (held->second.shards == 0) chunks_.erase(held);
}

bool ChunkStore::withdraw(const ChunkKey& chunk, unsigned index, std::uint64_t writer) {
  const auto held = chunks_.find(chunk);
  if (held == chunks_.end() || writer == 0 || held->second.last_writer != writer) return false;
  drop(chunk, index);
  return true;
}

void ChunkStore::touch(const ChunkKey& chunk, std::uint64_t writer) {
  const auto held = chunks_.find(chunk);
  if (held == chunks_.end()) return;
  held->second.touched = node_.now();
  held->second.last_writer = writer;
}

const HeldChunk* ChunkStore::find(const ChunkKey& chunk) const {
  const auto held = chunks_.find(chunk);
  return held == chunks_.end() ? nullptr : &held->second;
}

}  // namespace evenkeel
