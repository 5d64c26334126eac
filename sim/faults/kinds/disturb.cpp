// Messages are lost, doubled, delayed and overtake each other at random.
#include <fmt/format.h>

#include "sim/faults/stage.h"
#include "sim/scenario/breakage.h"

namespace evenkeel {
namespace {

class Disturb final : public Breakage {
 public:
  void describe(Structure& fields) override {
    const auto inside = [this](Structure& inner) {
      inner.number("loss", what_.loss, Unit::none, {"share of messages lost", 0, 1});
      inner.number("duplication", what_.duplication, Unit::none,
                   {"share of messages that arrive twice", 0, 1});
      inner.duration("delay", what_.delay,
                     {"mean of a random delay beside the network's; exponential", 0, 3600});
      inner.boolean("reorder", what_.reorder, {"delayed messages may overtake others"});
      inner.names("of", nodes_, {"what these nodes or kinds send and get; if not given, of all"});
      if (what_.is_none())
        inner.refuse("loss", "disturb needs 'loss', 'duplication' or 'delay' above 0");
    };
    fields.group("disturb", inside, {"messages are lost, doubled and delayed at random"});
  }
  NamedThings named() const override { return {NamedThings::What::nodes, nodes_}; }
  void plan(FaultStage& stage) const override {
    const std::size_t count = stage.platform().size();
    std::vector<bool> nodes(count, nodes_.empty());
    for (const NodeId node : nodes_named(nodes_, stage.platform())) nodes[index(node)] = true;
    stage.at_start(FaultStage::of_no_node, "disturbed", detail(),
                   [id = stage.id(), nodes, what = what_](FaultyWorld& world) {
                     world.disturb(id, nodes, what);
                   });
    stage.at_end(FaultStage::of_no_node, "calm", joined(nodes_),
                 [id = stage.id()](FaultyWorld& world) { world.calm(id); });
  }

 private:
  std::string detail() const {
    return fmt::format("loss {:.3g}, duplication {:.3g}, delay {:.3g} s{}{}", what_.loss,
                       what_.duplication, to_seconds(what_.delay), nodes_.empty() ? "" : ": ",
                       joined(nodes_));
  }

  Disturbance what_;
  std::vector<Name> nodes_;
};

const Registered entry{fault_kinds(),
                       fault_kind<Disturb>("disturb", "messages are lost, doubled and delayed")};

}  // namespace
}  // namespace evenkeel
