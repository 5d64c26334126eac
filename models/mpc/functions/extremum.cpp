#include "models/mpc/functions/extremum.h"

#include <algorithm>
#include <cmath>

namespace evenkeel {

Needs JointExtremum::needs(const Problem& problem) const {
  const int of_places = bits_of(problem.owners * problem.size);
  return {.entered = problem.size,
          .opened = 1,
          .value_bits = std::max(problem.bits + problem.fraction + 1, of_places),
          .multiplies = true,
          .compares = true};
}

Task<Secrets> JointExtremum::compute(Protocol& protocol, const std::vector<Secrets>& entered,
                                     const Problem& problem) const {
  Secrets values = protocol.joined(entered);
  if (which_ == Which::largest) values = protocol.negate(std::move(values));
  const TournamentTerms terms{.prize = prize_,
                              .bits = problem.bits + problem.fraction + 1,
                              .k = static_cast<std::size_t>(settings_.groups_of)};
  Secrets won = co_await smallest(protocol, values, terms, problem);
  if (which_ == Which::largest && prize_ == Prize::value) won = protocol.negate(std::move(won));
  co_return won;
}

std::vector<double> JointExtremum::finish(std::span<const std::int64_t> opened,
                                          const Problem& problem) const {
  return real_numbers(opened, prize_ == Prize::value ? problem.fraction : 0);
}

std::vector<double> JointExtremum::plain(const std::vector<std::vector<double>>& all,
                                         const Problem& problem) const {
  std::vector<double> values;
  for (const std::vector<double>& own : all)
    for (const double value : own)
      values.push_back(prize_ == Prize::value
                           ? value
                           : static_cast<double>(fixed_point(value, problem.fraction)));
  const auto won = which_ == Which::smallest ? std::ranges::min_element(values)
                                             : std::ranges::max_element(values);
  return {prize_ == Prize::value ? *won : static_cast<double>(won - values.begin())};
}

double JointExtremum::error_bound(const Problem& problem) const {
  return prize_ == Prize::value ? std::ldexp(0.5, -problem.fraction) : 0;
}

}  // namespace evenkeel
