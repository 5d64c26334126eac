// The serving side: what it has, within its rate, to who may have it.
#include "models/sharing/block_swarm.h"

#include <algorithm>

namespace evenkeel {
namespace {

constexpr std::size_t most_offers = 1024;

Error given_already() { return {ErrorCode::overloaded, "given away already: ask the other peers"}; }

}  // namespace

BlockSwarm::BlockSwarm(Node& node, BlockSource& source, GrantGuard* guard,
                       const SwarmSettings& settings)
    : node_(node),
      source_(source),
      guard_(guard),
      settings_(settings),
      service_(node, Port::swarm) {
  service_.on(&BlockSwarm::answer_have, *this);
  service_.on(&BlockSwarm::answer_block, *this);
}

Result<Done> BlockSwarm::offer(const BlockList& list) {
  if (list.blocks.size() > BlockList::most_blocks)
    return Error{ErrorCode::full, "too many blocks in one list: divide it"};
  const Digest id = list.id();
  if (offers_.size() >= most_offers && !offers_.contains(id))
    return Error{ErrorCode::full, "too many lists offered by one node"};
  offers_.try_emplace(id, Offer{list, {}});
  return Done{};
}

Blob BlockSwarm::haves(const Offer& offer) const {
  Blob bits((offer.list.blocks.size() + 7) / 8);
  for (std::size_t i = 0; i < offer.list.blocks.size(); ++i)
    if (source_.has(offer.list.blocks[i])) bits[i / 8] |= static_cast<std::byte>(1u << (i % 8));
  return bits;
}

Task<Result<Blob>> BlockSwarm::answer_have(NodeId, WantHave question) {
  const auto offer = offers_.find(question.list);
  if (offer == offers_.end()) co_return Error{ErrorCode::not_found, "no such list here"};
  co_return haves(offer->second);
}

// A token bucket, as the time at which it will hold enough.
Result<Time> BlockSwarm::upload_slot(std::size_t bytes) {
  if (settings_.upload_bytes_per_s <= 0) return node_.now();
  const Duration full = seconds(settings_.burst_bytes / settings_.upload_bytes_per_s);
  const Time free_at = std::max(upload_free_at_, node_.now() - full);
  if (free_at > node_.now() + settings_.longest_queue)
    return Error{ErrorCode::overloaded, "too many wait for uploads of this node"};
  upload_free_at_ = free_at + seconds(static_cast<double>(bytes) / settings_.upload_bytes_per_s);
  return std::max(upload_free_at_, node_.now());
}

bool BlockSwarm::was_given(const Offer& offer, std::uint32_t block) const {
  if (!settings_.gives_each_once) return false;
  const auto given = offer.given.find(block);
  return given != offer.given.end() && node_.now() < given->second + settings_.give_again_after;
}

Task<Result<BlockAnswer>> BlockSwarm::answer_block(NodeId, WantBlock question) {
  const auto found = offers_.find(question.list);
  if (found == offers_.end()) co_return Error{ErrorCode::not_found, "no such list here"};
  Offer& offer = found->second;  // offers are never withdrawn
  if (question.block >= offer.list.blocks.size())
    co_return Error{ErrorCode::malformed, "no such block in the list"};
  const Digest& hash = offer.list.blocks[question.block];
  if (!source_.has(hash)) co_return Error{ErrorCode::not_found, "not here yet"};
  if (was_given(offer, question.block)) co_return given_already();
  std::optional<AdmittedGrant> grant;
  if (guard_ != nullptr) {
    if (!question.shown) co_return Error{ErrorCode::denied, "a want without a grant"};
    if (question.shown->request.resource != offer.list.resource ||
        question.shown->request.operation != GrantOperation::read)
      co_return Error{ErrorCode::denied, "a grant for something else"};
    Task<Result<AdmittedGrant>> admitting =
        guard_->admit(std::move(*question.shown), offer.list.owner);
    const Result<AdmittedGrant> admitted = co_await std::move(admitting);
    if (!admitted) co_return admitted.error();
    grant = *admitted;
  }
  if (was_given(offer, question.block)) co_return given_already();  // meanwhile
  Result<Blob> bytes = source_.get(hash);
  if (!bytes) co_return bytes.error();
  const Result<Time> slot = upload_slot(bytes->size());
  if (!slot) co_return slot.error();
  offer.given[question.block] = *slot;
  co_await node_.sleep_until(*slot);
  if (grant) {
    AdmittedGrant admitted = *grant;
    const GrantPiece piece{.bytes = bytes->size()};
    Task<Result<Done>> serving = guard_->serve(std::move(admitted), piece);
    const Result<Done> served = co_await std::move(serving);
    if (!served) co_return served.error();
  }
  uploaded_ += bytes->size();
  const auto count = static_cast<double>(bytes->size());
  const bool is_owner = settings_.self == offer.list.owner;
  node_.probe().count("swarm bytes uploaded", node_.id(), count);
  node_.probe().count(is_owner ? "swarm bytes from owners" : "swarm bytes from peers", node_.id(),
                      count);
  co_return BlockAnswer{std::move(*bytes), haves(offer)};
}

}  // namespace evenkeel
