#include "models/sharing/revocations.h"

#include <algorithm>

namespace evenkeel {
namespace {

Blob content(const Signature& block, std::int64_t expires_ms) {
  return encoded(std::string{"evenkeel revocation"}, block, expires_ms);
}

}  // namespace

Revocation make_revocation(const SigningKey& owner, const Signature& block,
                           std::int64_t expires_ms) {
  return {owner.public_key(), block, expires_ms, owner.sign(content(block, expires_ms))};
}

bool is_good(const Revocation& revocation) {
  return is_signed_by(revocation.owner, content(revocation.block, revocation.expires_ms),
                      revocation.signature);
}

RevocationSet::RevocationSet(Disk& disk, Random& random) : journal_(disk, "sharing/revocations") {
  for (const Blob& bytes : journal_.take_loaded()) {
    if (const auto epoch = decoded<std::uint64_t>(bytes)) {
      epoch_ = *epoch;
    } else if (const auto revocation = decoded<Revocation>(bytes)) {
      take(*revocation);
    }
  }
  if (epoch_ != 0) return;
  epoch_ = random() | 1;
  // Unwritten, the next start draws another: whoever asks then asks for all.
  if (journal_.append(encoded(epoch_))) static_cast<void>(journal_.sync().has_value());
}

void RevocationSet::take(const Revocation& revocation) {
  if (blocks_.insert(revocation.block).second) by_owner_[revocation.owner].push_back(revocation);
}

void RevocationSet::drop_expired(std::int64_t wall_ms, Random& random) {
  const auto is_old = [&](const Revocation& one) { return one.expires_ms < wall_ms - kept_ms; };
  const bool any = std::ranges::any_of(
      by_owner_, [&](const auto& owner) { return std::ranges::any_of(owner.second, is_old); });
  if (!any) return;
  const std::uint64_t epoch = random() | 1;
  std::vector<Blob> all = {encoded(epoch)};
  for (const auto& [owner, revocations] : by_owner_)
    for (const Revocation& one : revocations)
      if (!is_old(one)) all.push_back(encoded(one));
  if (!journal_.rewrite(all)) return;
  epoch_ = epoch;
  blocks_.clear();
  for (auto& [owner, revocations] : by_owner_) {
    std::erase_if(revocations, is_old);
    for (const Revocation& one : revocations) blocks_.insert(one.block);
  }
}

Result<bool> RevocationSet::add(const Revocation& revocation) {
  if (blocks_.contains(revocation.block)) return false;
  if (!is_good(revocation))
    return Error{ErrorCode::denied, "a revocation that the owner has not signed"};
  const Result<Done> written = journal_.append(encoded(revocation));
  if (!written) return written.error();
  take(revocation);
  return true;
}

bool RevocationSet::revokes(const Token& token) const {
  return std::ranges::any_of(
      token.blocks, [&](const TokenBlock& block) { return blocks_.contains(block.signature); });
}

const std::vector<Revocation>& RevocationSet::of(const PublicKey& owner) const {
  static const std::vector<Revocation> none;
  const auto found = by_owner_.find(owner);
  return found == by_owner_.end() ? none : found->second;
}

std::size_t RevocationSet::size() const { return blocks_.size(); }

}  // namespace evenkeel
