#include "sim/faults/faults.h"

#include <fmt/format.h>

#include "sim/faults/swarm.h"
#include "sim/scenario/breakage.h"

namespace evenkeel {

// Something that happens at an instant.
class FaultPlan::Event final : public Waiter {
 public:
  explicit Event(std::function<void()> action) : action_(std::move(action)) {}
  void wake() override { action_(); }

 private:
  std::function<void()> action_;
};

class FaultPlan::Stage final : public FaultStage {
 public:
  Stage(FaultPlan& plan, const Fault& fault, FaultId id, const Platform& platform,
        FaultyWorld& world)
      : plan_(plan),
        fault_(fault),
        id_(id),
        platform_(platform),
        world_(world),
        mended_(time_after(fault.at, fault.lasts)) {}

  const Platform& platform() const override { return platform_; }
  Random random() const override { return Random::stream(plan_.settings_.seed, "fault", id_); }
  FaultId id() const override { return id_; }
  const Place& place() const override { return fault_.place; }
  void at_start(NodeId node, std::string kind, std::string detail, Action action) override {
    at(fault_.at, node, std::move(kind), std::move(detail), std::move(action));
  }
  void at_end(NodeId node, std::string kind, std::string detail, Action action) override {
    if (mended_ != never) at(mended_, node, std::move(kind), std::move(detail), std::move(action));
  }

 private:
  void at(Time when, NodeId node, std::string kind, std::string detail, Action action) {
    const bool told = !kind.empty() && plan_.settings_.tells(node);
    if (!told && !action) return;
    const auto happen = [this_fault = spared_, &plan = plan_, &world = world_, node, told,
                         its_kind = std::move(kind), its_detail = std::move(detail),
                         act = std::move(action)] {
      if (this_fault) {
        if (!*this_fault) *this_fault = plan.settings_.is_repairing();
        if (**this_fault) return;
      }
      if (act) act(world);
      if (told) world.probe().event(world.now(), node, its_kind, its_detail);
    };
    plan_.events_.push_back(std::make_unique<Event>(happen));
    world_.set_timer(when, *plan_.events_.back());
  }

  FaultPlan& plan_;
  const Fault& fault_;
  FaultId id_;
  const Platform& platform_;
  FaultyWorld& world_;
  Time mended_;
  // Of a fault that may be spared: whether it is, once it began.
  std::shared_ptr<std::optional<bool>> spared_ =
      fault_.spare ? std::make_shared<std::optional<bool>>() : nullptr;
};

FaultPlan::FaultPlan(std::span<const Fault> faults, const Platform& platform, FaultyWorld& world,
                     Settings settings)
    : settings_(std::move(settings)) {
  FaultId id = 0;
  for (const Fault& fault : faults) {
    Stage stage{*this, fault, ++id, platform, world};
    breakage(fault)->plan(stage);
  }
}

FaultPlan::~FaultPlan() = default;

std::vector<Fault> faults_of(const Scenario& scenario, const Platform& platform,
                             std::uint64_t seed) {
  std::vector<Fault> all = scenario.faults;
  if (!scenario.swarm) return all;
  const std::vector<Fault> drawn = read_plan(draw_swarm(scenario, platform, seed));
  all.insert(all.end(), drawn.begin(), drawn.end());
  return all;
}

}  // namespace evenkeel
