// What the owners of a scenario's computations have, and how far an answer is from what is so.
#pragma once

#include <memory>
#include <set>
#include <vector>

#include "models/mpc/function.h"
#include "models/runtime/node.h"
#include "sim/scenario/scenario.h"
#include "sim/workload/service.h"

namespace evenkeel {

/// Numbers are drawn by the run's seed, the owner and which computation it is: every node of a run
/// knows what is right.
class OwnedNumbers {
 public:
  /// The choice outlives it. UserError if the lie does not fit into a number.
  OwnedNumbers(const ComputationChoice& choice, std::uint64_t seed, std::vector<NodeId> owners,
               std::set<NodeId> liars);

  const ComputationChoice& choice() const { return *choice_; }
  const std::vector<NodeId>& owners() const { return owners_; }
  const std::set<NodeId>& liars() const { return liars_; }
  const std::shared_ptr<const Function>& function() const { return function_; }
  Problem problem(std::size_t owners) const;

  std::vector<double> has(NodeId owner, std::uint64_t about) const;
  /// What it has, or a liar's lie.
  std::vector<double> enters(NodeId owner, std::uint64_t about) const;

  struct Verdict {
    double off = 0;         // |answer - right| / |right|, of all numbers of an answer
    bool is_wrong = false;  // further off than the function may be
  };
  /// Nothing if there are too many numbers to draw them all again.
  std::optional<Verdict> verdict(const std::vector<double>& answer,
                                 const std::vector<NodeId>& owners, std::uint64_t about) const;

 private:
  const ComputationChoice* choice_;
  std::uint64_t seed_;
  std::vector<NodeId> owners_;
  std::set<NodeId> liars_;
  std::shared_ptr<const Function> function_;
  std::shared_ptr<const Distribution> values_;
};

}  // namespace evenkeel
