// Hashes, signatures and encryption, as values: SHA-256 (OpenSSL), Ed25519, XChaCha20-Poly1305 and
// X25519 (libsodium). Everything random is drawn from a stream that the caller gives, so that a run
// repeats; who wants secrets that nobody can guess gives one that nobody can guess.
#pragma once

#include <array>
#include <optional>

#include "models/runtime/blob.h"
#include "models/runtime/random.h"

namespace evenkeel {

template <std::size_t n>
using ByteArray = std::array<std::byte, n>;
using View8 = std::span<const std::byte>;

/// 32 bytes; collision-resistant.
using Digest = ByteArray<32>;
Digest sha256(View8 bytes);
/// Lower-case hexadecimal.
std::string hex(View8 bytes);
/// Nothing if the text is not hexadecimal.
std::optional<Blob> from_hex(std::string_view text);

using PublicKey = ByteArray<32>;
using Signature = ByteArray<64>;

/// An Ed25519 key pair (RFC 8032).
class SigningKey {
 public:
  static SigningKey draw(Random& random);
  explicit SigningKey(const ByteArray<32>& seed);

  const ByteArray<32>& seed() const { return seed_; }
  const PublicKey& public_key() const { return public_key_; }
  Signature sign(View8 message) const;

 private:
  ByteArray<32> seed_;
  PublicKey public_key_;
  ByteArray<64> secret_;
};
bool is_signed_by(const PublicKey& key, View8 message, const Signature& signature);

/// A key for XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03).
using SecretKey = ByteArray<32>;
SecretKey draw_secret_key(Random& random);
/// nonce | ciphertext | tag: 40 bytes longer than the plain text.
inline constexpr std::size_t sealing_overhead = 40;
Blob seal(const SecretKey& key, View8 plain, View8 associated, Random& random);
/// Nothing if it was not sealed with this key and these associated bytes, or was changed since.
std::optional<Blob> unseal(const SecretKey& key, View8 sealed, View8 associated);

/// An X25519 key pair, for what only its owner may read.
class BoxKey {
 public:
  static BoxKey draw(Random& random);
  explicit BoxKey(const ByteArray<32>& seed);

  const PublicKey& public_key() const { return public_key_; }
  /// Nothing if it was not sealed for this key, or was changed since.
  std::optional<Blob> unseal(View8 sealed) const;

 private:
  PublicKey public_key_;
  ByteArray<32> secret_;
};
/// 48 bytes longer than the plain text: libsodium's sealed box, its ephemeral key drawn from
/// `random`.
Blob seal_for(const PublicKey& reader, View8 plain, Random& random);

/// Keyed BLAKE2b of 32 bytes: for deriving keys from keys.
Digest derive(const SecretKey& key, std::string_view purpose);

}  // namespace evenkeel
