#include "models/mpc/tools/aes_gcm.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <cstring>

#include "models/runtime/check.h"

namespace evenkeel {
namespace {

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

constexpr std::size_t most = std::size_t{1} << 30;  // that OpenSSL takes as an int

unsigned char* raw(std::byte* bytes) { return reinterpret_cast<unsigned char*>(bytes); }
const unsigned char* raw(const std::byte* bytes) {
  return reinterpret_cast<const unsigned char*>(bytes);
}

Context context_for(const PrgKey& key, std::uint64_t number, bool seals) {
  unsigned char nonce[12] = {};
  std::memcpy(nonce, &number, sizeof number);
  Context context{EVP_CIPHER_CTX_new()};
  const int ok = EVP_CipherInit_ex(context.get(), EVP_aes_128_gcm(), nullptr, raw(key.data()),
                                   nonce, seals ? 1 : 0);
  EVENKEEL_CHECK(ok == 1, "AES-128-GCM failed");
  return context;
}

void run(EVP_CIPHER_CTX* context, std::span<const std::byte> from, std::byte* to) {
  for (std::size_t start = 0; start < from.size(); start += most) {
    const std::size_t size = std::min(most, from.size() - start);
    int written = 0;
    const int ok = EVP_CipherUpdate(context, raw(to + start), &written, raw(from.data() + start),
                                    static_cast<int>(size));
    EVENKEEL_CHECK(ok == 1, "AES-128-GCM failed");
  }
}

}  // namespace

void gcm_seal(const PrgKey& key, std::uint64_t number, std::span<const std::byte> plain,
              std::span<std::byte> sealed) {
  EVENKEEL_CHECK(sealed.size() == plain.size() + gcm_tag_bytes, "no room for the tag");
  const Context context = context_for(key, number, true);
  run(context.get(), plain, sealed.data());
  unsigned char* const tag = raw(sealed.data()) + plain.size();
  int written = 0;
  const int ok = EVP_CipherFinal_ex(context.get(), tag, &written) == 1 &&
                 EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, gcm_tag_bytes, tag) == 1;
  EVENKEEL_CHECK(ok, "AES-128-GCM failed");
}

bool gcm_unseal(const PrgKey& key, std::uint64_t number, std::span<const std::byte> sealed,
                std::span<std::byte> plain) {
  EVENKEEL_CHECK(sealed.size() == plain.size() + gcm_tag_bytes, "no room for the tag");
  const Context context = context_for(key, number, false);
  run(context.get(), sealed.first(plain.size()), plain.data());
  unsigned char tag[gcm_tag_bytes];
  std::memcpy(tag, sealed.data() + plain.size(), sizeof tag);
  unsigned char rest[16];
  int written = 0;
  const bool is_whole =
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, sizeof tag, tag) == 1 &&
      EVP_CipherFinal_ex(context.get(), rest, &written) == 1;
  if (!is_whole) OPENSSL_cleanse(plain.data(), plain.size());
  return is_whole;
}

}  // namespace evenkeel
