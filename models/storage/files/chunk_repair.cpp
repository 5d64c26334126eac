#include "models/storage/files/chunk_repair.h"

#include <algorithm>
#include <bit>

#include "models/runtime/service.h"

namespace evenkeel {
namespace {

constexpr std::size_t chunks_a_look = 500;

bool contains(const std::vector<NodeId>& nodes, NodeId node) {
  return std::ranges::find(nodes, node) != nodes.end();
}

}  // namespace

ChunkRepair::ChunkRepair(Node& node, ChunkStore& store, Chunks& chunks,
                         const ChunkRepairSettings& settings)
    : node_(node), store_(store), chunks_(chunks), settings_(settings) {
  node_.spawn(run());
}

Task<> ChunkRepair::run() {
  while (true) {
    co_await node_.sleep(
        seconds(to_seconds(settings_.tick) * (0.75 + 0.5 * node_.random().uniform())));
    std::set<ChunkKey> suspects = store_.take_suspects();
    std::vector<ChunkKey> chunks = due();
    for (const ChunkKey& suspect : suspects)
      if (!is_garbage_(suspect) && std::ranges::find(chunks, suspect) == chunks.end())
        chunks.push_back(suspect);
    for (std::size_t from = 0; from < chunks.size(); from += chunks_a_look) {
      const auto start = chunks.begin() + static_cast<std::ptrdiff_t>(from);
      const std::size_t count = std::min(chunks_a_look, chunks.size() - from);
      std::vector<ChunkKey> some{start, start + static_cast<std::ptrdiff_t>(count)};
      Task<> looking = look_at(std::move(some), suspects);
      co_await std::move(looking);
    }
  }
}

std::vector<ChunkKey> ChunkRepair::due() {
  if (layout_seen_ != layout().version) {  // everything may have to move
    layout_seen_ = layout().version;
    next_look_.clear();
    for (const auto& [chunk, held] : store_.all()) next_look_[chunk] = node_.now();
  }
  std::vector<ChunkKey> chunks;
  std::erase_if(next_look_, [this](const auto& one) { return store_.find(one.first) == nullptr; });
  for (const auto& [chunk, held] : store_.all()) {
    const auto next = next_look_.try_emplace(chunk, held.touched + settings_.first_look).first;
    if (next->second > node_.now()) continue;
    next->second = node_.now() +
                   seconds(to_seconds(settings_.period) * (0.75 + 0.5 * node_.random().uniform()));
    if (!is_garbage_(chunk)) chunks.push_back(chunk);
  }
  return chunks;
}

Task<> ChunkRepair::look_at(std::vector<ChunkKey> chunks, std::set<ChunkKey> suspects) {
  std::map<NodeId, std::vector<ChunkKey>> by_node;
  for (const ChunkKey& chunk : chunks)
    for (const NodeId owner : owners(layout(), chunk)) by_node[owner].push_back(chunk);
  Task<Holdings> asking = ask_for(std::move(by_node));
  const Holdings holdings = co_await std::move(asking);
  for (const ChunkKey& chunk : chunks) {
    std::vector<OwnerShards> there;
    const auto known = holdings.find(chunk);
    for (const NodeId owner : owners(layout(), chunk)) {
      OwnerShards one{owner, {}};
      if (known != holdings.end() && known->second.contains(owner))
        one.shards = known->second.at(owner);
      there.push_back(one);
    }
    const ShardPlan plan = plan_shards(chunk.coding, there);
    if (plan.sure) drop_surplus(chunk, plan, there);
    std::vector<ShardPlan::Gift> gifts = plan.gifts;
    if (!is_ours_to_repair(chunk, there)) {
      // Whoever lost one does not wait for the others to find out.
      if (!suspects.contains(chunk)) continue;
      std::erase_if(gifts, [&](const ShardPlan::Gift& gift) { return gift.to != node_.id(); });
    }
    if (gifts.empty()) continue;
    Task<> repairing = repair(chunk, std::move(gifts));
    co_await std::move(repairing);
  }
}

Task<ChunkRepair::Holdings> ChunkRepair::ask_for(std::map<NodeId, std::vector<ChunkKey>> by_node) {
  Holdings holdings;
  for (auto& [node, its] : by_node) {
    if (node == node_.id()) {
      for (const ChunkKey& chunk : its) {
        const HeldChunk* held = store_.find(chunk);
        holdings[chunk][node] =
            held == nullptr ? ShardsThere{} : ShardsThere{held->shards, held->sure};
      }
      continue;
    }
    if (!chunks_.placement().is_alive(node)) continue;
    HasShards question;
    question.chunks = its;
    Task<Result<std::vector<ShardsThere>>> asked =
        ask(node_, node, Port::chunks, question, settings_.timeout);
    const Result<std::vector<ShardsThere>> there = co_await std::move(asked);
    if (!there || there->size() != its.size()) continue;
    for (std::size_t i = 0; i < its.size(); ++i) holdings[its[i]][node] = (*there)[i];
  }
  co_return holdings;
}

void ChunkRepair::drop_surplus(const ChunkKey& chunk, const ShardPlan& plan,
                               const std::vector<OwnerShards>& there) {
  const HeldChunk* held = store_.find(chunk);
  if (held == nullptr) return;
  std::uint32_t surplus = held->shards;
  for (const Layout* in_force : chunks_.placement().in_force())
    if (in_force != &layout() && contains(owners(*in_force, chunk), node_.id())) surplus = 0;
  for (std::size_t i = 0; i < there.size(); ++i)
    if (there[i].node == node_.id()) surplus &= plan.surplus[i];
  for (unsigned i = 0; i < 32; ++i)
    if ((surplus >> i & 1) != 0) {
      store_.drop(chunk, i);
      node_.probe().count("surplus shards dropped", node_.id(), 1);
    }
}

// The first owner that has any; if none has, whoever else does. Then two may do the same at once,
// which does no harm.
bool ChunkRepair::is_ours_to_repair(const ChunkKey& chunk,
                                    const std::vector<OwnerShards>& there) const {
  for (const OwnerShards& owner : there)
    if (owner.shards && owner.shards->held != 0) return owner.node == node_.id();
  return store_.find(chunk) != nullptr;
}

Task<> ChunkRepair::repair(ChunkKey chunk, std::vector<ShardPlan::Gift> gifts) {
  std::map<NodeId, std::vector<ChunkKey>> by_node;
  for (const Layout* in_force : chunks_.placement().in_force())
    for (const Member& member : in_force->members) by_node[member.node] = {chunk};
  Task<Holdings> asking = ask_for(std::move(by_node));
  Holdings holdings = co_await std::move(asking);
  std::map<NodeId, ShardsThere>& holders = holdings[chunk];
  if (!chunk.coding.is_copies()) {
    Task<std::vector<ShardPlan::Gift>> carrying = carry(chunk, std::move(gifts), holders);
    gifts = co_await std::move(carrying);
    if (gifts.empty()) co_return;
  }
  Task<std::uint32_t> measuring = length_of(chunk, std::move(holders));
  const std::uint32_t chunk_bytes = co_await std::move(measuring);
  Task<> computing = compute(chunk, chunk_bytes, std::move(gifts));
  if (chunk_bytes > 0) co_await std::move(computing);
}

Task<std::vector<ShardPlan::Gift>> ChunkRepair::carry(ChunkKey chunk,
                                                      std::vector<ShardPlan::Gift> gifts,
                                                      std::map<NodeId, ShardsThere> holders) {
  std::vector<ShardPlan::Gift> left;
  for (const ShardPlan::Gift& gift : gifts) {
    const auto holder = std::ranges::find_if(
        holders, [&](const auto& one) { return (one.second.held >> gift.index & 1) != 0; });
    if (holder != holders.end()) {
      Task<std::optional<FetchShard::Answer>> fetching = fetch(holder->first, chunk, gift.index);
      std::optional<FetchShard::Answer> got = co_await std::move(fetching);
      if (got) {
        Task<Result<Done>> giving = give(chunk, got->chunk_bytes, gift, std::move(got->bytes));
        const Result<Done> given = co_await std::move(giving);
        if (given) continue;
      }
    }
    left.push_back(gift);
  }
  co_return left;
}

Task<> ChunkRepair::compute(ChunkKey chunk, std::uint32_t chunk_bytes,
                            std::vector<ShardPlan::Gift> gifts) {
  Task<Result<Blob>> loading = chunks_.load(chunk, chunk_bytes);
  const Result<Blob> whole = co_await std::move(loading);
  if (!whole) {
    node_.probe().count("chunks that could not be repaired yet", node_.id(), 1);
    co_return;
  }
  co_await node_.compute(
      Work{static_cast<double>(chunk_bytes) * chunk.coding.parity * settings_.costs.code_per_byte});
  const std::vector<Blob> shards = cut(codes_.of(chunk.coding), *whole);
  for (const ShardPlan::Gift& gift : gifts) {
    Task<Result<Done>> giving = give(chunk, chunk_bytes, gift, shards[gift.index]);
    [[maybe_unused]] const Result<Done> given = co_await std::move(giving);
  }
}

Task<std::uint32_t> ChunkRepair::length_of(ChunkKey chunk, std::map<NodeId, ShardsThere> holders) {
  const HeldChunk* held = store_.find(chunk);
  if (held != nullptr) co_return held->chunk_bytes;
  for (const auto& [node, there] : holders) {
    if (there.held == 0) continue;
    const auto index = static_cast<unsigned>(std::countr_zero(there.held));
    Task<std::optional<FetchShard::Answer>> fetching = fetch(node, chunk, index);
    const std::optional<FetchShard::Answer> got = co_await std::move(fetching);
    if (got) co_return got->chunk_bytes;
  }
  co_return 0;
}

Task<std::optional<FetchShard::Answer>> ChunkRepair::fetch(NodeId from, ChunkKey chunk,
                                                           unsigned index) {
  const FetchShard question{chunk, ~(1U << index)};
  Task<Result<FetchShard::Answer>> asked =
      ask(node_, from, Port::chunks, question, chunks_.settings().timeout);
  Result<FetchShard::Answer> got = co_await std::move(asked);
  const bool is_sound = got && got->index == index && got->chunk_bytes > 0 &&
                        got->chunk_bytes <= most_chunk_bytes &&
                        got->bytes.size() == shard_bytes(chunk.coding, got->chunk_bytes);
  if (!is_sound) co_return std::nullopt;
  co_return std::move(*got);
}

Task<Result<Done>> ChunkRepair::give(ChunkKey chunk, std::uint32_t chunk_bytes,
                                     ShardPlan::Gift gift, Blob shard) {
  const auto size = static_cast<double>(shard.size());
  co_await node_.compute(Work{size * settings_.costs.hash_per_byte});
  StoreShard question{.header = {.chunk = chunk,
                                 .index = gift.index,
                                 .chunk_bytes = chunk_bytes,
                                 .hash = sha256(shard)},
                      .is_repair = true};
  question.bytes = std::move(shard);
  Task<Result<bool>> asked =
      ask(node_, gift.to, Port::chunks, question, chunks_.settings().timeout);
  const Result<bool> stored = co_await std::move(asked);
  co_await node_.sleep(seconds(size / settings_.bandwidth));
  node_.probe().count("bytes moved for repair", node_.id(), size);
  if (!stored) co_return stored.error();
  if (*stored) {
    node_.probe().count("shards rebuilt", node_.id(), 1);
    node_.probe().event(node_.now(), gift.to, "shard rebuilt",
                        to_string(chunk) + ", shard " + std::to_string(gift.index));
  }
  co_return Done{};
}

}  // namespace evenkeel
