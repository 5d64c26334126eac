#include "models/mpc/tools/elgamal.h"

#include <cmath>
#include <map>

namespace evenkeel {

std::optional<ElGamalCiphertext> ElGamalCiphertext::plus(const ElGamalCiphertext& other) const {
  const std::optional<RistrettoPoint> both_shared = shared.plus(other.shared);
  const std::optional<RistrettoPoint> both_hidden = hidden.plus(other.hidden);
  if (!both_shared || !both_hidden) return std::nullopt;
  return ElGamalCiphertext{*both_shared, *both_hidden};
}

std::optional<ElGamalCiphertext> encrypt(const RistrettoPoint& key, Word value, Prg& random) {
  const RistrettoScalar r = RistrettoScalar::drawn(random);
  const std::optional<RistrettoPoint> blinding = key.times(r);
  if (!blinding) return std::nullopt;
  const RistrettoPoint number = RistrettoPoint::base_times(RistrettoScalar::of(value));
  return ElGamalCiphertext{RistrettoPoint::base_times(r), *blinding->plus(number)};
}

std::optional<RistrettoPoint> decrypt(const ElGamalCiphertext& ciphertext,
                                      const RistrettoScalar& private_key) {
  const std::optional<RistrettoPoint> blinding = ciphertext.shared.times(private_key);
  if (!blinding) return std::nullopt;
  return ciphertext.hidden.minus(*blinding);
}

std::optional<Word> logarithm_below(Word limit, const RistrettoPoint& point) {
  const auto steps = static_cast<Word>(std::ceil(std::sqrt(static_cast<double>(limit)))) + 1;
  std::map<RistrettoPoint, Word> baby;
  const RistrettoPoint base = RistrettoPoint::base_times(RistrettoScalar::of(1));
  RistrettoPoint at = {};
  for (Word i = 0; i < steps; ++i, at = *at.plus(base)) baby.emplace(at, i);
  RistrettoPoint rest = point;  // less j giant steps, each of which is `at` by now
  for (Word j = 0; j < steps; ++j) {
    if (const auto found = baby.find(rest); found != baby.end()) {
      const Word number = j * steps + found->second;
      if (number >= limit) return std::nullopt;
      return number;
    }
    rest = *rest.minus(at);
  }
  return std::nullopt;
}

}  // namespace evenkeel
