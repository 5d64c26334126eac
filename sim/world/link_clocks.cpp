#include "sim/world/link_clocks.h"

#include <sys/mman.h>

#include "models/runtime/user_error.h"

namespace evenkeel {

LinkClocks::LinkClocks(const Platform& platform) {
  for (const PlatformLink& link : platform.links()) ns_per_byte_.push_back(8e9 / link.bandwidth);
  const std::size_t size = (2 * ns_per_byte_.size() + 1) * sizeof(Clock);
  void* shared = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) throw UserError("no memory for the links of the scenario");
  clocks_ = static_cast<Clock*>(shared);  // zeros, as a fresh mapping is
}

LinkClocks::~LinkClocks() { munmap(clocks_, (2 * ns_per_byte_.size() + 1) * sizeof(Clock)); }

Time LinkClocks::take(std::span<const Hop> way, double bytes, Time from) {
  std::int64_t done = from.count();
  for (const Hop& hop : way) {
    std::atomic<std::int64_t>& free_at = clocks_[2 * hop.link + (hop.forward ? 0 : 1)].free_at;
    const auto span = static_cast<std::int64_t>(bytes * ns_per_byte_[hop.link]);
    std::int64_t before = free_at.load(std::memory_order_relaxed);
    std::int64_t after = 0;
    do {
      after = std::max(before, from.count()) + span;
    } while (!free_at.compare_exchange_weak(before, after, std::memory_order_relaxed));
    done = std::max(done, after);
  }
  return Time{done};
}

}  // namespace evenkeel
