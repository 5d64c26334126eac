#include "models/storage/files/shard_plan.h"

#include <algorithm>
#include <bit>

namespace evenkeel {
namespace {

std::uint32_t all_shards(Coding coding) {
  return coding.is_copies() ? 1U
                            : static_cast<std::uint32_t>((std::uint64_t{1} << coding.total()) - 1);
}

/// Of what each holds, the part that counts: no shard twice, no owner beyond its share; what only
/// one has counts first.
std::vector<std::uint32_t> kept_shards(Coding coding, const std::vector<OwnerShards>& owners,
                                       std::uint32_t ShardsThere::*which) {
  std::vector<std::uint32_t> kept;
  std::uint32_t once = 0, twice = 0;
  for (const OwnerShards& owner : owners) {
    kept.push_back(owner.shards ? (*owner.shards).*which & all_shards(coding) : 0);
    twice |= once & kept.back();
    once |= kept.back();
  }
  if (coding.is_copies()) return kept;
  const auto share = static_cast<int>((coding.total() + owners.size() - 1) / owners.size());
  std::uint32_t taken = 0;
  for (std::uint32_t& its : kept) {
    its &= ~taken;
    while (std::popcount(its) > share) {
      const std::uint32_t elsewhere = its & twice;
      its &= ~std::bit_floor(elsewhere != 0 ? elsewhere : its);
    }
    taken |= its;
  }
  return kept;
}

bool is_complete(Coding coding, const std::vector<std::uint32_t>& kept) {
  if (coding.is_copies()) return std::ranges::none_of(kept, [](auto its) { return its == 0; });
  std::uint32_t all = 0;
  for (const std::uint32_t its : kept) all |= its;
  return all == all_shards(coding);
}

/// The shard for the owner at this position: its own number's, as a put gives it; else one that no
/// silent owner is likely to have.
unsigned choose(std::uint32_t missing, std::size_t position,
                const std::vector<OwnerShards>& owners) {
  if (position < 32 && (missing >> position & 1) != 0) return static_cast<unsigned>(position);
  std::uint32_t likely = missing;
  for (std::size_t i = 0; i < owners.size(); ++i)
    if (!owners[i].shards) likely &= ~(1U << i);
  return static_cast<unsigned>(std::countr_zero(likely != 0 ? likely : missing));
}

}  // namespace

ShardPlan plan_shards(Coding coding, const std::vector<OwnerShards>& owners) {
  ShardPlan plan;
  if (owners.empty()) return plan;
  const bool all_known =
      std::ranges::all_of(owners, [](auto& one) { return one.shards.has_value(); });
  const std::vector<std::uint32_t> kept = kept_shards(coding, owners, &ShardsThere::held);
  plan.complete = all_known && is_complete(coding, kept);
  plan.sure = all_known && is_complete(coding, kept_shards(coding, owners, &ShardsThere::sure));
  for (std::size_t i = 0; i < owners.size(); ++i)
    plan.surplus.push_back(owners[i].shards ? owners[i].shards->held & ~kept[i] : 0);
  if (coding.is_copies()) {
    for (std::size_t i = 0; i < owners.size(); ++i)
      if (owners[i].shards && kept[i] == 0) plan.gifts.push_back({owners[i].node, 0});
    return plan;
  }
  std::uint32_t missing = all_shards(coding);
  for (const std::uint32_t its : kept) missing &= ~its;
  const std::size_t share = (coding.total() + owners.size() - 1) / owners.size();
  for (std::size_t round = 0; round < (all_known ? share : 1); ++round)
    for (std::size_t i = 0; i < owners.size() && missing != 0; ++i) {
      if (!owners[i].shards || static_cast<std::size_t>(std::popcount(kept[i])) > round) continue;
      const unsigned index = choose(missing, i, owners);
      missing &= ~(1U << index);
      plan.gifts.push_back({owners[i].node, static_cast<std::uint8_t>(index)});
    }
  return plan;
}

}  // namespace evenkeel
