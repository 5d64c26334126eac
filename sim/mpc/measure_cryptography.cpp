// Prices of keys, signatures, seals, points and shares of keys.
#include <openssl/ec.h>
#include <openssl/evp.h>

#include <memory>

#include "models/crypto/crypto.h"
#include "models/mpc/tools/aes_gcm.h"
#include "models/mpc/tools/key_agreement.h"
#include "models/mpc/tools/key_sharing.h"
#include "models/mpc/tools/prg.h"
#include "models/mpc/tools/ristretto.h"
#include "models/runtime/blob.h"
#include "models/runtime/check.h"
#include "sim/mpc/measures.h"
#include "sim/mpc/stopwatch.h"

namespace evenkeel {
namespace {

Prg a_stream() { return Prg{PrgKey{std::byte{1}}}; }

double key_agreement_ns() {
  Prg random = a_stream();
  const AgreementKey own{random};
  const AgreementKey other{random};
  return least_ns(1, [&] { use_result(own.agree(other.public_key())); });
}

double signature_ns() {
  const SigningKey key{sha256(bytes_of("calibration"))};
  return least_ns(1, [&key] { use_result(key.sign(key.public_key())); });
}

double signature_check_ns() {
  const SigningKey key{sha256(bytes_of("calibration"))};
  const Signature signature = key.sign(key.public_key());
  return least_ns(1,
                  [&] { use_result(is_signed_by(key.public_key(), key.public_key(), signature)); });
}

// ECDSA over P-256 with SHA-256, of a message of 32 bytes.
class Ecdsa {
 public:
  Ecdsa() : key_(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), &EVP_PKEY_free) {
    EVENKEEL_CHECK(key_ != nullptr, "no key on P-256");
    sign();
  }

  void sign() {
    const Context context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
    std::size_t size = signature_.size();
    EVENKEEL_CHECK(
        EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
            EVP_DigestSign(context.get(), signature_.data(), &size, message_.data(),
                           message_.size()) == 1,
        "ECDSA failed");
    size_ = size;
  }
  void check() const {
    const Context context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
    EVENKEEL_CHECK(
        EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
            EVP_DigestVerify(context.get(), signature_.data(), size_, message_.data(),
                             message_.size()) == 1,
        "ECDSA failed");
  }

 private:
  using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
  std::array<unsigned char, 32> message_ = {};
  std::array<unsigned char, 80> signature_ = {};
  std::size_t size_ = 0;
};

double ecdsa_signature_ns() {
  Ecdsa key;
  return least_ns(1, [&key] { key.sign(); });
}

double ecdsa_check_ns() {
  const Ecdsa key;
  return least_ns(1, [&key] { key.check(); });
}

double sealed_ns(std::size_t bytes) {
  const Blob plain(bytes);
  Blob sealed(bytes + gcm_tag_bytes);
  std::uint64_t number = 0;
  return least_ns(1, [&] { gcm_seal(PrgKey{}, number++, plain, sealed); });
}

double sealed_byte_ns() {
  constexpr std::size_t bytes = 1 << 16;
  return (sealed_ns(bytes) - sealed_ns(0)) / bytes;
}

double ristretto_product_ns() {
  Prg random = a_stream();
  const RistrettoScalar scalar = RistrettoScalar::drawn(random);
  const RistrettoPoint point = RistrettoPoint::hashed("calibration", "point");
  return least_ns(1, [&] { use_result(point.times(scalar)); });
}

double ristretto_base_ns() {
  Prg random = a_stream();
  const RistrettoScalar scalar = RistrettoScalar::drawn(random);
  return least_ns(1, [&] { use_result(RistrettoPoint::base_times(scalar)); });
}

double ristretto_hash_ns() {
  return least_ns(1, [] { use_result(RistrettoPoint::hashed("calibration", "an element")); });
}

double ristretto_sum_ns() {
  const RistrettoPoint a = RistrettoPoint::hashed("calibration", "a");
  const RistrettoPoint b = RistrettoPoint::hashed("calibration", "b");
  return least_ns(1, [&] { use_result(a.plus(b)); });
}

std::vector<Seat> holders(std::size_t count) {
  std::vector<Seat> all;
  for (Seat seat = 1; seat <= count; ++seat) all.push_back(seat);
  return all;
}

double key_share_coefficient_ns() {
  constexpr std::size_t n = 64;
  constexpr std::size_t threshold = 32;
  Prg random = a_stream();
  const std::vector<Seat> all = holders(n);
  return least_ns(n * threshold,
                  [&] { use_result(share_key(SecretKey{}, all, threshold, random)); });
}

double key_share_recovered_ns() {
  constexpr std::size_t threshold = 32;
  Prg random = a_stream();
  const std::vector<Seat> some = holders(threshold);
  const KeyRecovery recovery{some};
  const std::vector<KeyShare> shares = share_key(SecretKey{}, some, threshold, random);
  return least_ns(threshold, [&] { use_result(recovery.recover(shares)); });
}

double key_share_inverse_ns() {
  const std::vector<Seat> two = holders(2);
  return least_ns(1, [&two] { use_result(KeyRecovery{two}); });
}

// One inverse, and weights of each pair.
double key_share_weight_ns() {
  constexpr std::size_t threshold = 128;
  const std::vector<Seat> many = holders(threshold);
  const double whole = least_ns(1, [&many] { use_result(KeyRecovery{many}); });
  return (whole - key_share_inverse_ns()) / (threshold * threshold);
}

}  // namespace

std::vector<Measure> cryptography_measures() {
  return {
      {costs::key_agreement, key_agreement_ns},
      {costs::signature, signature_ns},
      {costs::signature_check, signature_check_ns},
      {costs::ecdsa_signature, ecdsa_signature_ns},
      {costs::ecdsa_check, ecdsa_check_ns},
      {costs::sealed_message, [] { return sealed_ns(0); }},
      {costs::sealed_byte, sealed_byte_ns},
      {costs::ristretto_product, ristretto_product_ns},
      {costs::ristretto_base, ristretto_base_ns},
      {costs::ristretto_hash, ristretto_hash_ns},
      {costs::ristretto_sum, ristretto_sum_ns},
      {costs::key_share_coefficient, key_share_coefficient_ns},
      {costs::key_share_recovered, key_share_recovered_ns},
      {costs::key_share_weight, key_share_weight_ns},
      {costs::key_share_inverse, key_share_inverse_ns},
  };
}

}  // namespace evenkeel
