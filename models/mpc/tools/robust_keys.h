// Keys of sets of n-t of n parties (tools/pseudorandom_sharing.h) of whom t, 3t < n, may do
// anything: nobody can give one wrongly.
//
// A set with a dishonest member hides nothing from it; what matters is that honest members have one
// key. So the leader of a set draws its key alone:
//   round 1    leader -> members: the key, 16 B; -> all: its digest, 32 B a set
//   agreement  on the digests (tools/robust_group.h)
//   1 round    all -> all: a byte a set: is the key not the one of the digest; and agreement on it
//   if a member says so: the leader says the key to all, and agreement on it. What was said and
//   fits the digest is the key; where nothing does, zero is: either way the leader or the member
//   is dishonest, and the key no loss.
#pragma once

#include <vector>

#include "models/mpc/tools/pseudorandom_sharing.h"
#include "models/mpc/tools/robust_group.h"

namespace evenkeel {

class RobustKeys {
 public:
  /// `group` outlives it.
  RobustKeys(Session& session, RobustGroup& group);

  /// Gives `sharing` the keys of the sets that this seat is in.
  Task<> agree(PseudorandomSharing& sharing);
  std::uint64_t sent_bytes(Seat seat) const;
  std::uint32_t rounds() const { return 2 * (1 + group_.agreement_rounds()); }

 private:
  using Sets = std::vector<PseudorandomSharing::Members>;

  std::uint32_t parties() const { return group_.parties(); }
  std::uint32_t t() const { return group_.most_faulty(); }
  Seat self() const { return session_.self(); }

  Task<std::vector<RobustGroup::Heard>> hear_digests(std::vector<PrgKey>& keys);
  Task<std::vector<bool>> hear_complaints(const std::vector<bool>& mine);
  Task<> publish(std::vector<PrgKey>& keys, const std::vector<bool>& asked,
                 const std::vector<RobustGroup::Heard>& digests);
  std::size_t place_at_leader(std::size_t place) const;

  Session& session_;
  RobustGroup& group_;
  Sets sets_;
};

}  // namespace evenkeel
