// AES-128-GCM (NIST SP 800-38D, OpenSSL) under a key that seals several messages, each with a
// number of its own.
#pragma once

#include "models/mpc/tools/prg.h"

namespace evenkeel {

/// A sealed message is that much longer.
inline constexpr std::size_t gcm_tag_bytes = 16;

/// `sealed` holds gcm_tag_bytes more than `plain`. A number is used once with a key.
void gcm_seal(const PrgKey& key, std::uint64_t number, std::span<const std::byte> plain,
              std::span<std::byte> sealed);
/// False, and nothing readable in `plain`, if it was not sealed with this key and number.
bool gcm_unseal(const PrgKey& key, std::uint64_t number, std::span<const std::byte> sealed,
                std::span<std::byte> plain);

}  // namespace evenkeel
