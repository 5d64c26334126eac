// For a while, a crash finds a node's disk in mid-write.
#include "sim/faults/stage.h"
#include "sim/scenario/breakage.h"

namespace evenkeel {
namespace {

class TearWrites final : public Breakage {
 public:
  void describe(Structure& fields) override {
    fields.names("tear_writes", nodes_,
                 {"a node or a kind whose crashes leave unsynced writes half done"});
  }
  NamedThings named() const override { return {NamedThings::What::nodes, nodes_}; }
  void plan(FaultStage& stage) const override {
    const std::string detail = joined(nodes_);
    for (const NodeId node : nodes_named(nodes_, stage.platform())) {
      stage.at_start(node, "writes may tear", detail,
                     [node](FaultyWorld& world) { world.tear_writes(node, true); });
      stage.at_end(node, "writes are whole", detail,
                   [node](FaultyWorld& world) { world.tear_writes(node, false); });
    }
  }

 private:
  std::vector<Name> nodes_;
};

const Registered entry{
    fault_kinds(),
    fault_kind<TearWrites>("tear_writes", "crashes leave unsynced writes half done")};

}  // namespace
}  // namespace evenkeel
