// In the end all replicas of a partition are alike (I5).
#include "sim/faults/checks/final_state.h"
#include "sim/faults/invariant.h"

namespace evenkeel {
namespace {

class ConvergedReplicas final : public Invariant {
 public:
  void check(const Witness& witness, Violations& found) const override {
    for (const auto& [partition, looks] : witness.replicas())
      for (const std::vector<ReplicaDigest>& replicas : looks)
        if (const HistoryVerdict verdict = check_converged(partition, replicas); !verdict)
          found.push_back({.at = never, .subject = partition, .why = verdict.why});
  }
};

const Registered entry{
    invariants(), invariant<ConvergedReplicas>("converged", "in the end all replicas are alike")};

}  // namespace
}  // namespace evenkeel
