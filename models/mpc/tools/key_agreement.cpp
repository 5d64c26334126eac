#include "models/mpc/tools/key_agreement.h"

#include <openssl/crypto.h>
#include <sodium.h>

#include <algorithm>
#include <cstring>

#include "models/mpc/disclosure.h"

namespace evenkeel {
namespace {

unsigned char* raw(std::byte* bytes) { return reinterpret_cast<unsigned char*>(bytes); }
const unsigned char* raw(const std::byte* bytes) {
  return reinterpret_cast<const unsigned char*>(bytes);
}

SecretKey drawn(Prg& prg) {
  SecretKey secret;
  prg.fill(secret);
  return secret;
}

}  // namespace

AgreementKey::AgreementKey(Prg& prg) : AgreementKey(drawn(prg)) {}

AgreementKey::AgreementKey(const SecretKey& secret) : secret_(secret) {
  crypto_scalarmult_base(raw(public_key_.data()), raw(secret_.data()));
  disclose(public_key_);
}

AgreementKey::~AgreementKey() { OPENSSL_cleanse(secret_.data(), secret_.size()); }

std::optional<SecretKey> AgreementKey::agree(const PublicKey& other) const {
  SecretBytes bytes(3 * sizeof(SecretKey));
  if (!disclosed(crypto_scalarmult(raw(bytes.data()), raw(secret_.data()), raw(other.data())) == 0))
    return std::nullopt;
  const auto [first, second] = std::minmax(public_key_, other);
  std::ranges::copy(first, bytes.begin() + sizeof(SecretKey));
  std::ranges::copy(second, bytes.begin() + 2 * sizeof(SecretKey));
  return sha256(bytes);
}

bool AgreementKey::is_sound(const PublicKey& key) {
  SecretKey any{};  // RFC 7748 makes a scalar of whatever this is
  SecretKey agreed;
  return crypto_scalarmult(raw(agreed.data()), raw(any.data()), raw(key.data())) == 0;
}

PrgKey derive_prg_key(const SecretKey& key, std::string_view purpose) {
  Digest digest = derive(key, purpose);
  PrgKey derived;
  std::memcpy(derived.data(), digest.data(), derived.size());
  OPENSSL_cleanse(digest.data(), digest.size());
  return derived;
}

}  // namespace evenkeel
