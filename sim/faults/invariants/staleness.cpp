// What is read is not older than the promised bound (I4).
#include "sim/faults/checks/sessions.h"
#include "sim/faults/invariant.h"

namespace evenkeel {
namespace {

class BoundedStaleness final : public Invariant {
 public:
  void check(const Witness& witness, Violations& found) const override {
    for (const Witness::Key& key : witness.keys()) {
      const Promises& promises = witness.promises_of(key.space);
      if (!promises.staleness) continue;
      const HistoryVerdict verdict = check_staleness(key.history, *promises.staleness);
      if (!verdict) found.push_back(violation_of(witness, key, verdict));
    }
  }
};

const Registered entry{invariants(), invariant<BoundedStaleness>(
                                         "staleness", "reads are not older than was promised")};

}  // namespace
}  // namespace evenkeel
