// Every backup that claims to be complete is a state that there was at its cut (I13, F14).
#include "sim/faults/invariant.h"

namespace evenkeel {
namespace {

class RestorableBackups final : public Invariant {
 public:
  void check(const Witness& witness, Violations& found) const override {
    for (const Witness::WrongBackup& wrong : witness.wrong_backups()) {
      Violation violation = violation_of(witness, witness.keys()[wrong.key], wrong.verdict);
      violation.subject = wrong.what + ", " + violation.subject;
      found.push_back(std::move(violation));
    }
  }
};

const Registered entry{invariants(), invariant<RestorableBackups>(
                                         "restorable", "a backup is what there was at its cut")};

}  // namespace
}  // namespace evenkeel
