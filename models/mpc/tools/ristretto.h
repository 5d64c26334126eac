// The group ristretto255 (RFC 9496, libsodium), of prime order: points and scalars as they travel,
// 32 bytes each. Scalars are secret; all in constant time.
#pragma once

#include <openssl/crypto.h>
#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "models/mpc/words.h"

namespace evenkeel {

class Prg;

class RistrettoScalar {
 public:
  /// Uniform, and never 0.
  static RistrettoScalar drawn(Prg& random);
  static RistrettoScalar of(Word number);
  /// Of as many uniform bytes as are twice its size.
  static RistrettoScalar reduced(std::span<const std::byte, 64> wide);
  RistrettoScalar(const RistrettoScalar&) = default;
  RistrettoScalar& operator=(const RistrettoScalar&) = default;
  ~RistrettoScalar() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

  const unsigned char* data() const { return bytes_.data(); }
  /// As they travel, where they are no secret.
  std::span<const unsigned char, 32> bytes() const { return bytes_; }
  /// Whatever bytes came.
  static RistrettoScalar from(std::span<const unsigned char, 32> bytes);
  RistrettoScalar times(const RistrettoScalar& other) const;
  RistrettoScalar plus(const RistrettoScalar& other) const;

 private:
  RistrettoScalar() = default;
  std::array<unsigned char, 32> bytes_ = {};
};

struct RistrettoPoint {
  std::array<std::byte, 32> bytes = {};  // zeros: the neutral point

  /// Nobody knows its logarithm to another base.
  static RistrettoPoint hashed(std::string_view purpose, std::string_view element);
  static RistrettoPoint base_times(const RistrettoScalar& scalar);

  /// Nothing if either is no point, or if the product is neutral: bytes of a peer that make no
  /// sense.
  std::optional<RistrettoPoint> times(const RistrettoScalar& scalar) const;
  /// Nothing if either is no point.
  std::optional<RistrettoPoint> plus(const RistrettoPoint& other) const;
  std::optional<RistrettoPoint> minus(const RistrettoPoint& other) const;

  friend auto operator<=>(const RistrettoPoint&, const RistrettoPoint&) = default;
};
static_assert(sizeof(RistrettoPoint) == 32);

}  // namespace evenkeel
