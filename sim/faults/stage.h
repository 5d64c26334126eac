// What a kind of fault works with when it makes its plan: the platform, when it breaks and is
// mended, and a way to say what happens then.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/world/faulty_world.h"

namespace evenkeel {

class FaultStage {
 public:
  static constexpr NodeId of_no_node{~std::uint32_t{0}};
  using Action = std::function<void(FaultyWorld&)>;

  virtual ~FaultStage() = default;

  virtual const Platform& platform() const = 0;
  /// The seed of the run, and the fault's place in the plan: for random numbers of its own.
  virtual Random random() const = 0;
  /// Names what the fault puts into the network, the same in all worlds.
  virtual FaultId id() const = 0;
  virtual const Place& place() const = 0;

  /// When it breaks, and if it is ever mended, then. `node` (or `of_no_node`), `kind` and `detail`
  /// make a line of the run's events.
  virtual void at_start(NodeId node, std::string kind, std::string detail, Action action) = 0;
  virtual void at_end(NodeId node, std::string kind, std::string detail, Action action) = 0;
};

/// The nodes that the names mean, each a node or a kind for all its nodes; each node once.
/// UserError if there is none of a name.
std::vector<NodeId> nodes_named(const std::vector<Name>& names, const Platform& platform);
/// The nodes that stand at the places.
std::vector<NodeId> nodes_at(const std::vector<Name>& places, const Platform& platform);
/// A link by its name, or by its two ends.
PlatformLinkId link_named(const std::vector<Name>& names, const Place& place,
                          const Platform& platform);
std::string joined(const std::vector<Name>& names);

/// Which way a group of nodes is cut off.
enum class CutOff : std::uint8_t { both, in, out };
/// Cuts the nodes off from all others; `detail` says who, for the events.
void cut_off(FaultStage& stage, const std::vector<NodeId>& nodes, CutOff direction,
             const std::string& detail);
void describe_direction(Fields& fields, CutOff& direction);

}  // namespace evenkeel
