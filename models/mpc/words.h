// What a seat computes with: vectors of 64-bit words that are wiped when they are given up, and
// that are not cleared when they are made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <vector>

#include "models/mpc/secret_memory.h"

namespace evenkeel {

using Word = std::uint64_t;

template <class T>
struct WipingAllocator {
  using value_type = T;

  WipingAllocator() = default;
  template <class U>
  WipingAllocator(const WipingAllocator<U>&) {}

  T* allocate(std::size_t count) {
    return static_cast<T*>(SecretMemory::allocate(count * sizeof(T)));
  }
  void deallocate(T* memory, std::size_t count) noexcept {
    SecretMemory::release(memory, count * sizeof(T));
  }
  template <class U>
  void construct(U* place) noexcept {
    ::new (static_cast<void*>(place)) U;
  }
  template <class U, class... Arguments>
  void construct(U* place, Arguments&&... arguments) {
    ::new (static_cast<void*>(place)) U(std::forward<Arguments>(arguments)...);
  }
  friend bool operator==(const WipingAllocator&, const WipingAllocator&) { return true; }
};

/// `Words(n)` holds anything, `Words(n, 0)` zeros.
using Words = std::vector<Word, WipingAllocator<Word>>;
using SecretBytes = std::vector<std::byte, WipingAllocator<std::byte>>;

}  // namespace evenkeel
