// A stream of pseudo-random words from a 16-byte key: AES-128 in counter mode (OpenSSL), one
// context a stream. Whoever has the key draws the same words.
#pragma once

#include <array>
#include <memory>

#include "models/mpc/words.h"
#include "models/runtime/random.h"

struct evp_cipher_ctx_st;

namespace evenkeel {

using PrgKey = std::array<std::byte, 16>;

/// From a stream that the caller gives, so that a run repeats.
PrgKey draw_prg_key(Random& random);

class Prg {
 public:
  explicit Prg(const PrgKey& key);

  void fill(std::span<std::byte> bytes);
  void fill(std::span<Word> words) { fill(std::as_writable_bytes(words)); }
  Words words(std::size_t count) {
    Words drawn(count);
    fill(drawn);
    return drawn;
  }
  Word word() {
    Word drawn;
    fill(std::span{&drawn, 1});
    return drawn;
  }
  PrgKey key() {
    PrgKey drawn;
    fill(drawn);
    return drawn;
  }
  /// Uniform in {0, ..., n-1}; n above 0.
  Word below(Word n);

 private:
  struct Free {
    void operator()(evp_cipher_ctx_st* context) const;
  };
  std::unique_ptr<evp_cipher_ctx_st, Free> context_;  // OpenSSL wipes it
};

}  // namespace evenkeel
