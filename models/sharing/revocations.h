// Which blocks of tokens their owners have revoked: a set that only grows, the same everywhere in
// the end. A token is dead if any of its blocks is in it.
#pragma once

#include <map>
#include <set>

#include "models/sharing/journal.h"
#include "models/sharing/token.h"

namespace evenkeel {

struct Revocation {
  PublicKey owner = {};
  Signature block = {};         // its id
  std::int64_t expires_ms = 0;  // when the token is dead anyway
  Signature signature = {};     // the owner's
  friend bool operator==(const Revocation&, const Revocation&) = default;

  template <class Visitor>
  void fields(Visitor& visit) {
    visit(owner, block, expires_ms, signature);
  }
};
Revocation make_revocation(const SigningKey& owner, const Signature& block,
                           std::int64_t expires_ms);
bool is_good(const Revocation& revocation);

/// On a node's disk, in the order of coming for each owner, so that others can ask for what came
/// since. A new `epoch` begins when the disk was lost or the expired ones were dropped.
class RevocationSet {
 public:
  RevocationSet(Disk& disk, Random& random);

  /// Drops what has expired so long ago that no clock can think otherwise.
  void drop_expired(std::int64_t wall_ms, Random& random);
  /// True: it is new, and written but not yet synced. ErrorCode::denied: the owner has not signed.
  Result<bool> add(const Revocation& revocation);
  Result<Done> sync() { return journal_.sync(); }

  bool revokes(const Token& token) const;
  std::uint64_t epoch() const { return epoch_; }
  const std::vector<Revocation>& of(const PublicKey& owner) const;
  std::size_t size() const;

  static constexpr std::int64_t kept_ms = 24 * 3600 * 1000;

 private:
  void take(const Revocation& revocation);

  FrameJournal journal_;
  std::uint64_t epoch_ = 0;
  std::map<PublicKey, std::vector<Revocation>> by_owner_;
  std::set<Signature> blocks_;
};

}  // namespace evenkeel
