// How long a way of computing takes, by the protocol's own formulas, so that a function can choose
// between few rounds and few bytes.
#pragma once

#include <algorithm>

#include "models/mpc/function.h"

namespace evenkeel {

class Pricing {
 public:
  Pricing(const Protocol& protocol, const Problem& problem)
      : protocol_(protocol), problem_(problem) {}

  void pay(const SecureOperation& operation) {
    if (operation.count == 0) return;
    const Cost cost = protocol_.cost(operation);
    bytes_ += static_cast<double>(std::ranges::max(cost.sent_bytes));
    rounds_ += cost.rounds;
  }
  /// A message takes half a round trip, and the bytes of the seat that sends most.
  double seconds() const {
    return rounds_ * to_seconds(problem_.round_trip) / 2 + bytes_ * 8 / problem_.bandwidth;
  }

 private:
  const Protocol& protocol_;
  const Problem& problem_;
  double bytes_ = 0;
  double rounds_ = 0;
};

}  // namespace evenkeel
