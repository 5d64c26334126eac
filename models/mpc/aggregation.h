// Adding up vectors of many clients so that nobody sees more than the sum: what protocols do that
// can do nothing else.
#pragma once

#include <vector>

#include "models/mpc/cost.h"
#include "models/mpc/session.h"

namespace evenkeel {

/// What is added up: `count` numbers a client, each in [0, 2^bits).
struct Summands {
  std::size_t count = 1;
  int bits = 16;
};

class Aggregation {
 public:
  explicit Aggregation(Session& session) : session_(session) {}
  virtual ~Aggregation() = default;

  Session& session() const { return session_; }

  struct Total {
    std::vector<Word> values = {};   // at seat 0; empty at the others
    std::vector<Seat> counted = {};  // the clients in it: one that dropped out or lied is not
  };
  /// This seat's part, from the agreement on keys to the sum. Clients give their numbers as `mine`.
  virtual Task<Total> aggregate(const Summands& summands, std::span<const Word> mine) = 0;

  /// By formula, when nobody drops out.
  virtual Cost cost(const Summands& summands) const = 0;

 private:
  Session& session_;
};

}  // namespace evenkeel
