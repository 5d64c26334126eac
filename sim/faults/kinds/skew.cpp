// The wall clock of a node is wrong, and may go too fast or too slow.
#include <fmt/format.h>

#include "sim/faults/stage.h"
#include "sim/scenario/breakage.h"

namespace evenkeel {
namespace {

constexpr double most_wrong_s = 1e7;

class Skew final : public Breakage {
 public:
  void describe(Structure& fields) override {
    fields.names("skew", nodes_, {"a node or a kind whose clock is wrong"});
    fields.duration("by", skew_.ahead,
                    {"skew: the clock jumps ahead by it, or back", -most_wrong_s, most_wrong_s});
    fields.number("rate", skew_.rate, Unit::none,
                  {"skew: and gains this share of the time, or loses it", -1, 10});
    if (skew_.ahead == Duration{} && skew_.rate == 0)
      fields.refuse("skew", "skew needs 'by' or 'rate'; write for instance by: 5 ms");
  }
  NamedThings named() const override { return {NamedThings::What::nodes, nodes_}; }
  void plan(FaultStage& stage) const override {
    const std::string detail =
        fmt::format("{:.6g} s, rate {:.3g}", to_seconds(skew_.ahead), skew_.rate);
    for (const NodeId node : nodes_named(nodes_, stage.platform())) {
      stage.at_start(node, "clock skewed", detail,
                     [node, skew = skew_](FaultyWorld& world) { world.skew_clock(node, skew); });
      stage.at_end(node, "clock right", "",
                   [node](FaultyWorld& world) { world.skew_clock(node, {}); });
    }
  }

 private:
  std::vector<Name> nodes_;
  ClockSkew skew_;
};

const Registered entry{fault_kinds(), fault_kind<Skew>("skew", "wall clocks are wrong")};

}  // namespace
}  // namespace evenkeel
