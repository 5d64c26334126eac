#include "models/storage/files/chunks.h"

#include <algorithm>
#include <bit>

#include "models/runtime/quorum.h"

namespace evenkeel {

std::vector<NodeId> owners(const Layout& layout, const ChunkKey& chunk) {
  return rendezvous(layout, chunk.id, chunk.coding.total());
}

Chunks::Chunks(Node& node, const Placement& placement, const ChunkSettings& settings)
    : node_(node), placement_(placement), settings_(settings) {}

struct Chunks::Storing {
  explicit Storing(World& world) : changed(world) {}
  std::uint64_t writer = 0;
  std::size_t open = 0;        // shards under way
  std::size_t open_alive = 0;  // of those, to nodes believed alive
  std::size_t wanted = 0;      // that many durable ones are enough
  StoredChunk chunk;
  std::optional<Error> full, error;
  Signal changed;

  bool is_enough() const { return chunk.durable.size() >= wanted; }
};

Task<Result<StoredChunk>> Chunks::store(Blob chunk, Coding coding, std::uint64_t writer) {
  EVENKEEL_CHECK(!chunk.empty() && chunk.size() <= most_chunk_bytes, "a chunk of this length");
  const ChunkCosts& costs = settings_.costs;
  const double shards_hashed =
      coding.is_copies() ? 0 : static_cast<double>(coding.total()) / coding.data;
  const double shards_computed = coding.is_copies() ? 0 : coding.parity;
  co_await node_.compute(
      Work{static_cast<double>(chunk.size()) *
           (costs.hash_per_byte * (1 + shards_hashed) + costs.code_per_byte * shards_computed)});
  const auto storing = std::make_shared<Storing>(node_.world());
  storing->chunk.key = {sha256(chunk), coding};
  storing->chunk.bytes = static_cast<std::uint32_t>(chunk.size());
  storing->writer = writer;
  const std::vector<NodeId> nodes = owners(placement_.newest(), storing->chunk.key);
  if (nodes.empty()) co_return Error{ErrorCode::no_quorum, "no node keeps files; add members"};
  send_shards(storing, cut(codes_.of(coding), chunk), nodes);
  chunk = {};
  const std::size_t shards = storing->open;
  Task<> waiting = wait_for_shards(storing);
  co_await std::move(waiting);
  if (storing->is_enough()) co_return storing->chunk;
  withdraw(storing->chunk, writer);
  if (storing->full) co_return *storing->full;
  const bool refused = storing->error && storing->error->code != ErrorCode::timeout;
  co_return Error{ErrorCode::no_quorum,
                  "only " + std::to_string(storing->chunk.durable.size()) + " of " +
                      std::to_string(shards) + " shards are durable" +
                      (refused ? ": " + storing->error->detail : std::string{}) +
                      "; try again when more nodes can be reached"};
}

void Chunks::send_shards(const std::shared_ptr<Storing>& storing, std::vector<Blob> shards,
                         const std::vector<NodeId>& nodes) {
  const ChunkKey& key = storing->chunk.key;
  const bool copies = key.coding.is_copies();
  const std::size_t count = copies ? nodes.size() : shards.size();
  storing->wanted = std::min<std::size_t>(key.coding.data + 1U, count);
  storing->open = count;
  for (std::size_t i = 0; i < count; ++i)
    if (placement_.is_alive(nodes[i % nodes.size()])) ++storing->open_alive;
  for (std::size_t i = 0; i < count; ++i) {
    StoreShard question{
        .header = {.chunk = key, .chunk_bytes = storing->chunk.bytes, .hash = key.id},
        .writer = storing->writer};
    if (copies) {
      question.bytes = shards.front();
    } else {
      question.header.index = static_cast<std::uint8_t>(i);
      question.header.hash = sha256(shards[i]);
      question.bytes = std::move(shards[i]);
    }
    node_.spawn(store_one(storing, nodes[i % nodes.size()], std::move(question)));
  }
}

// For all, or for enough and those that are not late or believed dead.
Task<> Chunks::wait_for_shards(std::shared_ptr<Storing> storing) {
  Time limit = never;  // each question has its own
  while (storing->open > 0) {
    if (storing->is_enough()) {
      if (limit == never) limit = node_.now() + settings_.patience;
      if (storing->open_alive == 0 || node_.now() >= limit) break;
    }
    storing->changed.reset();
    const Signal::Wait wait = storing->changed.wait_until(limit);
    co_await wait;
  }
}

Task<> Chunks::store_one(std::shared_ptr<Storing> storing, NodeId to, StoreShard question) {
  const std::uint8_t index = question.header.index;
  const bool alive = placement_.is_alive(to);
  Task<Result<bool>> asked = ask(node_, to, Port::chunks, question, settings_.timeout);
  question.bytes = {};
  const Result<bool> stored = co_await std::move(asked);
  --storing->open;
  if (alive) --storing->open_alive;
  if (stored) {
    storing->chunk.durable.emplace_back(to, index);
    if (*stored) storing->chunk.brought.emplace_back(to, index);
  } else {
    (stored.error().code == ErrorCode::full ? storing->full : storing->error) = stored.error();
  }
  storing->changed.raise();
}

void Chunks::withdraw(const StoredChunk& chunk, std::uint64_t writer) {
  for (const auto& [node, index] : chunk.brought)
    node_.spawn(withdraw_one(node, {chunk.key, index, writer}));
}

Task<> Chunks::withdraw_one(NodeId from, WithdrawShard question) {
  Task<Result<bool>> asked = ask(node_, from, Port::chunks, question, settings_.timeout);
  [[maybe_unused]] const Result<bool> gone = co_await std::move(asked);
}

Task<Result<Done>> Chunks::touch(std::vector<ChunkKey> chunks, std::uint64_t writer) {
  std::map<NodeId, std::vector<ChunkKey>> by_node;
  std::map<ChunkKey, std::uint32_t> found;
  for (const ChunkKey& chunk : chunks)
    if (found.emplace(chunk, 0).second)
      for (const NodeId node : owners(placement_.newest(), chunk)) by_node[node].push_back(chunk);
  for (const auto& [node, its] : by_node)
    for (std::size_t from = 0; from < its.size(); from += most_chunks_asked) {
      HasShards question{.touch = true, .writer = writer};
      const std::size_t to = std::min(its.size(), from + most_chunks_asked);
      question.chunks.assign(its.begin() + static_cast<std::ptrdiff_t>(from),
                             its.begin() + static_cast<std::ptrdiff_t>(to));
      Task<Result<std::vector<ShardsThere>>> asked =
          ask(node_, node, Port::chunks, question, settings_.patience);
      const Result<std::vector<ShardsThere>> there = co_await std::move(asked);
      if (!there || there->size() != question.chunks.size()) continue;
      for (std::size_t i = 0; i < there->size(); ++i) found[question.chunks[i]] |= (*there)[i].held;
    }
  for (const auto& [chunk, shards] : found)
    if (std::popcount(shards) < chunk.coding.data)
      co_return Error{ErrorCode::not_found,
                      "chunk " + to_string(chunk) + " is no longer there; write the file again"};
  co_return Done{};
}

}  // namespace evenkeel
