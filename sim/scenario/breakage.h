// What a kind of fault is: how a scenario writes it, and what it does to a world. Each kind is a
// file of its own in sim/faults/kinds and registers itself here, so that readers, schema, `list`
// and the plan of a run all follow from that one file.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/runtime/check.h"
#include "sim/scenario/structure.h"

namespace evenkeel {

class FaultStage;  // sim/faults/stage.h

/// Names that a fault uses, to be checked once there is a graph.
struct NamedThings {
  enum class What { nodes, places, link };
  What what = What::nodes;
  std::vector<Name> names = {};
};

/// One fault, as a sentence: its kind is a key whose value says what breaks, and its other settings
/// stand beside it: `{at: 7 min, slow: edge, factor: 0.5}`.
class Breakage {
 public:
  virtual ~Breakage() = default;
  /// First the key that is the kind's name, then what may stand beside it. Two kinds may share a
  /// setting if it means the same.
  virtual void describe(Structure& fields) = 0;
  virtual NamedThings named() const = 0;
  /// Puts what happens, and how it is mended, on the stage.
  virtual void plan(FaultStage& stage) const = 0;
};

/// The fault that a scenario's entry describes; null if it could not be read.
inline const Breakage* breakage(const Fault& fault) {
  const auto* made = std::any_cast<std::shared_ptr<const Breakage>>(&fault.what.made);
  return made != nullptr ? made->get() : nullptr;
}

Catalogue& fault_kinds();

/// The entry of a kind: `const Registered entry{fault_kinds(), fault_kind<Crash>("crash", "...")};`
template <class Kind>
Entry fault_kind(std::string name, std::string summary) {
  return {std::move(name), std::move(summary), [](Fields& fields) -> std::any {
            auto* structure = dynamic_cast<Structure*>(&fields);
            EVENKEEL_CHECK(structure != nullptr, "faults are read from scenarios only");
            auto made = std::make_shared<Kind>();
            made->describe(*structure);
            return std::shared_ptr<const Breakage>(std::move(made));
          }};
}

}  // namespace evenkeel
