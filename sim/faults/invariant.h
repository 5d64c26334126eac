// What must hold whatever breaks. Each invariant is a file of its own in sim/faults/invariants and
// registers itself here; all of them judge every run that has a witness.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/runtime/registry.h"
#include "sim/faults/checks/witness.h"

namespace evenkeel {

class Invariant {
 public:
  using Violations = std::vector<Violation>;
  virtual ~Invariant() = default;
  /// Adds what it finds; the caller fills in the invariant's name.
  virtual void check(const Witness& witness, Violations& found) const = 0;
};

/// Entries make a `std::shared_ptr<const Invariant>`.
Catalogue& invariants();

template <class Kind>
Entry invariant(std::string name, std::string summary) {
  return {std::move(name), std::move(summary), [](Fields&) -> std::any {
            return std::shared_ptr<const Invariant>(std::make_shared<Kind>());
          }};
}

/// Everything that was broken, in the order of time; at most Witness::most_violations.
std::vector<Violation> judge(const Witness& witness);

/// A verdict on a key's history, with the proof in words and the time of its last operation.
Violation violation_of(const Witness& witness, const Witness::Key& key,
                       const HistoryVerdict& verdict);

/// "linearizable: table/key: ...; client 3 put ..."
std::string describe(const Violation& violation);

}  // namespace evenkeel
