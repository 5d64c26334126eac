// Which requests are kept one by one: all up to a limit, above it a uniform sample (Li 1994,
// "Reservoir-sampling algorithms of time complexity O(n(1 + log(N/n)))", algorithm L), and the
// slowest completed ones of every slice of time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/runtime/random.h"
#include "sim/metrics/run_result.h"

namespace evenkeel {

class RequestSample {
 public:
  RequestSample(std::uint64_t limit, std::uint64_t slowest, std::size_t slices, std::uint64_t seed);

  void offer(const RequestRecord& record, std::size_t slice) {
    if (offered_++ == next_) take(record);
    if (record.end == RequestEnd::completed && is_slow(record, slowest_[slice])) {
      keep_slow(record, slowest_[slice]);
    }
  }

  /// Those sent at `from` or later, in the order in which they ended.
  std::vector<KeptRequest> kept(Time from, std::size_t first_slice) const;

 private:
  using Heap = std::vector<RequestRecord>;  // the fastest of the slowest in front

  bool is_slow(const RequestRecord& record, const Heap& heap) const {
    return heap.size() < slowest_limit_ ||
           (!heap.empty() && record.latency() > heap.front().latency());
  }
  void take(const RequestRecord& record);
  void keep_slow(const RequestRecord& record, Heap& heap) const;
  void skip();

  std::uint64_t limit_;
  std::uint64_t slowest_limit_;
  std::uint64_t offered_ = 0;
  std::uint64_t next_ = 0;  // number of the offer to take next
  double threshold_ = 1;    // algorithm L's W
  Random random_;
  std::vector<RequestRecord> sample_;
  std::vector<Heap> slowest_;
};

}  // namespace evenkeel
