// A node computes more slowly for a while.
#include "sim/faults/stage.h"
#include "sim/scenario/breakage.h"

namespace evenkeel {
namespace {

class Slow final : public Breakage {
 public:
  void describe(Structure& fields) override {
    fields.names("slow", nodes_, {"a node or a kind, as for crash"});
    fields.number("factor", factor_, Unit::none, {"slow: speed is multiplied by it", 1e-6, 1});
    if (factor_ == 1)
      fields.refuse("slow", "slow needs a 'factor' below 1; write for instance factor: 0.5");
  }
  NamedThings named() const override { return {NamedThings::What::nodes, nodes_}; }
  void plan(FaultStage& stage) const override {
    const std::string detail = joined(nodes_);
    for (const NodeId node : nodes_named(nodes_, stage.platform())) {
      stage.at_start(node, "slow", detail, [node, factor = factor_](FaultyWorld& world) {
        world.slow_down(node, factor);
      });
      stage.at_end(node, "full speed", detail,
                   [node](FaultyWorld& world) { world.slow_down(node, 1); });
    }
  }

 private:
  std::vector<Name> nodes_;
  double factor_ = 1;
};

const Registered entry{fault_kinds(), fault_kind<Slow>("slow", "nodes compute more slowly")};

}  // namespace
}  // namespace evenkeel
