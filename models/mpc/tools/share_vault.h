// Shares of two secrets of each of several owners, of which one each may ever be told: who knew
// both the seed and the key of one client could unmask what it entered (Bonawitz et al. 2017,
// section 4).
#pragma once

#include <openssl/crypto.h>

#include <optional>
#include <vector>

#include "models/mpc/tools/key_sharing.h"

namespace evenkeel {

class ShareVault {
 public:
  enum class Secret { seed, key };

  explicit ShareVault(std::size_t owners) : owners_(owners) {}
  ShareVault(const ShareVault&) = delete;
  ~ShareVault() { OPENSSL_cleanse(owners_.data(), owners_.size() * sizeof(Shares)); }

  void put(std::size_t owner, const KeyShare& seed, const KeyShare& key) {
    owners_[owner] = {seed, key, true, true};
  }
  /// Whether anything was put there.
  bool holds(std::size_t owner) const { return owners_[owner].has_seed || owners_[owner].has_key; }
  /// Wipes the share of the owner's other secret; nothing if it is that one which was wiped.
  std::optional<KeyShare> tell(std::size_t owner, Secret secret) {
    Shares& shares = owners_[owner];
    const bool is_seed = secret == Secret::seed;
    if (!(is_seed ? shares.has_seed : shares.has_key)) return std::nullopt;
    KeyShare& other = is_seed ? shares.key : shares.seed;
    OPENSSL_cleanse(other.data(), other.size());
    (is_seed ? shares.has_key : shares.has_seed) = false;
    return is_seed ? shares.seed : shares.key;
  }

 private:
  struct Shares {
    KeyShare seed = {};
    KeyShare key = {};
    bool has_seed = false;
    bool has_key = false;
  };
  std::vector<Shares> owners_;
};

}  // namespace evenkeel
