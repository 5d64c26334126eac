// A node's disk is full for a while: no file on it can grow.
#include "sim/faults/stage.h"
#include "sim/scenario/breakage.h"

namespace evenkeel {
namespace {

class FillDisk final : public Breakage {
 public:
  void describe(Structure& fields) override {
    fields.names("fill_disk", nodes_, {"a node or a kind whose disk has no more room"});
  }
  NamedThings named() const override { return {NamedThings::What::nodes, nodes_}; }
  void plan(FaultStage& stage) const override {
    const std::string detail = joined(nodes_);
    for (const NodeId node : nodes_named(nodes_, stage.platform())) {
      stage.at_start(node, "disk full", detail,
                     [node](FaultyWorld& world) { world.fill_disk(node, true); });
      stage.at_end(node, "disk has room", detail,
                   [node](FaultyWorld& world) { world.fill_disk(node, false); });
    }
  }

 private:
  std::vector<Name> nodes_;
};

const Registered entry{fault_kinds(), fault_kind<FillDisk>("fill_disk", "disks have no more room")};

}  // namespace
}  // namespace evenkeel
