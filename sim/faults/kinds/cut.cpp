// A link carries nothing until it is mended.
#include "sim/faults/stage.h"
#include "sim/scenario/breakage.h"

namespace evenkeel {
namespace {

class Cut final : public Breakage {
 public:
  void describe(Structure& fields) override {
    fields.names("cut", ends_, {"a link by its name, or a list of its two ends"});
    if (ends_.size() > 2)
      fields.refuse("cut", "a link has two ends; write one fault for each link");
  }
  NamedThings named() const override { return {NamedThings::What::link, ends_}; }
  void plan(FaultStage& stage) const override {
    const std::string detail = joined(ends_);
    const PlatformLinkId link = link_named(ends_, stage.place(), stage.platform());
    stage.at_start(FaultStage::of_no_node, "cut", detail,
                   [link](FaultyWorld& world) { world.cut(link); });
    stage.at_end(FaultStage::of_no_node, "mended", detail,
                 [link](FaultyWorld& world) { world.mend(link); });
  }

 private:
  std::vector<Name> ends_;
};

const Registered entry{fault_kinds(), fault_kind<Cut>("cut", "a link carries nothing")};

}  // namespace
}  // namespace evenkeel
