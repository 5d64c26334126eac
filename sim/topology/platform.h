// The nodes of a run, attached to the places of a graph: what each is, and what lies between two of
// them. Everything a world needs to know of hardware and network.
#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/runtime/node_id.h"
#include "sim/topology/graph.h"

namespace evenkeel {

enum class Discipline { fifo, processor_sharing };

struct Power {
  double idle_w = 0;
  double busy_w = 0;  // all cores
  double off_w = 0;
};

/// The line between a node and its place. Zero latency and infinite bandwidth: there is none.
struct AccessLink {
  Duration latency{};
  double bandwidth = std::numeric_limits<double>::infinity();  // bit/s

  bool exists() const {
    return latency > Duration::zero() || bandwidth < std::numeric_limits<double>::infinity();
  }
};

/// The disk of a node: one device that does one thing after another. Takes no time if nothing is
/// said; a scenario says something (NodeKind).
struct DiskShape {
  Duration sync{};                                             // how long a sync takes
  double bandwidth = std::numeric_limits<double>::infinity();  // bit/s, reading or writing
  double capacity = 0x1p40;                                    // bytes
};

struct PlatformNode {
  std::string name;  // unique
  VertexId vertex = 0;
  std::uint32_t cores = 1;
  double speed = 1e9;  // operations per second, one core
  Discipline discipline = Discipline::fifo;
  std::optional<Power> power = {};
  double price = 0;  // EUR per core and hour
  AccessLink access = {};
  DiskShape disk = {};
};

/// A link of the platform: 0 .. the graph's, in its order; then the access links, in node order.
struct PlatformLink {
  std::string name;  // unique
  Duration latency{};
  double bandwidth = 0;  // bit/s
};
using PlatformLinkId = std::uint32_t;

/// What lies between two nodes, access links included.
struct PlatformRoute {
  Duration latency{};                                          // never if not reachable
  double bandwidth = std::numeric_limits<double>::infinity();  // narrowest, bit/s
  std::vector<PlatformLinkId> links = {};                      // in order
  bool reachable = true;
};

/// A link as a route crosses it: forward is from the link's first end to its second, and for an
/// access link from the node to its place.
struct Hop {
  PlatformLinkId link = 0;
  bool forward = true;
};

class Platform {
 public:
  /// Names must be unique and vertices in the graph: our own bug otherwise.
  Platform(Graph graph, std::vector<PlatformNode> nodes);
  ~Platform();
  Platform(Platform&&) noexcept;
  Platform& operator=(Platform&&) noexcept;
  /// The same for another thread: the graph is shared, routes are found anew.
  Platform twin() const { return {graph_, nodes_}; }

  std::size_t size() const { return nodes_.size(); }
  const PlatformNode& node(NodeId id) const { return nodes_[index(id)]; }
  const std::vector<PlatformNode>& nodes() const { return nodes_; }
  std::optional<NodeId> find(std::string_view name) const;

  const std::vector<PlatformLink>& links() const { return links_; }
  std::optional<PlatformLinkId> find_link(std::string_view name) const;
  std::optional<PlatformLinkId> access_link(NodeId id) const;
  const Graph& graph() const { return *graph_; }

  /// A node to itself: zero latency, infinite bandwidth, no links. Found when first asked for (a
  /// shortest path), then kept; the reference stays valid until `reroute`. Not for many threads at
  /// once.
  const PlatformRoute& route(NodeId from, NodeId to) const;
  /// Its links with their directions.
  std::vector<Hop> hops(NodeId from, NodeId to) const;
  /// That route's latency, `never` if there is none; keeps nothing for the pair.
  Duration latency(NodeId from, NodeId to) const;

  /// From now on routes avoid these links; before the first call, none. What a routing protocol
  /// would settle on after failures. All references from `route` become invalid.
  void reroute(std::span<const PlatformLinkId> failed);

 private:
  struct Cache;

  Platform(std::shared_ptr<const Graph> graph, std::vector<PlatformNode> nodes);

  PlatformRoute make_route(NodeId from, NodeId to) const;
  bool access_failed(NodeId id) const;
  bool crosses_access(NodeId id, PlatformRoute& route) const;

  std::shared_ptr<const Graph> graph_;
  std::vector<PlatformNode> nodes_;
  std::vector<PlatformLink> links_;
  std::unique_ptr<Cache> cache_;
};

}  // namespace evenkeel
