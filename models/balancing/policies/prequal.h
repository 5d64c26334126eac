// How often Prequal may use one probe, apart from the policy so that its published values can be
// checked.
#pragma once

#include <algorithm>
#include <limits>

namespace evenkeel {

struct ReuseTerms {
  double pool = 16;     // m
  double servers = 0;   // n
  double probes = 3;    // r_probe, a request
  double removals = 1;  // r_remove, a request
  double delta = 1;     // by how much the probes used must fall short of those gained
};

/// b_reuse of the paper (section 4): so many uses of each probe keep the pool filled. A share m/n
/// of the probes hits servers that are in the pool already. Infinite if the probes cannot keep it
/// filled however often they are used, as whenever n <= m.
inline double reuse_limit(const ReuseTerms& terms) {
  const double gained = (1 - terms.pool / terms.servers) * terms.probes - terms.removals;
  if (!(gained > 0)) return std::numeric_limits<double>::infinity();
  return std::max(1.0, (1 + terms.delta) / gained);
}

}  // namespace evenkeel
