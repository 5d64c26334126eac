// A client reads its own writes, and never backwards, where that is promised (I3).
#include "sim/faults/checks/sessions.h"
#include "sim/faults/invariant.h"

namespace evenkeel {
namespace {

class SessionPromises final : public Invariant {
 public:
  void check(const Witness& witness, Violations& found) const override {
    for (const Witness::Key& key : witness.keys()) {
      const Promises& promises = witness.promises_of(key.space);
      const auto judge = [&](const HistoryVerdict& verdict) {
        if (!verdict) found.push_back(violation_of(witness, key, verdict));
      };
      if (promises.read_your_writes) judge(check_read_your_writes(key.history));
      if (promises.monotonic_reads) judge(check_monotonic_reads(key.history));
    }
  }
};

const Registered entry{
    invariants(),
    invariant<SessionPromises>("session", "clients read their own writes and never backwards")};

}  // namespace
}  // namespace evenkeel
