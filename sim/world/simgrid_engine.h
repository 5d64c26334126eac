// All that touches SimGrid: the engine and its one timer, the platform as SimGrid sees it,
// transfers and executions. What SimGrid 3.32 aborts on is checked before it is asked.
#pragma once

#include <memory>
#include <vector>

#include "sim/topology/platform.h"
#include "sim/world/cpu.h"

namespace evenkeel {

class SimgridWorld;
struct WorldSettings;

class SimgridEngine {
 public:
  SimgridEngine(SimgridWorld& world, const Platform& platform, const WorldSettings& settings);
  ~SimgridEngine();

  void run(Time end);

  /// The waiter's transfer; it is woken on arrival. False if the transfer cannot start; if it fails
  /// on the way it is lost, and the world told so.
  bool start_transfer(Waiter& transfer, NodeId from, NodeId to, double bytes);
  std::unique_ptr<Cpu> make_cpu(World& world, const Cpu::Shape& shape);

  void turn_off(NodeId id);
  void turn_on(NodeId id);
  void cut(PlatformLinkId link);
  void mend(PlatformLinkId link);
  double energy_j(NodeId id) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace evenkeel
