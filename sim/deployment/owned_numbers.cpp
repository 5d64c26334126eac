#include "sim/deployment/owned_numbers.h"

#include <algorithm>
#include <cmath>

#include "models/mpc/accuracy.h"
#include "models/runtime/user_error.h"

namespace evenkeel {

OwnedNumbers::OwnedNumbers(const ComputationChoice& choice, std::uint64_t seed,
                           std::vector<NodeId> owners, std::set<NodeId> liars)
    : choice_(&choice),
      seed_(seed),
      owners_(std::move(owners)),
      liars_(std::move(liars)),
      function_(std::any_cast<std::shared_ptr<const Function>>(choice.function.made)),
      values_(std::any_cast<const MakeDistribution&>(choice.values.made)()) {
  constexpr double most = 0x1p62;
  if (std::abs(std::ldexp(choice.lie, static_cast<int>(choice.fraction))) >= most)
    throw UserError(choice.place, "a lie of 2^62 or more fits into no number; give a smaller one");
}

Problem OwnedNumbers::problem(std::size_t owners) const {
  return {.owners = static_cast<std::uint32_t>(owners),
          .size = static_cast<std::size_t>(choice_->size),
          .bits = static_cast<int>(choice_->bits),
          .fraction = static_cast<int>(choice_->fraction)};
}

std::vector<double> OwnedNumbers::has(NodeId owner, std::uint64_t about) const {
  Random random =
      Random::stream(Random::stream(seed_, choice_->name, about)(), "owner", index(owner));
  const double most = std::ldexp(1.0, static_cast<int>(choice_->bits)) - 1;
  std::vector<double> values(static_cast<std::size_t>(choice_->size));
  for (double& value : values) value = std::min(values_->sample(random), most);
  return values;
}

std::vector<double> OwnedNumbers::enters(NodeId owner, std::uint64_t about) const {
  if (!liars_.contains(owner)) return has(owner, about);
  return std::vector<double>(static_cast<std::size_t>(choice_->size), choice_->lie);
}

std::optional<OwnedNumbers::Verdict> OwnedNumbers::verdict(const std::vector<double>& answer,
                                                           const std::vector<NodeId>& owners,
                                                           std::uint64_t about) const {
  constexpr std::size_t most_numbers = std::size_t{1} << 20;
  const Problem shape = problem(owners.size());
  if (owners.size() * shape.size > most_numbers) return std::nullopt;
  std::vector<std::vector<double>> all;
  for (const NodeId owner : owners) all.push_back(has(owner, about));
  const std::vector<double> right = function_->plain(all, shape);
  if (answer.size() != right.size()) return Verdict{1, true};
  Verdict verdict{.is_wrong = !is_within_bound(answer, right, function_->error_bound(shape))};
  double difference = 0;
  double size = 0;
  for (std::size_t i = 0; i < right.size(); ++i) {
    difference += std::abs(answer[i] - right[i]);
    size += std::abs(right[i]);
  }
  if (difference > 0) verdict.off = size > 0 ? difference / size : 1;
  return verdict;
}

}  // namespace evenkeel
