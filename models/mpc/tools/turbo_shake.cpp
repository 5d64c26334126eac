#include "models/mpc/tools/turbo_shake.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "models/runtime/check.h"

namespace evenkeel {
namespace {

static_assert(std::endian::native == std::endian::little, "lanes are little-endian");

// The last 12 of the 24 rounds of Keccak-f[1600].
constexpr std::array<Word, 12> round_constants{
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

constexpr std::array<int, 25> rotations{0,  1,  62, 28, 27, 36, 44, 6,  55, 20, 3,  10, 43,
                                        25, 39, 41, 45, 15, 21, 8,  18, 2,  61, 56, 14};

// Unrolled, so that the lanes stay in registers.
void permute(std::array<Word, 25>& lanes) {
  std::array<Word, 25> a = lanes;
  for (const Word constant : round_constants) {
    std::array<Word, 5> parity;
    std::array<Word, 25> b;
#pragma GCC unroll 5
    for (std::size_t x = 0; x < 5; ++x)
      parity[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
#pragma GCC unroll 5
    for (std::size_t x = 0; x < 5; ++x) {
      const Word flips = parity[(x + 4) % 5] ^ std::rotl(parity[(x + 1) % 5], 1);
#pragma GCC unroll 5
      for (std::size_t y = 0; y < 5; ++y)
        b[y + 5 * ((2 * x + 3 * y) % 5)] = std::rotl(a[x + 5 * y] ^ flips, rotations[x + 5 * y]);
    }
#pragma GCC unroll 5
    for (std::size_t y = 0; y < 25; y += 5)
#pragma GCC unroll 5
      for (std::size_t x = 0; x < 5; ++x)
        a[x + y] = b[x + y] ^ (~b[(x + 1) % 5 + y] & b[(x + 2) % 5 + y]);
    a[0] ^= constant;
  }
  lanes = a;
}

}  // namespace

void TurboShake128::absorb(std::span<const std::byte> bytes) {
  auto* const state = reinterpret_cast<std::byte*>(state_.data());
  while (!bytes.empty()) {
    if (place_ == rate_bytes) {
      permute(state_);
      place_ = 0;
    }
    const std::size_t fits = std::min(bytes.size(), rate_bytes - place_);
    for (std::size_t i = 0; i < fits; ++i) state[place_ + i] ^= bytes[i];
    place_ += fits;
    bytes = bytes.subspan(fits);
  }
}

void TurboShake128::finish(std::uint8_t domain) {
  if (place_ == rate_bytes) {
    permute(state_);
    place_ = 0;
  }
  auto* const state = reinterpret_cast<std::byte*>(state_.data());
  state[place_] ^= std::byte{domain};
  state[rate_bytes - 1] ^= std::byte{0x80};
  place_ = rate_bytes;
}

void TurboShake128::squeeze(std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    if (place_ == rate_bytes) {
      permute(state_);
      place_ = 0;
    }
    const std::size_t fits = std::min(bytes.size(), rate_bytes - place_);
    std::memcpy(bytes.data(), reinterpret_cast<std::byte*>(state_.data()) + place_, fits);
    place_ += fits;
    bytes = bytes.subspan(fits);
  }
}

XofTurboShake128::XofTurboShake128(View seed, View purpose, std::initializer_list<View> binder) {
  EVENKEEL_CHECK(seed.size() < 256 && purpose.size() < 65536, "too long for its length field");
  const std::array<std::byte, 2> purpose_length{static_cast<std::byte>(purpose.size() & 255),
                                                static_cast<std::byte>(purpose.size() >> 8)};
  const std::array<std::byte, 1> seed_length{static_cast<std::byte>(seed.size())};
  for (const View part : {View{purpose_length}, purpose, View{seed_length}, seed})
    sponge_.absorb(part);
  for (const View part : binder) sponge_.absorb(part);
  sponge_.finish(1);
}

}  // namespace evenkeel
