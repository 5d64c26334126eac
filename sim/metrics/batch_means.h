// The means of equal runs of a sequence, in bounded memory: when there are too many, neighbours
// are merged and the runs are twice as long from then on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/runtime/time.h"

namespace evenkeel {

class BatchMeans {
 public:
  /// Starts with batches of 5, as MSER-5 asks. `limit` is even and at least 2.
  explicit BatchMeans(std::size_t limit = 8192) : limit_(limit) {}

  void add(std::int64_t value, Time at) {
    if (in_open_ == 0) open_ = {0, at};
    open_.sum += value;
    if (++in_open_ == size_) close();
  }

  /// Values in a batch now: 5 times a power of two.
  std::uint64_t batch_size() const { return size_; }
  std::size_t batches() const { return closed_.size(); }
  /// When the first value of a batch was added.
  Time start(std::size_t batch) const { return closed_[batch].start; }
  /// The means of the batches that start at `from` or later, oldest first.
  std::vector<double> means(Time from = Time::min()) const;

 private:
  struct Batch {
    std::int64_t sum = 0;
    Time start{};
  };

  void close();

  std::size_t limit_;
  std::uint64_t size_ = 5;
  std::uint64_t in_open_ = 0;
  Batch open_;
  std::vector<Batch> closed_;
};

}  // namespace evenkeel
