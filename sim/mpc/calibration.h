// What the primitives of multi-party computation take on the machine at hand, for virtual time.
#pragma once

#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "models/mpc/costs.h"

namespace evenkeel {

/// How one price is measured: nanoseconds of one.
struct Measure {
  const costs::Price& price;
  std::function<double()> ns;
};

/// One for each price, in the order of costs::prices().
std::vector<Measure> measures();

/// The part of a scenario that gives these prices: `mpc: {costs: {...}}`, for `include`.
void write_costs(std::ostream& out, const std::map<std::string, double, std::less<>>& ns);
/// From a file that `write_costs` wrote, or a scenario with such a part. UserError with the place
/// of what is wrong.
std::map<std::string, double, std::less<>> read_costs(const std::string& path);

}  // namespace evenkeel
