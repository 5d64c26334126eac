#include "models/mpc/tools/prg.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstring>

#include "models/runtime/check.h"

namespace evenkeel {

PrgKey draw_prg_key(Random& random) {
  const std::array<std::uint64_t, 2> words{random(), random()};
  PrgKey key;
  std::memcpy(key.data(), words.data(), key.size());
  return key;
}

void Prg::Free::operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }

Prg::Prg(const PrgKey& key) : context_(EVP_CIPHER_CTX_new()) {
  const unsigned char start[16] = {};
  const int ok = EVP_EncryptInit_ex(context_.get(), EVP_aes_128_ctr(), nullptr,
                                    reinterpret_cast<const unsigned char*>(key.data()), start);
  EVENKEEL_CHECK(ok == 1, "AES-128-CTR failed");
}

void Prg::fill(std::span<std::byte> bytes) {
  constexpr std::size_t most = std::size_t{1} << 30;  // that OpenSSL takes as an int
  for (std::size_t start = 0; start < bytes.size(); start += most) {
    const auto piece = bytes.subspan(start, std::min(most, bytes.size() - start));
    std::memset(piece.data(), 0, piece.size());
    auto* const raw = reinterpret_cast<unsigned char*>(piece.data());
    int written = 0;
    const int ok =
        EVP_EncryptUpdate(context_.get(), raw, &written, raw, static_cast<int>(piece.size()));
    EVENKEEL_CHECK(ok == 1, "AES-128-CTR failed");
  }
}

Word Prg::below(Word n) {
  const Word rest = (0 - n) % n;  // of 2^64 numbers, so many would favour the small
  for (;;)
    if (const Word drawn = word(); drawn >= rest) return drawn % n;
}

}  // namespace evenkeel
