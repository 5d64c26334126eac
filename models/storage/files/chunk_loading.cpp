// The reading half of Chunks.
#include <algorithm>
#include <bit>

#include "models/runtime/quorum.h"
#include "models/storage/files/chunks.h"

namespace evenkeel {
namespace {

constexpr unsigned most_combinations = 300;  // tried when some shard is wrong, but which?
constexpr unsigned most_shards_tried = Coding::most_data + Coding::most_parity;

template <class Container>
bool contains(const Container& all, NodeId node) {
  return std::ranges::find(all, node) != all.end();
}

}  // namespace

struct Chunks::Loading {
  explicit Loading(World& world) : changed(world) {}
  ChunkKey key;
  std::uint32_t chunk_bytes = 0;
  std::size_t open = 0;
  std::uint32_t seen = 0;  // indices of `shards`
  std::vector<IndexedShard> shards;
  std::vector<NodeId> from;  // who gave them
  std::uint32_t tried = 0;   // shards at the last assembly
  std::size_t unheard = 0;   // nodes that gave no answer
  std::optional<Blob> chunk;
  Signal changed;
};

Task<Result<Blob>> Chunks::load(ChunkKey chunk, std::uint32_t chunk_bytes) {
  if (!chunk.coding.is_sound() || chunk_bytes == 0 || chunk_bytes > most_chunk_bytes)
    co_return Error{ErrorCode::invalid, "no such chunk can be"};
  const auto loading = std::make_shared<Loading>(node_.world());
  loading->key = chunk;
  loading->chunk_bytes = chunk_bytes;
  const std::vector<NodeId> order = reading_order(chunk);
  std::size_t next = 0;
  std::size_t extra = 0;  // asked because others are late, or wrong
  while (true) {
    while (next < order.size() &&
           loading->open + loading->shards.size() < chunk.coding.data + extra) {
      ++loading->open;
      node_.spawn(load_one(loading, order[next++]));
    }
    loading->changed.reset();
    const Time limit = next < order.size() ? node_.now() + settings_.hedge : never;
    const Signal::Wait wait = loading->changed.wait_until(limit);
    if (loading->open > 0) co_await wait;
    const bool is_late = !loading->changed.is_raised();
    if (loading->shards.size() >= chunk.coding.data && loading->shards.size() > loading->tried) {
      Task<bool> assembling = assemble(loading);
      const bool whole = co_await std::move(assembling);
      if (whole) co_return std::move(*loading->chunk);
      extra = loading->shards.size() + 1 - chunk.coding.data;
    } else if (is_late) {
      ++extra;
    }
    if (loading->open == 0 && next == order.size() &&
        (loading->shards.size() <= loading->tried || loading->shards.size() < chunk.coding.data))
      break;
  }
  co_return Error{loading->unheard > 0 ? ErrorCode::no_quorum : ErrorCode::not_found,
                  "chunk " + to_string(chunk) + ": " + std::to_string(loading->shards.size()) +
                      " shards found, " + std::to_string(chunk.coding.data) + " are needed" +
                      (loading->unheard > 0 ? "; some nodes did not answer" : "")};
}

Task<> Chunks::load_one(std::shared_ptr<Loading> loading, NodeId from) {
  const ChunkKey key = loading->key;
  while (true) {
    const FetchShard question{key, loading->seen};
    Task<Result<FetchShard::Answer>> asked =
        ask(node_, from, Port::chunks, question, settings_.timeout);
    Result<FetchShard::Answer> got = co_await std::move(asked);
    const bool is_sound = got && got->chunk_bytes == loading->chunk_bytes &&
                          got->index < key.coding.total() &&
                          got->bytes.size() == shard_bytes(key.coding, loading->chunk_bytes);
    if (is_sound && (key.coding.is_copies() || (loading->seen >> got->index & 1) == 0)) {
      if (!key.coding.is_copies()) loading->seen |= 1U << got->index;
      loading->shards.emplace_back(got->index, std::move(got->bytes));
      loading->from.push_back(from);
    } else if (is_sound) {
      continue;  // what others gave meanwhile; it may have more
    } else if (!got && got.error().code != ErrorCode::not_found &&
               got.error().code != ErrorCode::disk) {
      ++loading->unheard;
    }
    break;
  }
  --loading->open;
  loading->changed.raise();
}

// Ourselves, then owners that live, from anywhere among them, then all who may still have it.
std::vector<NodeId> Chunks::reading_order(const ChunkKey& chunk) {
  std::vector<NodeId> order, rest;
  const auto add = [&](const std::vector<NodeId>& nodes) {
    for (const NodeId node : nodes)
      if (!contains(order, node) && !contains(rest, node))
        (placement_.is_alive(node) ? order : rest).push_back(node);
  };
  std::vector<NodeId> first = owners(placement_.readable(), chunk);
  if (chunk.coding.is_copies() && first.size() > 1)
    std::ranges::rotate(
        first, first.begin() + static_cast<std::ptrdiff_t>(node_.random().below(first.size())));
  const auto own = std::ranges::find(first, node_.id());
  if (own != first.end()) std::ranges::rotate(first.begin(), own, own + 1);
  add(first);
  for (const Layout* layout : placement_.in_force()) add(owners(*layout, chunk));
  for (const Layout* layout : placement_.in_force())
    for (const Member& member : layout->members) add({member.node});
  // Fewer owners than shards: some hold several.
  order.insert(order.end(), rest.begin(), rest.end());
  if (!chunk.coding.is_copies() && !first.empty())
    for (std::size_t i = first.size(); i < chunk.coding.total(); ++i)
      order.push_back(first[i % first.size()]);
  return order;
}

Task<bool> Chunks::assemble(std::shared_ptr<Loading> loading) {
  const unsigned k = loading->key.coding.data;
  const auto n = static_cast<unsigned>(loading->shards.size());
  const std::uint32_t known = loading->tried;
  loading->tried = n;
  if (n > most_shards_tried) co_return false;
  ErasureCode& code = codes_.of(loading->key.coding);
  unsigned tries = 0;
  // Each k of the first n that no earlier call has tried.
  for (std::uint32_t pick = (1U << k) - 1; pick < 1U << n && tries < most_combinations;) {
    if (known < k || pick >> known != 0) {
      ++tries;
      std::vector<IndexedShard> picked;
      for (unsigned i = 0; i < n; ++i)
        if ((pick >> i & 1) != 0) picked.push_back(loading->shards[i]);
      const double per_byte = settings_.costs.hash_per_byte + settings_.costs.code_per_byte;
      co_await node_.compute(Work{per_byte * static_cast<double>(loading->chunk_bytes)});
      Result<Blob> chunk = join(code, picked, loading->chunk_bytes);
      if (chunk && sha256(*chunk) == loading->key.id) {
        loading->chunk = std::move(*chunk);
        if (n > k) report(*loading, pick);
        co_return true;
      }
    }
    const std::uint32_t low = pick & (~pick + 1), carried = pick + low;  // the next k of n bits
    pick = carried | (((pick ^ carried) >> 2) / low);
  }
  co_return false;
}

// The chunk is right: shards that were not used and do not follow from it are wrong.
void Chunks::report(const Loading& loading, std::uint32_t used) {
  const std::vector<Blob> right = cut(codes_.of(loading.key.coding), *loading.chunk);
  for (std::size_t i = 0; i < loading.shards.size(); ++i) {
    const auto& [index, bytes] = loading.shards[i];
    if ((used >> i & 1) != 0 || bytes == right[loading.key.coding.is_copies() ? 0 : index])
      continue;
    node_.probe().count("wrong shards received", node_.id(), 1);
    node_.spawn(report_one(loading.from[i], {loading.key, static_cast<std::uint8_t>(index)}));
  }
}

Task<> Chunks::report_one(NodeId to, ReportShard question) {
  Task<Result<bool>> asked = ask(node_, to, Port::chunks, question, settings_.timeout);
  [[maybe_unused]] const Result<bool> was_corrupt = co_await std::move(asked);
}

}  // namespace evenkeel
