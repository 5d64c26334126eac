#include "models/mpc/tools/ristretto.h"

#include <openssl/crypto.h>
#include <sodium.h>

#include <cstring>

#include "models/mpc/disclosure.h"
#include "models/mpc/tools/prg.h"

namespace evenkeel {
namespace {

unsigned char* raw(RistrettoPoint& point) {
  return reinterpret_cast<unsigned char*>(point.bytes.data());
}
const unsigned char* raw(const RistrettoPoint& point) {
  return reinterpret_cast<const unsigned char*>(point.bytes.data());
}

}  // namespace

RistrettoScalar RistrettoScalar::drawn(Prg& random) {
  RistrettoScalar scalar;
  std::array<std::byte, crypto_core_ristretto255_NONREDUCEDSCALARBYTES> wide;
  do {
    random.fill(wide);
    crypto_core_ristretto255_scalar_reduce(scalar.bytes_.data(),
                                           reinterpret_cast<const unsigned char*>(wide.data()));
  } while (disclosed(sodium_is_zero(scalar.bytes_.data(), scalar.bytes_.size()) == 1));
  OPENSSL_cleanse(wide.data(), wide.size());
  return scalar;
}

RistrettoScalar RistrettoScalar::of(Word number) {
  RistrettoScalar scalar;
  std::memcpy(scalar.bytes_.data(), &number, sizeof number);
  return scalar;
}

RistrettoScalar RistrettoScalar::reduced(std::span<const std::byte, 64> wide) {
  RistrettoScalar scalar;
  crypto_core_ristretto255_scalar_reduce(scalar.bytes_.data(),
                                         reinterpret_cast<const unsigned char*>(wide.data()));
  return scalar;
}

RistrettoScalar RistrettoScalar::from(std::span<const unsigned char, 32> bytes) {
  std::array<std::byte, 64> wide{};
  std::memcpy(wide.data(), bytes.data(), bytes.size());
  return reduced(wide);
}

RistrettoScalar RistrettoScalar::times(const RistrettoScalar& other) const {
  RistrettoScalar product;
  crypto_core_ristretto255_scalar_mul(product.bytes_.data(), data(), other.data());
  return product;
}

RistrettoScalar RistrettoScalar::plus(const RistrettoScalar& other) const {
  RistrettoScalar sum;
  crypto_core_ristretto255_scalar_add(sum.bytes_.data(), data(), other.data());
  return sum;
}

RistrettoPoint RistrettoPoint::hashed(std::string_view purpose, std::string_view element) {
  crypto_hash_sha512_state state;
  std::array<unsigned char, crypto_hash_sha512_BYTES> hash;
  const std::array<unsigned char, 1> length{static_cast<unsigned char>(purpose.size())};
  crypto_hash_sha512_init(&state);
  crypto_hash_sha512_update(&state, length.data(), length.size());
  for (const std::string_view part : {purpose, element})
    crypto_hash_sha512_update(&state, reinterpret_cast<const unsigned char*>(part.data()),
                              part.size());
  crypto_hash_sha512_final(&state, hash.data());
  RistrettoPoint point;
  crypto_core_ristretto255_from_hash(raw(point), hash.data());
  return point;
}

RistrettoPoint RistrettoPoint::base_times(const RistrettoScalar& scalar) {
  RistrettoPoint point;  // of 0 it is neutral, which libsodium warns of
  static_cast<void>(crypto_scalarmult_ristretto255_base(raw(point), scalar.data()));
  return point;
}

std::optional<RistrettoPoint> RistrettoPoint::times(const RistrettoScalar& scalar) const {
  RistrettoPoint product;
  if (disclosed(crypto_scalarmult_ristretto255(raw(product), scalar.data(), raw(*this)) != 0))
    return std::nullopt;
  return product;
}

std::optional<RistrettoPoint> RistrettoPoint::plus(const RistrettoPoint& other) const {
  RistrettoPoint sum;
  if (disclosed(crypto_core_ristretto255_add(raw(sum), raw(*this), raw(other)) != 0))
    return std::nullopt;
  return sum;
}

std::optional<RistrettoPoint> RistrettoPoint::minus(const RistrettoPoint& other) const {
  RistrettoPoint rest;
  if (disclosed(crypto_core_ristretto255_sub(raw(rest), raw(*this), raw(other)) != 0))
    return std::nullopt;
  return rest;
}

}  // namespace evenkeel
