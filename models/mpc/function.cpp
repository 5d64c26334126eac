#include "models/mpc/function.h"

#include <bit>
#include <cmath>

#include "models/runtime/defaults.h"

namespace evenkeel {

Task<Secrets> Function::compute(Protocol& protocol, const std::vector<Secrets>& entered,
                                const Problem&) const {
  Secrets sum = entered.at(0);
  for (std::size_t i = 1; i < entered.size(); ++i) sum = protocol.add(std::move(sum), entered[i]);
  co_return sum;
}

Catalogue& functions() {
  static Catalogue catalogue{"function"};
  return catalogue;
}

std::shared_ptr<const Function> function_named(std::string_view name) {
  const Entry* entry = functions().find(name);
  EVENKEEL_CHECK(entry != nullptr, "no such function");
  Defaults defaults;
  return std::any_cast<std::shared_ptr<const Function>>(entry->configure(defaults));
}

std::int64_t fixed_point(double value, int fraction) {
  return std::llround(std::ldexp(value, fraction));
}

std::vector<std::int64_t> fixed_point(std::span<const double> values, int fraction) {
  std::vector<std::int64_t> fixed;
  fixed.reserve(values.size());
  for (const double value : values) fixed.push_back(fixed_point(value, fraction));
  return fixed;
}

int bits_of(std::uint64_t n) { return static_cast<int>(std::bit_width(n <= 1 ? 0 : n - 1)); }

}  // namespace evenkeel
