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

KeyRecovery::KeyRecovery(std::vector<Seat> holders) : holders_(std::move(holders)) {
  for (const Seat own : holders_) {
    Word above = 1;
    Word below = 1;
    for (const Seat other : holders_) {
      if (other == own) continue;
      above = binary_field64::multiply(above, other);
      below = binary_field64::multiply(below, other ^ own);
    }
    weights_.push_back(binary_field64::multiply(above, binary_field64::inverse(below)));
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
