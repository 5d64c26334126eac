#include "sim/world/link_clocks.h"

#include <sys/mman.h>

#include "models/runtime/user_error.h"

namespace evenkeel {

LinkClocks::LinkClocks(const Platform& platform)
    : LinkClocks(platform, FileDescriptor{memfd_create("evenkeel links", 0)}) {}

LinkClocks::LinkClocks(const Platform& platform, FileDescriptor shared)
    : shared_(std::move(shared)) {
  for (const PlatformLink& link : platform.links()) ns_per_byte_.push_back(8e9 / link.bandwidth);
  void* mapped = MAP_FAILED;
  if (shared_ && ftruncate(shared_.get(), static_cast<off_t>(size())) == 0)
    mapped = mmap(nullptr, size(), PROT_READ | PROT_WRITE, MAP_SHARED, shared_.get(), 0);
  if (mapped == MAP_FAILED) throw UserError("no memory for the links of the scenario");
  clocks_ = static_cast<Clock*>(mapped);  // zeros, as a fresh file is
}

LinkClocks::~LinkClocks() { munmap(clocks_, size()); }

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
