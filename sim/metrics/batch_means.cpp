#include "sim/metrics/batch_means.h"

namespace evenkeel {

std::vector<double> BatchMeans::means(Time from) const {
  std::vector<double> result;
  for (const Batch& batch : closed_) {
    if (batch.start < from) continue;
    result.push_back(static_cast<double>(batch.sum) / static_cast<double>(size_));
  }
  return result;
}

void BatchMeans::close() {
  closed_.push_back(open_);
  in_open_ = 0;
  if (closed_.size() < limit_) return;
  const std::size_t half = closed_.size() / 2;
  for (std::size_t i = 0; i < half; ++i) {
    closed_[i] = {closed_[2 * i].sum + closed_[2 * i + 1].sum, closed_[2 * i].start};
  }
  closed_.resize(half);
  size_ *= 2;
}

}  // namespace evenkeel
