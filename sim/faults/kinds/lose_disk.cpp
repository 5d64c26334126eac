// A node crashes, and starts again with an empty disk.
#include "sim/faults/stage.h"
#include "sim/scenario/breakage.h"

namespace evenkeel {
namespace {

class LoseDisk final : public Breakage {
 public:
  void describe(Structure& fields) override {
    fields.names("lose_disk", nodes_, {"a node or a kind that crashes and finds its disk empty"});
  }
  NamedThings named() const override { return {NamedThings::What::nodes, nodes_}; }
  void plan(FaultStage& stage) const override {
    const std::string detail = joined(nodes_);
    for (const NodeId node : nodes_named(nodes_, stage.platform())) {
      stage.at_start(node, "disk lost", detail, [node](FaultyWorld& world) {
        world.crash(node);
        world.lose_disk(node);
      });
      stage.at_end(node, "restart", detail, [node](FaultyWorld& world) { world.restart(node); });
    }
  }

 private:
  std::vector<Name> nodes_;
};

const Registered entry{
    fault_kinds(), fault_kind<LoseDisk>("lose_disk", "nodes crash and restart with empty disks")};

}  // namespace
}  // namespace evenkeel
