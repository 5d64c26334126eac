// How well virtual time foretold real time: variants that differ only in their world, compared
// class by class.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/study/comparison.h"

namespace evenkeel {

struct Prediction {
  std::string request_class = {};  // empty: of all requests
  std::string_view quantity = {};
  std::string_view unit = {};  // "s", "1/s", "1"
  double predicted = 0;        // means over the seeds that both worlds have
  double measured = 0;
  Estimate error = {};  // predicted/measured - 1, seed by seed
};

struct PredictedPair {
  std::size_t simulated = 0;  // positions among the variants
  std::size_t measured = 0;
  std::vector<Prediction> rows = {};  // by class: mean, p50, p95, p99, throughput; then utilisation
  double lateness_p50_s = 0;          // of an idle loop beside the measured runs
  double lateness_p99_s = 0;
};

/// A pair for each two variants that were chosen alike but for their world.
std::vector<PredictedPair> predictions(const std::vector<VariantRuns>& variants);

}  // namespace evenkeel
