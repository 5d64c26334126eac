// Shamir's sharing (CACM 1979) of a 32-byte key, over GF(2^64) in four parts: a share is as long as
// the key, whatever the number of holders.
#pragma once

#include <span>
#include <vector>

#include "models/crypto/crypto.h"
#include "models/mpc/session.h"
#include "models/mpc/tools/prg.h"

namespace evenkeel {

using KeyShare = ByteArray<32>;

/// One share a holder, in their order; any `threshold` of them give the key, fewer say nothing.
/// Holders are different and not 0.
std::vector<KeyShare> share_key(const SecretKey& key, std::span<const Seat> holders,
                                std::size_t threshold, Prg& prg);

/// For those holders, as many as the threshold: gives any key that they have shares of.
class KeyRecovery {
 public:
  explicit KeyRecovery(std::vector<Seat> holders);

  const std::vector<Seat>& holders() const { return holders_; }
  /// One share a holder, in their order.
  SecretKey recover(std::span<const KeyShare> shares) const;

 private:
  std::vector<Seat> holders_;
  std::vector<Word> weights_;  // of Lagrange's interpolation at 0
};

}  // namespace evenkeel
