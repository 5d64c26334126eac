// Memory for secrets: wiped when it is given back, and large blocks are kept for the next vector,
// since pages fresh from the system cost more than the arithmetic on them.
#pragma once

#include <cstddef>

namespace evenkeel {

/// Free blocks by size, one set a thread. Under AddressSanitizer it is the plain allocator.
class SecretMemory {
 public:
  /// Bytes that a thread keeps, at most.
  static constexpr std::size_t most_kept = std::size_t{1} << 30;

  static void* allocate(std::size_t size);
  static void release(void* block, std::size_t size) noexcept;
};

}  // namespace evenkeel
