// Bits flip on a node's disk, and nobody says so.
#include <fmt/format.h>

#include "sim/faults/stage.h"
#include "sim/scenario/breakage.h"

namespace evenkeel {
namespace {

class CorruptDisk final : public Breakage {
 public:
  void describe(Structure& fields) override {
    fields.names("corrupt_disk", nodes_, {"a node or a kind on whose disk bits flip"});
    fields.number("share", share_, Unit::none,
                  {"corrupt_disk: share of the disk's blocks of 4 KiB that are hit", 0, 1});
  }
  NamedThings named() const override { return {NamedThings::What::nodes, nodes_}; }
  void plan(FaultStage& stage) const override {
    const std::string detail = fmt::format("{:.4g} of the blocks", share_);
    for (const NodeId node : nodes_named(nodes_, stage.platform()))
      stage.at_start(node, "disk corrupted", detail,
                     [node, share = share_, random = stage.random()](FaultyWorld& world) {
                       world.corrupt_disk(node, share, random);
                     });
  }

 private:
  std::vector<Name> nodes_;
  double share_ = 0.01;
};

const Registered entry{fault_kinds(),
                       fault_kind<CorruptDisk>("corrupt_disk", "bits flip on disks, silently")};

}  // namespace
}  // namespace evenkeel
