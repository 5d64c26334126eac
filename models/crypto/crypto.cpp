#include "models/crypto/crypto.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <cstring>

#include "models/runtime/check.h"

namespace evenkeel {
namespace {

unsigned char* raw(std::byte* bytes) { return reinterpret_cast<unsigned char*>(bytes); }
const unsigned char* raw(const std::byte* bytes) {
  return reinterpret_cast<const unsigned char*>(bytes);
}

template <std::size_t n>
ByteArray<n> drawn(Random& random) {
  ByteArray<n> bytes;
  for (std::size_t i = 0; i < n; i += sizeof(std::uint64_t)) {
    const std::uint64_t word = random();
    std::memcpy(bytes.data() + i, &word, std::min(sizeof word, n - i));
  }
  return bytes;
}

constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t box_overhead = 32 + crypto_box_MACBYTES;

// Of a sealed box: a hash of both public keys.
ByteArray<crypto_box_NONCEBYTES> box_nonce(const std::byte* ephemeral, const PublicKey& reader) {
  ByteArray<crypto_box_NONCEBYTES> nonce;
  ByteArray<64> keys;
  std::memcpy(keys.data(), ephemeral, 32);
  std::memcpy(keys.data() + 32, reader.data(), 32);
  crypto_generichash(raw(nonce.data()), nonce.size(), raw(keys.data()), keys.size(), nullptr, 0);
  return nonce;
}

}  // namespace

Digest sha256(View8 bytes) {
  Digest digest;
  const int ok =
      EVP_Digest(bytes.data(), bytes.size(), raw(digest.data()), nullptr, EVP_sha256(), nullptr);
  EVENKEEL_CHECK(ok == 1, "SHA-256 failed");
  return digest;
}

std::string hex(View8 bytes) {
  std::string text(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), raw(bytes.data()), bytes.size());
  text.pop_back();
  return text;
}

std::optional<Blob> from_hex(std::string_view text) {
  if (text.empty()) return Blob{};
  Blob bytes(text.size() / 2);
  std::size_t written = 0;
  const char* end = nullptr;
  const int code = sodium_hex2bin(raw(bytes.data()), bytes.size(), text.data(), text.size(),
                                  nullptr, &written, &end);
  if (code != 0 || text.size() % 2 != 0 || written != bytes.size()) return std::nullopt;
  return bytes;
}

SigningKey SigningKey::draw(Random& random) { return SigningKey{drawn<32>(random)}; }

SigningKey::SigningKey(const ByteArray<32>& seed) : seed_(seed) {
  crypto_sign_seed_keypair(raw(public_key_.data()), raw(secret_.data()), raw(seed.data()));
}

Signature SigningKey::sign(View8 message) const {
  Signature signature;
  crypto_sign_detached(raw(signature.data()), nullptr, raw(message.data()), message.size(),
                       raw(secret_.data()));
  return signature;
}

bool is_signed_by(const PublicKey& key, View8 message, const Signature& signature) {
  return crypto_sign_verify_detached(raw(signature.data()), raw(message.data()), message.size(),
                                     raw(key.data())) == 0;
}

SecretKey draw_secret_key(Random& random) { return drawn<32>(random); }

Blob seal(const SecretKey& key, View8 plain, View8 associated, Random& random) {
  Blob sealed(plain.size() + sealing_overhead);
  const auto nonce = drawn<nonce_size>(random);
  std::memcpy(sealed.data(), nonce.data(), nonce_size);
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      raw(sealed.data()) + nonce_size, nullptr, raw(plain.data()), plain.size(),
      raw(associated.data()), associated.size(), nullptr, raw(nonce.data()), raw(key.data()));
  return sealed;
}

std::optional<Blob> unseal(const SecretKey& key, View8 sealed, View8 associated) {
  if (sealed.size() < sealing_overhead) return std::nullopt;
  Blob plain(sealed.size() - sealing_overhead);
  const int code = crypto_aead_xchacha20poly1305_ietf_decrypt(
      raw(plain.data()), nullptr, nullptr, raw(sealed.data()) + nonce_size,
      sealed.size() - nonce_size, raw(associated.data()), associated.size(), raw(sealed.data()),
      raw(key.data()));
  if (code != 0) return std::nullopt;
  return plain;
}

BoxKey BoxKey::draw(Random& random) { return BoxKey{drawn<32>(random)}; }

BoxKey::BoxKey(const ByteArray<32>& seed) {
  crypto_box_seed_keypair(raw(public_key_.data()), raw(secret_.data()), raw(seed.data()));
}

std::optional<Blob> BoxKey::unseal(View8 sealed) const {
  if (sealed.size() < box_overhead) return std::nullopt;
  Blob plain(sealed.size() - box_overhead);
  const auto nonce = box_nonce(sealed.data(), public_key_);
  const int code =
      crypto_box_open_easy(raw(plain.data()), raw(sealed.data()) + 32, sealed.size() - 32,
                           raw(nonce.data()), raw(sealed.data()), raw(secret_.data()));
  if (code != 0) return std::nullopt;
  return plain;
}

Blob seal_for(const PublicKey& reader, View8 plain, Random& random) {
  PublicKey ephemeral;
  ByteArray<32> secret;
  const auto seed = drawn<32>(random);
  crypto_box_seed_keypair(raw(ephemeral.data()), raw(secret.data()), raw(seed.data()));
  Blob sealed(plain.size() + box_overhead);
  std::memcpy(sealed.data(), ephemeral.data(), ephemeral.size());
  const auto nonce = box_nonce(ephemeral.data(), reader);
  const int code = crypto_box_easy(raw(sealed.data()) + 32, raw(plain.data()), plain.size(),
                                   raw(nonce.data()), raw(reader.data()), raw(secret.data()));
  // A public key that is no point of the curve can be opened by nobody; so be it.
  EVENKEEL_CHECK(code == 0 || sealed.size() >= box_overhead, "a sealed box could not be made");
  return sealed;
}

Digest derive(const SecretKey& key, std::string_view purpose) {
  Digest digest;
  const View8 bytes = bytes_of(purpose);
  crypto_generichash(raw(digest.data()), digest.size(), raw(bytes.data()), bytes.size(),
                     raw(key.data()), key.size());
  return digest;
}

}  // namespace evenkeel
