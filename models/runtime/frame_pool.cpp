#include "models/runtime/frame_pool.h"

#include <array>
#include <new>
#include <vector>

namespace evenkeel {

#ifdef __SANITIZE_ADDRESS__

void* FramePool::allocate(std::size_t size) { return ::operator new(size); }
void FramePool::release(void* frame, std::size_t) noexcept { ::operator delete(frame); }

#else

namespace {

constexpr std::size_t step = 64;
constexpr std::size_t largest = 2048;

struct Free {
  Free* next;
};

// Keeps its blocks until the thread ends.
struct Lists {
  std::array<Free*, largest / step> heads{};

  ~Lists() {
    for (Free* head : heads)
      while (head != nullptr) {
        Free* next = head->next;
        ::operator delete(head);
        head = next;
      }
  }
};

thread_local Lists lists;

}  // namespace

void* FramePool::allocate(std::size_t size) {
  if (size > largest) return ::operator new(size);
  const std::size_t kind = (size - 1) / step;
  Free*& head = lists.heads[kind];
  if (head == nullptr) return ::operator new((kind + 1) * step);
  Free* frame = head;
  head = frame->next;
  return frame;
}

void FramePool::release(void* frame, std::size_t size) noexcept {
  if (size > largest) return ::operator delete(frame);
  lists.heads[(size - 1) / step] = new (frame) Free{lists.heads[(size - 1) / step]};
}

#endif

}  // namespace evenkeel
