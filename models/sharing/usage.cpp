#include "models/sharing/usage.h"

#include <limits>

namespace evenkeel {
namespace {

bool fits(std::uint64_t limit, std::uint64_t used, std::uint64_t more) {
  return limit == 0 || (used <= limit && more <= limit - used);
}

// Of a budget of tenths, ten tenths may be spent.
bool fits(double limit, double used, double more) {
  return limit <= 0 || used + more <= limit * (1 + 1e-9);
}

bool is_metered(const Caveats& caveats) { return caveats.rate || caveats.totals; }

void add(GrantUse& to, const GrantUse& use) {
  const auto sum = [](std::uint64_t a, std::uint64_t b) {
    return b > std::numeric_limits<std::uint64_t>::max() - a
               ? std::numeric_limits<std::uint64_t>::max()
               : a + b;
  };
  to = {sum(to.calls, use.calls), sum(to.bytes, use.bytes), sum(to.rows, use.rows),
        to.epsilon + use.epsilon};
}

}  // namespace

struct GrantUsage::Kept {
  Signature block = {};
  std::int64_t expires_ms = 0;
  std::uint64_t calls = 0;
  std::uint64_t bytes = 0;
  std::uint64_t rows = 0;
  double epsilon = 0;
  template <class Visitor>
  void fields(Visitor& visit) {
    visit(block, expires_ms, calls, bytes, rows, epsilon);
  }
};

GrantUsage::GrantUsage(Disk& disk) : journal_(disk, "sharing/usage") {
  for (const Blob& bytes : journal_.take_loaded())
    if (const auto kept = decoded<Kept>(bytes)) {
      Used& used = by_block_[kept->block];
      used.expires_ms = kept->expires_ms;
      used.total = {kept->calls, kept->bytes, kept->rows, kept->epsilon};
    }
}

Result<Done> GrantUsage::keep(const Signature& block, const Used& used) {
  const auto kept = [](const Signature& its_block, const Used& its) {
    return encoded(Kept{its_block, its.expires_ms, its.total.calls, its.total.bytes, its.total.rows,
                        its.total.epsilon});
  };
  if (journal_.size() < 256 + 4 * by_block_.size()) return journal_.append(kept(block, used));
  std::vector<Blob> all;
  for (const auto& [each, its] : by_block_) all.push_back(kept(each, its));
  const Result<Done> rewritten = journal_.rewrite(all);
  return rewritten ? rewritten : journal_.append(kept(block, used));
}

Result<Done> GrantUsage::charge(const VerifiedToken& token, const GrantUse& use, Time now) {
  for (const TokenBlock& block : token.token.blocks) {
    if (!is_metered(block.caveats)) continue;
    Used& used = by_block_[block.signature];
    used.expires_ms = token.expires_ms;
    if (const auto& rate = block.caveats.rate) {
      const Duration period = std::chrono::milliseconds{rate->period_ms};
      if (now - used.period_began >= period) {
        used.period_began = now;
        used.in_period = {};
      }
      if (!fits(rate->calls, used.in_period.calls, use.calls) ||
          !fits(rate->bytes, used.in_period.bytes, use.bytes))
        return Error{ErrorCode::overloaded,
                     "rate used up: the grant allows no more in this period; wait for the next"};
    }
    if (const auto& totals = block.caveats.totals) {
      if (!fits(totals->epsilon, used.total.epsilon, use.epsilon))
        return Error{ErrorCode::denied,
                     "privacy budget used up: what was told already leaves no more to tell; ask "
                     "the owner for a new grant"};
      if (!fits(totals->calls, used.total.calls, use.calls) ||
          !fits(totals->bytes, used.total.bytes, use.bytes) ||
          !fits(totals->rows, used.total.rows, use.rows))
        return Error{ErrorCode::denied,
                     "used up: the grant allows no more in all; ask the owner for a new one"};
    }
  }
  bool unsynced = false;
  for (const TokenBlock& block : token.token.blocks) {
    if (!is_metered(block.caveats)) continue;
    Used& used = by_block_[block.signature];
    add(used.in_period, use);
    add(used.total, use);
    if (!block.caveats.totals) continue;
    const Result<Done> kept = keep(block.signature, used);
    if (!kept) return kept;
    unsynced = true;
  }
  return unsynced ? journal_.sync() : Result<Done>{Done{}};
}

void GrantUsage::drop_expired(std::int64_t wall_ms) {
  std::erase_if(by_block_, [&](const auto& one) { return one.second.expires_ms < wall_ms; });
}

}  // namespace evenkeel
