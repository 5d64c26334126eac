#include "sim/metrics/request_sample.h"

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>

#include "models/runtime/portable_math.h"

namespace evenkeel {
namespace {

bool slower(const RequestRecord& a, const RequestRecord& b) {
  return std::tuple(a.latency(), b.number) > std::tuple(b.latency(), a.number);
}

bool ended_before(const KeptRequest& a, const KeptRequest& b) {
  return std::tuple(a.record.ended, a.record.number) < std::tuple(b.record.ended, b.record.number);
}

}  // namespace

RequestSample::RequestSample(std::uint64_t limit, std::uint64_t slowest, std::size_t slices,
                             std::uint64_t seed)
    : limit_(limit),
      slowest_limit_(slowest),
      next_(limit > 0 ? 0 : std::numeric_limits<std::uint64_t>::max()),
      random_(Random::stream(seed, "metrics/sample")),
      slowest_(slices) {}

void RequestSample::take(const RequestRecord& record) {
  if (sample_.size() < limit_) {
    sample_.push_back(record);
    next_ = offered_;
    if (sample_.size() == limit_) skip();
    return;
  }
  sample_[random_.below(limit_)] = record;
  skip();
}

/// Draws how many offers pass by before the next one is taken.
void RequestSample::skip() {
  threshold_ *= portable::exp(portable::log(1 - random_.uniform()) / static_cast<double>(limit_));
  const double passed = portable::log(1 - random_.uniform()) / portable::log(1 - threshold_);
  constexpr double furthest = 1e18;
  next_ = passed < furthest ? offered_ + static_cast<std::uint64_t>(passed)
                            : std::numeric_limits<std::uint64_t>::max();
}

void RequestSample::keep_slow(const RequestRecord& record, Heap& heap) const {
  if (slowest_limit_ == 0) return;
  if (heap.size() == slowest_limit_) {
    std::pop_heap(heap.begin(), heap.end(), slower);
    heap.pop_back();
  }
  heap.push_back(record);
  std::push_heap(heap.begin(), heap.end(), slower);
}

std::vector<KeptRequest> RequestSample::kept(Time from, std::size_t first_slice) const {
  std::vector<KeptRequest> result;
  std::set<std::uint64_t> numbers;
  for (const RequestRecord& record : sample_) {
    if (record.sent < from) continue;
    result.push_back({.record = record});
    numbers.insert(record.number);
  }
  Heap slow;
  for (std::size_t slice = first_slice; slice < slowest_.size(); ++slice) {
    slow.insert(slow.end(), slowest_[slice].begin(), slowest_[slice].end());
  }
  std::sort(slow.begin(), slow.end(), slower);
  if (slow.size() > slowest_limit_) slow.resize(slowest_limit_);
  for (const RequestRecord& record : slow) {
    if (!numbers.contains(record.number)) result.push_back({.record = record, .sampled = false});
  }
  std::sort(result.begin(), result.end(), ended_before);
  return result;
}

}  // namespace evenkeel
