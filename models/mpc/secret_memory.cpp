#include "models/mpc/secret_memory.h"

#include <string.h>  // explicit_bzero
#include <sys/mman.h>

#include <array>
#include <bit>
#include <cstdint>
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
  std::size_t bytes;
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

// Long vectors lie on the system's large pages where it gives them: columns of a table of labels
// are read side by side, each from a page of its own.
constexpr std::size_t large_page = std::size_t{2} << 20;
constexpr std::size_t smallest_on_large_pages = 2 * large_page;

void* fresh(std::size_t size) {
  if (size < smallest_on_large_pages) return ::operator new(size);
  void* const all =
      mmap(nullptr, size + large_page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (all == MAP_FAILED) throw std::bad_alloc{};
  const auto start = reinterpret_cast<std::uintptr_t>(all);
  const std::size_t before = (large_page - start % large_page) % large_page;
  std::byte* const block = static_cast<std::byte*>(all) + before;
  if (before > 0) munmap(all, before);
  munmap(block + size, large_page - before);
  madvise(block, size, MADV_HUGEPAGE);  // or not: it is only faster
  return block;
}

void give_back(void* block, std::size_t size) noexcept {
  if (size < smallest_on_large_pages) return ::operator delete(block);
  munmap(block, size);
}

struct Kept {
  std::array<FreeBlock*, 64 * 8 + 9> heads{};
  std::size_t bytes = 0;

  ~Kept() {
    for (FreeBlock* head : heads)
      while (head != nullptr) {
        const FreeBlock block = *head;
        give_back(head, block.bytes);
        head = block.next;
      }
  }
};

thread_local Kept kept;

}  // namespace

void* SecretMemory::allocate(std::size_t size) {
  if (size < smallest_kept) return ::operator new(size);
  const SizeClass its_class = class_of(size);
  FreeBlock*& head = kept.heads[its_class.number];
  if (head == nullptr) return fresh(its_class.bytes);
  FreeBlock* const block = head;
  head = block->next;
  kept.bytes -= its_class.bytes;
  return block;
}

void SecretMemory::release(void* block, std::size_t size) noexcept {
  explicit_bzero(block, size);
  if (size < smallest_kept) return ::operator delete(block);
  const SizeClass its_class = class_of(size);
  if (kept.bytes + its_class.bytes > most_kept) return give_back(block, its_class.bytes);
  kept.bytes += its_class.bytes;
  kept.heads[its_class.number] =
      new (block) FreeBlock{kept.heads[its_class.number], its_class.bytes};
}

#endif

}  // namespace evenkeel
