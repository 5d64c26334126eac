#include "models/storage/files/chunk_server.h"

#include <bit>

namespace evenkeel {
namespace {

/// Counts a request as long as it runs, however it ends.
class Running {
 public:
  explicit Running(std::size_t& count) : count_(count) { ++count_; }
  Running(const Running&) = delete;
  ~Running() { --count_; }

 private:
  std::size_t& count_;
};

Error overloaded() {
  return {ErrorCode::overloaded, "too many shards at once; ask again later, or another node"};
}

}  // namespace

ChunkServer::ChunkServer(Node& node, ChunkStore& store, const ChunkServerSettings& settings)
    : node_(node), store_(store), settings_(settings), service_(node, Port::chunks) {
  service_.on(&ChunkServer::store, *this);
  service_.on(&ChunkServer::fetch, *this);
  service_.on(&ChunkServer::has, *this);
  service_.on(&ChunkServer::withdraw, *this);
  service_.on(&ChunkServer::report, *this);
  service_.on(&ChunkServer::list, *this);
}

Task<Result<bool>> ChunkServer::store(NodeId, StoreShard question) {
  const ShardHeader& header = question.header;
  if (!header.is_sound() || question.bytes.size() != header.bytes())
    co_return Error{ErrorCode::malformed, "a shard whose header does not fit it"};
  if (at_once_ >= settings_.most_at_once) co_return overloaded();
  const Running running{at_once_};
  co_await node_.compute(hashing(question.bytes.size()));
  if (sha256(question.bytes) != header.hash)
    co_return Error{ErrorCode::malformed, "a shard that is not what its hash says"};
  const auto purpose =
      question.is_repair ? ChunkStore::Purpose::repair : ChunkStore::Purpose::new_file;
  const Result<bool> is_new = store_.put(header, question.bytes, purpose, question.writer);
  if (is_new) co_await node_.disk_done();
  co_return is_new;
}

Task<Result<FetchShard::Answer>> ChunkServer::fetch(NodeId, FetchShard question) {
  const HeldChunk* held = store_.find(question.chunk);
  const std::uint32_t shards = held == nullptr ? 0 : held->shards & ~question.but;
  if (shards == 0) co_return Error{ErrorCode::not_found, node_.name() + " has no such shard"};
  if (at_once_ >= settings_.most_at_once) co_return overloaded();
  const Running running{at_once_};
  const auto index = static_cast<std::uint8_t>(std::countr_zero(shards));
  const std::uint32_t chunk_bytes = held->chunk_bytes;
  Result<Blob> bytes = store_.get(question.chunk, index);
  co_await node_.disk_done();
  if (!bytes) co_return bytes.error();
  co_await node_.compute(hashing(bytes->size()));
  co_return FetchShard::Answer{index, chunk_bytes, std::move(*bytes)};
}

Task<Result<std::vector<ShardsThere>>> ChunkServer::has(NodeId, HasShards question) {
  if (question.chunks.size() > most_chunks_asked)
    co_return Error{ErrorCode::invalid, "ask for fewer chunks at once"};
  std::vector<ShardsThere> answer;
  for (const ChunkKey& chunk : question.chunks) {
    const HeldChunk* held = store_.find(chunk);
    answer.push_back(held == nullptr ? ShardsThere{} : ShardsThere{held->shards, held->sure});
    if (question.touch) store_.touch(chunk, question.writer);
  }
  co_return answer;
}

Task<Result<bool>> ChunkServer::withdraw(NodeId, WithdrawShard question) {
  co_return store_.withdraw(question.chunk, question.index, question.writer);
}

Task<Result<bool>> ChunkServer::report(NodeId, ReportShard question) {
  const HeldChunk* held = store_.find(question.chunk);
  if (held == nullptr) co_return false;
  if (at_once_ >= settings_.most_at_once) co_return overloaded();
  const Running running{at_once_};
  co_await node_.compute(hashing(shard_bytes(question.chunk.coding, held->chunk_bytes)));
  const Result<Blob> bytes = store_.get(question.chunk, question.index);
  co_await node_.disk_done();
  co_return !bytes && bytes.error().code == ErrorCode::disk;
}

Task<Result<std::vector<ListChunks::Item>>> ChunkServer::list(NodeId from, ListChunks question) {
  if (const Result<Done> may = rule_ ? rule_(from) : Done{}; !may) co_return may.error();
  std::vector<ListChunks::Item> items;
  const std::size_t limit = std::min<std::size_t>(question.limit, most_chunks_asked);
  for (auto next = store_.all().upper_bound(question.after);
       next != store_.all().end() && items.size() < limit; ++next)
    items.push_back(
        {next->first, next->second.chunk_bytes, {next->second.shards, next->second.sure}});
  co_return items;
}

}  // namespace evenkeel
