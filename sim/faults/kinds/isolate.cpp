// Nodes are cut off from all others, wherever they stand; among themselves they are not.
#include "sim/faults/stage.h"
#include "sim/scenario/breakage.h"

namespace evenkeel {
namespace {

class Isolate final : public Breakage {
 public:
  void describe(Structure& fields) override {
    fields.names("isolate", nodes_, {"nodes or kinds cut off together from all others"});
    describe_direction(fields, direction_);
  }
  NamedThings named() const override { return {NamedThings::What::nodes, nodes_}; }
  void plan(FaultStage& stage) const override {
    cut_off(stage, nodes_named(nodes_, stage.platform()), direction_, joined(nodes_));
  }

 private:
  std::vector<Name> nodes_;
  CutOff direction_ = CutOff::both;
};

const Registered entry{
    fault_kinds(), fault_kind<Isolate>("isolate", "nodes are cut off together from all others")};

}  // namespace
}  // namespace evenkeel
