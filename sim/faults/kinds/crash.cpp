// A node stops at once, as when its power fails, and starts again when it is mended.
#include "sim/faults/stage.h"
#include "sim/scenario/breakage.h"

namespace evenkeel {
namespace {

class Crash final : public Breakage {
 public:
  void describe(Structure& fields) override {
    fields.names("crash", nodes_, {"a node, as kind/place or kind/place/number, or a kind"});
  }
  NamedThings named() const override { return {NamedThings::What::nodes, nodes_}; }
  void plan(FaultStage& stage) const override {
    const std::string detail = joined(nodes_);
    for (const NodeId node : nodes_named(nodes_, stage.platform())) {
      stage.at_start(node, "crash", detail, [node](FaultyWorld& world) { world.crash(node); });
      stage.at_end(node, "restart", detail, [node](FaultyWorld& world) { world.restart(node); });
    }
  }

 private:
  std::vector<Name> nodes_;
};

const Registered entry{fault_kinds(),
                       fault_kind<Crash>("crash", "nodes stop, and start again when mended")};

}  // namespace
}  // namespace evenkeel
