// What a process does with memory that it frees.
#pragma once

#include <malloc.h>

namespace evenkeel {

/// It stays with the process: pages fresh from the system cost more than what a long message copies
/// into them. For a program to call when it begins.
inline void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
}

}  // namespace evenkeel
