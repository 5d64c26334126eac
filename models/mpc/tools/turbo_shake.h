// TurboSHAKE128 (RFC 9861): a sponge over Keccak-p[1600] with 12 rounds; and the extendable output
// function that the VDAF draft makes of it.
#pragma once

#include <openssl/crypto.h>
#include <array>
#include <initializer_list>
#include <optional>
#include <span>

#include "models/mpc/tools/ntt.h"
#include "models/mpc/words.h"

namespace evenkeel {

class TurboShake128 {
 public:
  static constexpr std::size_t rate_bytes = 168;

  TurboShake128() = default;
  TurboShake128(const TurboShake128&) = delete;
  ~TurboShake128() { OPENSSL_cleanse(state_.data(), sizeof state_); }

  void absorb(std::span<const std::byte> bytes);
  /// Ends what is absorbed; `domain` is in [1, 0x7f].
  void finish(std::uint8_t domain);
  void squeeze(std::span<std::byte> bytes);

 private:
  std::array<Word, 25> state_ = {};
  std::size_t place_ = 0;  // in the block
};

/// XofTurboShake128 (draft-irtf-cfrg-vdaf, section 6.2.1): a stream from a seed, for a purpose,
/// bound to a context.
class XofTurboShake128 {
 public:
  static constexpr std::size_t seed_bytes = 32;
  using Seed = std::array<std::byte, seed_bytes>;
  using View = std::span<const std::byte>;

  XofTurboShake128(View seed, View purpose, std::initializer_list<View> binder);

  void fill(std::span<std::byte> bytes) { sponge_.squeeze(bytes); }
  Seed seed() {
    Seed drawn;
    fill(drawn);
    return drawn;
  }
  /// Uniform; what is no number below the modulus is passed over.
  template <class F>
  Elements<F> elements(std::size_t count) {
    Elements<F> drawn(count);
    for (F& element : drawn) {
      std::array<std::byte, F::encoded_bytes> bytes;
      for (std::optional<F> one; !one;) {
        fill(bytes);
        one = F::decoded(bytes.data());
        if (one) element = *one;
      }
    }
    return drawn;
  }

 private:
  TurboShake128 sponge_;
};

}  // namespace evenkeel
