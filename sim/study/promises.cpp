#include "sim/study/promises.h"

#include <algorithm>
#include <array>

#include "models/mpc/protocol.h"

namespace evenkeel {
namespace {

std::string adversary_of(const Guarantees& promises) {
  switch (promises.adversary) {
    case Adversary::none:
      return "none";
    case Adversary::semi_honest:
      return "semi-honest";
    case Adversary::malicious:
      break;
  }
  return "malicious";
}

std::string deviation_of(const Guarantees& promises) {
  if (promises.adversary != Adversary::malicious) return "goes unnoticed";
  return promises.outcome == Outcomes::delivered ? "changes nothing" : "ends it";
}

// Of what balancers know, who else learns the servers' loads.
std::string loads_seen_with(const std::string& knowledge) {
  using Row = std::pair<std::string_view, std::string_view>;
  static constexpr std::array<Row, 8> rows{{{"own", "nobody"},
                                            {"private", "nobody"},
                                            {"noisy", "everybody, blurred"},
                                            {"exact", "everybody"},
                                            {"bulletin", "everybody"},
                                            {"delayed", "everybody"},
                                            {"piggyback", "who is answered"},
                                            {"probe", "who asks"}}};
  const auto found = std::ranges::find(rows, knowledge, &Row::first);
  return found == rows.end() ? "" : std::string{found->second};
}

}  // namespace

void state_promises(MpcResult& result, const Scenario& scenario) {
  if (!scenario.mpc || scenario.mpc->protocol.name.empty()) return;
  const auto& kind = std::any_cast<const ProtocolKind&>(scenario.mpc->protocol.made);
  const Guarantees& promises = kind.promises;
  result.protocol = kind.name;
  result.security = security_classes[static_cast<std::size_t>(class_of(promises))];
  result.corruptions = promises.corruptions;
  result.adversary = adversary_of(promises);
  result.deviation = deviation_of(promises);
  result.trusted = promises.trusted;
  result.modelled = promises.is_modelled ? "modelled" : "";
  if (!scenario.balancing.policy.name.empty())
    result.loads_seen = loads_seen_with(scenario.balancing.knowledge.name);
}

}  // namespace evenkeel
