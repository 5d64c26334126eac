// The disk of a node does what it is asked more slowly for a while.
#include "sim/faults/stage.h"
#include "sim/scenario/breakage.h"

namespace evenkeel {
namespace {

class SlowDisk final : public Breakage {
 public:
  void describe(Structure& fields) override {
    fields.names("slow_disk", nodes_, {"a node or a kind, as for crash"});
    fields.number("factor", factor_, Unit::none,
                  {"slow, slow_disk: speed is multiplied by it", 1e-6, 1});
    if (factor_ == 1)
      fields.refuse("slow_disk",
                    "slow_disk needs a 'factor' below 1; write for instance factor: 0.5");
  }
  NamedThings named() const override { return {NamedThings::What::nodes, nodes_}; }
  void plan(FaultStage& stage) const override {
    const std::string detail = joined(nodes_);
    for (const NodeId node : nodes_named(nodes_, stage.platform())) {
      stage.at_start(node, "slow disk", detail, [node, factor = factor_](FaultyWorld& world) {
        world.slow_disk(node, factor);
      });
      stage.at_end(node, "disk at full speed", detail,
                   [node](FaultyWorld& world) { world.slow_disk(node, 1); });
    }
  }

 private:
  std::vector<Name> nodes_;
  double factor_ = 1;
};

const Registered entry{fault_kinds(), fault_kind<SlowDisk>("slow_disk", "disks are slower")};

}  // namespace
}  // namespace evenkeel
