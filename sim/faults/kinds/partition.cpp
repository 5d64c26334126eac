// Places are cut off from all others; among themselves they are not.
#include "sim/faults/stage.h"
#include "sim/scenario/breakage.h"

namespace evenkeel {
namespace {

class Partition final : public Breakage {
 public:
  void describe(Structure& fields) override {
    fields.names("partition", places_, {"places cut off together from all others"});
    describe_direction(fields, direction_);
  }
  NamedThings named() const override { return {NamedThings::What::places, places_}; }
  void plan(FaultStage& stage) const override {
    cut_off(stage, nodes_at(places_, stage.platform()), direction_, joined(places_));
  }

 private:
  std::vector<Name> places_;
  CutOff direction_ = CutOff::both;
};

const Registered entry{
    fault_kinds(),
    fault_kind<Partition>("partition", "places are cut off together from all others")};

}  // namespace
}  // namespace evenkeel
