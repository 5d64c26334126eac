#include "models/mpc/tools/fixed_key_hash.h"

#include <openssl/evp.h>
#include <string.h>  // explicit_bzero

#include <algorithm>
#include <array>

#include "models/crypto/crypto.h"
#include "models/runtime/check.h"

namespace evenkeel {
namespace {

constexpr std::size_t stretch = 256;  // blocks that stay in the nearest cache

}  // namespace

void FixedKeyHash::Free::operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }

FixedKeyHash::FixedKeyHash(std::string_view purpose) : context_(EVP_CIPHER_CTX_new()) {
  const Digest key = sha256(std::as_bytes(std::span{purpose}));
  const int ok = EVP_EncryptInit_ex(context_.get(), EVP_aes_128_ecb(), nullptr,
                                    reinterpret_cast<const unsigned char*>(key.data()), nullptr);
  EVENKEEL_CHECK(ok == 1 && EVP_CIPHER_CTX_set_padding(context_.get(), 0) == 1, "AES-128 failed");
}

void FixedKeyHash::permute(std::span<const Block> blocks, Block* to) {
  int written = 0;
  const int ok = EVP_EncryptUpdate(context_.get(), reinterpret_cast<unsigned char*>(to), &written,
                                   reinterpret_cast<const unsigned char*>(blocks.data()),
                                   static_cast<int>(blocks.size_bytes()));
  EVENKEEL_CHECK(ok == 1 && static_cast<std::size_t>(written) == blocks.size_bytes(),
                 "AES-128 failed");
}

void FixedKeyHash::hash(std::span<Block> blocks) {
  std::array<Block, stretch> permuted;
  for (std::size_t start = 0; start < blocks.size(); start += stretch) {
    const auto part = blocks.subspan(start, std::min(stretch, blocks.size() - start));
    permute(part, permuted.data());
    for (std::size_t i = 0; i < part.size(); ++i) part[i] ^= permuted[i];
  }
  explicit_bzero(permuted.data(), std::min(blocks.size_bytes(), sizeof permuted));
}

void FixedKeyHash::hash(std::span<Block> blocks, Word first_tweak) {
  std::array<Block, stretch> once;
  for (std::size_t start = 0; start < blocks.size(); start += stretch) {
    const auto part = blocks.subspan(start, std::min(stretch, blocks.size() - start));
    permute(part, once.data());
    for (std::size_t i = 0; i < part.size(); ++i)
      part[i] = once[i] ^ Block { first_tweak + start + i, 0 };
    permute(part, part.data());
    for (std::size_t i = 0; i < part.size(); ++i) part[i] ^= once[i];
  }
  explicit_bzero(once.data(), std::min(blocks.size_bytes(), sizeof once));
}

}  // namespace evenkeel
