// ElGamal's encryption (1985) of small numbers, in the exponent of ristretto255, so that
// ciphertexts add up: of value v under the key K = k G with a random r, (r G, r K + v G).
#pragma once

#include "models/mpc/tools/prg.h"
#include "models/mpc/tools/ristretto.h"

namespace evenkeel {

struct ElGamalCiphertext {
  RistrettoPoint shared = {};  // r G
  RistrettoPoint hidden = {};  // r K + value G

  /// Of the sum; nothing if a part of either is no point.
  std::optional<ElGamalCiphertext> plus(const ElGamalCiphertext& other) const;
};
static_assert(sizeof(ElGamalCiphertext) == 64);

/// Nothing if the key is no point, or the neutral one.
std::optional<ElGamalCiphertext> encrypt(const RistrettoPoint& key, Word value, Prg& random);
/// value G; nothing if a part of the ciphertext is no point.
std::optional<RistrettoPoint> decrypt(const ElGamalCiphertext& ciphertext,
                                      const RistrettoScalar& private_key);

/// The number below `limit` of which the point is the multiple of G, by baby steps and giant steps
/// (Shanks 1971): 2 sqrt(limit) sums of points. Nothing if there is none.
std::optional<Word> logarithm_below(Word limit, const RistrettoPoint& point);

}  // namespace evenkeel
