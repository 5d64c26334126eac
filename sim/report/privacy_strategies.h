// What variants that compute on secrets cost, and which of them are worth a choice.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/report/variants.h"

namespace evenkeel::report {

struct PrivacyStrategy {
  static constexpr std::size_t sees_everything = security_classes.size() - 1;

  std::string name = {};
  std::size_t variant = 0;  // of the study
  const MpcResult* promises = nullptr;
  std::size_t its_class = sees_everything;  // of security_classes
  double latency_s = no_value;
  double sent_bytes = no_value;
  bool is_best = false;  // of its class, trusting no more

  bool trusts() const { return promises->trusts_somebody() && its_class != sees_everything; }
  /// As soon and as sparing, and one of the two more so.
  bool beats(const PrivacyStrategy& other) const {
    return latency_s <= other.latency_s && sent_bytes <= other.sent_bytes &&
           (latency_s < other.latency_s || sent_bytes < other.sent_bytes);
  }
};

/// One a variant that held computations. Points into the study.
std::vector<PrivacyStrategy> privacy_strategies_of(const Study& study);

/// The stairs that nothing which protects is to the left of and below, in seconds and bytes: from
/// `most_bytes` down and on to `longest_s`.
std::vector<std::pair<double, double>> privacy_front(const std::vector<PrivacyStrategy>& all,
                                                     double longest_s, double most_bytes);

}  // namespace evenkeel::report
