// Memory for coroutine frames: a request makes several frames that live for microseconds, and the
// general allocator would be a third of its cost.
#pragma once

#include <cstddef>

namespace evenkeel {

/// Free lists by size, one set a thread. Under AddressSanitizer it is the plain allocator, so that
/// a use after the end of a task is found.
class FramePool {
 public:
  static void* allocate(std::size_t size);
  static void release(void* frame, std::size_t size) noexcept;
};

}  // namespace evenkeel
