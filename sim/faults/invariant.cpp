#include "sim/faults/invariant.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/runtime/defaults.h"

namespace evenkeel {
Catalogue& invariants() {
  static Catalogue all{"invariant"};
  return all;
}

std::vector<Violation> judge(const Witness& witness) {
  std::vector<Violation> all = witness.accusations();
  Defaults none;  // invariants have no settings
  for (const Entry& entry : invariants().entries()) {
    std::vector<Violation> found;
    const std::any made = entry.configure(none);
    std::any_cast<const std::shared_ptr<const Invariant>&>(made)->check(witness, found);
    for (Violation& violation : found) {
      if (all.size() >= Witness::most_violations) break;
      violation.invariant = entry.name;
      all.push_back(std::move(violation));
    }
  }
  std::ranges::stable_sort(all, {}, &Violation::at);
  return all;
}

Violation violation_of(const Witness& witness, const Witness::Key& key,
                       const HistoryVerdict& verdict) {
  Violation violation{.subject = key.space + "/" + key.key, .why = verdict.why};
  std::string values;
  std::vector<HistoryValue> named;
  for (const std::size_t i : verdict.proof) {
    const Operation& operation = key.history.operations[i];
    const Time known = operation.outcome == OperationEnd::done ? operation.end : operation.start;
    violation.at = std::max(violation.at, known);
    violation.proof.push_back(describe(operation));
    if (std::ranges::find(named, operation.value) != named.end()) continue;
    named.push_back(operation.value);
    values += fmt::format("{}{} is {}", values.empty() ? "where " : ", ", operation.value,
                          witness.shown(operation.value));
  }
  if (!values.empty()) violation.proof.push_back(values);
  return violation;
}

std::string describe(const Violation& violation) {
  std::string text =
      fmt::format("{}: {}: {}", violation.invariant, violation.subject, violation.why);
  for (const std::string& line : violation.proof) text += "; " + line;
  return text;
}

}  // namespace evenkeel
