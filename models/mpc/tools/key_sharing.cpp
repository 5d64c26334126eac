#include "models/mpc/tools/key_sharing.h"

#include <cstring>

#include "models/mpc/tools/binary_field64.h"

namespace evenkeel {
namespace {

constexpr std::size_t parts = sizeof(SecretKey) / sizeof(Word);

}  // namespace

std::vector<KeyShare> share_key(const SecretKey& key, std::span<const Seat> holders,
                                std::size_t threshold, Prg& prg) {
  EVENKEEL_CHECK(threshold > 0 && threshold <= holders.size(), "a threshold out of range");
  Words coefficients = prg.words(parts * threshold);  // the constant ones first
  std::memcpy(coefficients.data(), key.data(), key.size());
  std::vector<KeyShare> shares(holders.size());
  Words value(parts);
  for (std::size_t h = 0; h < holders.size(); ++h) {
    EVENKEEL_CHECK(holders[h] != 0, "place 0 is the key's");
    std::ranges::fill(value, 0);
    for (std::size_t i = threshold; i-- > 0;)  // Horner
      for (std::size_t p = 0; p < parts; ++p)
        value[p] = binary_field64::multiply(value[p], holders[h]) ^ coefficients[i * parts + p];
    std::memcpy(shares[h].data(), value.data(), sizeof(KeyShare));
  }
  return shares;
}

KeyRecovery::KeyRecovery(std::vector<Seat> holders)
    : holders_(std::move(holders)), weights_(holders_.size()) {
  using binary_field64::multiply;
  std::vector<Word> below(holders_.size(), 1);
  Word all_below = 1;
  for (std::size_t h = 0; h < holders_.size(); ++h) {
    Word above = 1;
    for (std::size_t i = 0; i < holders_.size(); ++i) {
      if (i == h) continue;
      above = multiply(above, holders_[i]);
      below[h] = multiply(below[h], holders_[i] ^ holders_[h]);
    }
    weights_[h] = multiply(above, all_below);
    all_below = multiply(all_below, below[h]);
  }
  Word inverse = binary_field64::inverse(all_below);  // one for all (Montgomery's trick)
  for (std::size_t h = holders_.size(); h-- > 0;) {
    weights_[h] = multiply(weights_[h], inverse);
    inverse = multiply(inverse, below[h]);
  }
}

SecretKey KeyRecovery::recover(std::span<const KeyShare> shares) const {
  EVENKEEL_CHECK(shares.size() == holders_.size(), "a share a holder");
  Words sums(parts, 0);
  Words share(parts);
  for (std::size_t h = 0; h < shares.size(); ++h) {
    std::memcpy(share.data(), shares[h].data(), sizeof(KeyShare));
    for (std::size_t p = 0; p < parts; ++p)
      sums[p] ^= binary_field64::multiply(share[p], weights_[h]);
  }
  SecretKey key;
  std::memcpy(key.data(), sums.data(), key.size());
  return key;
}

}  // namespace evenkeel
