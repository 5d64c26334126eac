// No acknowledged write is lost, and nothing deleted comes back (I1, I6).
#include "sim/faults/checks/final_state.h"
#include "sim/faults/invariant.h"

namespace evenkeel {
namespace {

class DurableWrites final : public Invariant {
 public:
  void check(const Witness& witness, Violations& found) const override {
    for (const Witness::Key& key : witness.keys()) {
      if (!witness.promises_of(key.space).durable) continue;
      for (const HistoryValue value : key.found) {
        const HistoryVerdict verdict = check_final_value(key.history, value);
        if (!verdict) found.push_back(violation_of(witness, key, verdict));
      }
    }
  }
};

const Registered entry{invariants(), invariant<DurableWrites>(
                                         "durable", "no acknowledged write is lost, none undone")};

}  // namespace
}  // namespace evenkeel
