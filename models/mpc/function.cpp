#include "models/mpc/function.h"

#include <algorithm>
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

std::vector<double> Function::drawn(const Problem& problem, Random& random) const {
  const double size = std::ldexp(1.0, problem.bits);
  const double most = std::nextafter(value_limit(problem), 0.0);
  std::vector<double> own;
  own.reserve(problem.size);
  for (std::size_t i = 0; i < problem.size; ++i) {
    const double value = std::clamp((2 * random.uniform() - 1) * size, -most, most);
    own.push_back(problem.fraction == 0 ? std::trunc(value) : value);
  }
  return own;
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

double value_limit(const Problem& problem) {
  return std::ldexp(1.0, problem.bits) - std::ldexp(0.5, -problem.fraction);
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

double real_number(std::int64_t fixed, int fraction) {
  return std::ldexp(static_cast<double>(fixed), -fraction);
}

std::vector<double> real_numbers(std::span<const std::int64_t> fixed, int fraction) {
  std::vector<double> reals;
  reals.reserve(fixed.size());
  for (const std::int64_t one : fixed) reals.push_back(real_number(one, fraction));
  return reals;
}

int bits_of(std::uint64_t n) { return static_cast<int>(std::bit_width(n <= 1 ? 0 : n - 1)); }

}  // namespace evenkeel
