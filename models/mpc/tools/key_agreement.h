// X25519 (RFC 7748, libsodium): two that know each other's public key agree on a key that nobody
// else has.
#pragma once

#include <optional>

#include "models/crypto/crypto.h"
#include "models/mpc/tools/prg.h"

namespace evenkeel {

class AgreementKey {
 public:
  explicit AgreementKey(Prg& prg);
  explicit AgreementKey(const SecretKey& secret);
  ~AgreementKey();
  AgreementKey(const AgreementKey&) = default;
  AgreementKey& operator=(const AgreementKey&) = default;

  const SecretKey& secret() const { return secret_; }
  const PublicKey& public_key() const { return public_key_; }
  /// The same at both ends: a hash of what X25519 gives and of both public keys. Nothing if the
  /// other key is a point of small order, with which everybody would agree on the same.
  std::optional<SecretKey> agree(const PublicKey& other) const;
  /// Whether anybody can agree with that key.
  static bool is_sound(const PublicKey& key);

 private:
  SecretKey secret_;
  PublicKey public_key_;
};

/// 16 bytes for one purpose.
PrgKey derive_prg_key(const SecretKey& key, std::string_view purpose);

}  // namespace evenkeel
