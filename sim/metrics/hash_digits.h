// A 128-bit hash as text.
#pragma once

#include <fmt/format.h>
#include <xxhash.h>

#include <string>

namespace evenkeel {

/// 32 hexadecimal digits.
inline std::string hash_digits(XXH128_hash_t hash) {
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace evenkeel
