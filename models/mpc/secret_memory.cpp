#include "models/mpc/secret_memory.h"

#include <string.h>  // explicit_bzero

#include <array>
#include <bit>
#include <new>

namespace evenkeel {

#ifdef __SANITIZE_ADDRESS__

void* SecretMemory::allocate(std::size_t size) { return ::operator new(size); }
void SecretMemory::release(void* block, std::size_t size) noexcept {
  explicit_bzero(block, size);
  ::operator delete(block);
}

#else

namespace {

constexpr std::size_t smallest_kept = std::size_t{64} << 10;

struct FreeBlock {
  FreeBlock* next;
};

// Eight sizes from each power of two to the next.
struct SizeClass {
  std::size_t number;
  std::size_t bytes;
};

SizeClass class_of(std::size_t size) {
  const auto power = static_cast<std::size_t>(std::bit_width(size - 1)) - 1;
  const std::size_t step = (std::size_t{1} << power) / 8;
  const std::size_t steps = (size - (std::size_t{1} << power) + step - 1) / step;
  return {power * 8 + steps, (std::size_t{1} << power) + steps * step};
}

struct Kept {
  std::array<FreeBlock*, 64 * 8 + 9> heads{};
  std::size_t bytes = 0;

  ~Kept() {
    for (FreeBlock* head : heads)
      while (head != nullptr) {
        FreeBlock* const next = head->next;
        ::operator delete(head);
        head = next;
      }
  }
};

thread_local Kept kept;

}  // namespace

void* SecretMemory::allocate(std::size_t size) {
  if (size < smallest_kept) return ::operator new(size);
  const SizeClass its_class = class_of(size);
  FreeBlock*& head = kept.heads[its_class.number];
  if (head == nullptr) return ::operator new(its_class.bytes);
  FreeBlock* const block = head;
  head = block->next;
  kept.bytes -= its_class.bytes;
  return block;
}

void SecretMemory::release(void* block, std::size_t size) noexcept {
  explicit_bzero(block, size);
  if (size < smallest_kept) return ::operator delete(block);
  const SizeClass its_class = class_of(size);
  if (kept.bytes + its_class.bytes > most_kept) return ::operator delete(block);
  kept.bytes += its_class.bytes;
  kept.heads[its_class.number] = new (block) FreeBlock{kept.heads[its_class.number]};
}

#endif

}  // namespace evenkeel
