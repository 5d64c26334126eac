// How much of its rates and totals each block of a token has used up at this node. What is made
// from a block draws on the block's budget too.
#pragma once

#include <map>

#include "models/runtime/time.h"
#include "models/sharing/journal.h"
#include "models/sharing/token.h"

namespace evenkeel {

struct GrantUse {
  std::uint64_t calls = 0;
  std::uint64_t bytes = 0;
  std::uint64_t rows = 0;
  double epsilon = 0;
};

/// Totals survive a restart; the present period of a rate does not. What is on disk is ahead of
/// what was served, never behind.
class GrantUsage {
 public:
  explicit GrantUsage(Disk& disk);

  /// Takes it from every block's budget, or from none. ErrorCode::overloaded: the rate is used up,
  /// try again in the next period; ErrorCode::denied: a total is.
  Result<Done> charge(const VerifiedToken& token, const GrantUse& use, Time now);
  /// Forgets blocks that have expired.
  void drop_expired(std::int64_t wall_ms);

 private:
  struct Used {
    std::int64_t expires_ms = 0;
    GrantUse total;
    Time period_began{};
    GrantUse in_period;
  };
  struct Kept;
  Result<Done> keep(const Signature& block, const Used& used);

  FrameJournal journal_;
  std::map<Signature, Used> by_block_;
};

}  // namespace evenkeel
