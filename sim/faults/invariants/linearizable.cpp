// Every key of a space that promises it behaves as one register that changes at instants (I2).
#include <set>

#include "sim/faults/checks/wing_gong.h"
#include "sim/faults/checks/zones.h"
#include "sim/faults/invariant.h"

namespace evenkeel {
namespace {

bool values_differ(const History& history) {
  std::set<HistoryValue> put = {history.initial};
  for (const Operation& operation : history.operations) {
    const bool is_put = operation.kind == Operation::Kind::put;
    if (is_put && operation.outcome != OperationEnd::failed && !put.insert(operation.value).second)
      return false;
  }
  return true;
}

class LinearizableKeys final : public Invariant {
 public:
  void check(const Witness& witness, Violations& found) const override {
    // A search may be long: where it is given up, nothing is said.
    constexpr std::uint64_t most_steps = 2'000'000;
    for (const Witness::Key& key : witness.keys()) {
      if (!witness.promises_of(key.space).linearizable) continue;
      const bool fast = !key.is_searched && values_differ(key.history);
      const HistoryVerdict verdict =
          fast ? check_zones(key.history) : check_linearizable(key.history, most_steps);
      if (!verdict) found.push_back(violation_of(witness, key, verdict));
    }
  }
};

const Registered entry{
    invariants(), invariant<LinearizableKeys>("linearizable",
                                              "each key behaves as one register, where promised")};

}  // namespace
}  // namespace evenkeel
