// How a platform is laid out over network namespaces: spaces, wires, addresses and routing tables,
// as plain data, and the words for `ip` and `tc` that make it so. Nothing here touches the system.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/topology/platform.h"

namespace evenkeel {

/// A range of IPv4 addresses, in host byte order; of length 32 it is one address.
struct Subnet {
  std::uint32_t address = 0;
  unsigned length = 32;

  bool covers(std::uint32_t other) const {
    return length == 0 || (address ^ other) >> (32 - length) == 0;
  }
};
std::string to_string(const Subnet& subnet);  // "10.0.3.0/24", "10.0.3.1"

/// 0 .. n-1: the nodes; from n on: the routers, one for each place that has a node or is crossed.
using SpaceId = std::uint32_t;

/// One namespace. A node has one device, `uplink`, which leads to the router of its place. A router
/// has `node<NodeId>` for each node of its place and `link<LinkId>` for each link in use.
struct Space {
  struct Device {
    std::string name;
    std::uint32_t wire = 0;  // in NetworkPlan::wires
  };
  struct Entry {
    Subnet to;
    std::string device;
  };

  std::uint32_t address = 0;
  bool forwards = false;  // a router
  std::vector<Device> devices = {};
  std::vector<Entry> routes = {};  // the longest prefix counts
};

/// What joins two spaces, the same in both directions.
struct Wire {
  struct End {
    SpaceId space = 0;
    std::string device;
  };

  End from, to;
  std::optional<PlatformLinkId> link = {};  // nothing: an access link that costs nothing
  Duration latency{};
  double bandwidth = std::numeric_limits<double>::infinity();  // bit/s
};

struct NetworkPlan {
  static constexpr std::size_t max_nodes = 200;
  static constexpr std::size_t max_links = 1'000;  // of the graph, those in use
  static constexpr std::size_t max_hops = 250;     // links of one route: packets live 255 routers
  static constexpr double least_bandwidth = 1e3;   // bit/s: below, a frame takes many seconds

  std::vector<Space> spaces;
  std::vector<Wire> wires;
};

/// The routing tables lead each packet along Platform::route as it is now (later calls of `reroute`
/// change nothing here); between nodes that cannot reach each other the router at hand has no
/// entry. UserError beyond the bounds above.
///
/// Addresses: the place of router r has 10.(r / 256).(r % 256).0/24, its nodes from .1 on in the
/// order of their ids, the router .254.
NetworkPlan plan_network(const Platform& platform);

/// What the kernel can do to a device's traffic.
struct KernelShaping {
  bool rates = false;   // tbf
  bool delays = false;  // netem
};

/// Lines for `ip -batch -`: makes the wires. `files` name the namespaces, by SpaceId.
std::string wires_batch(const NetworkPlan& plan, std::span<const std::string> files);
/// Lines for `ip -batch -` within the space: devices up, address, routing table.
std::string routes_batch(const Space& space);
/// Lines for `tc -batch -` within the space: the qdiscs of its devices; empty if there are none.
std::string shaping_batch(const NetworkPlan& plan, const Space& space, KernelShaping kernel);

}  // namespace evenkeel
