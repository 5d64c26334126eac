// Where everything of a scenario stands: its node kinds, gateways, balancers and devices, placed on
// the graph. Pure arithmetic on names; no world yet.
#pragma once

#include <optional>
#include <vector>

#include "sim/scenario/scenario.h"
#include "sim/topology/platform.h"

namespace evenkeel {

/// A node that answers requests.
struct DeployedServer {
  NodeId node{};
  std::size_t kind = 0;  // in Scenario::nodes
  std::uint32_t zone = 0;
};

/// A node of one of the scenario's kinds.
struct DeployedNode {
  NodeId node{};
  std::size_t kind = 0;  // in Scenario::nodes
};

/// A place where devices are, or may come to: its gateway sends their requests.
struct DeployedSite {
  NodeId gateway{};
  VertexId vertex = 0;
};

struct Deployment {
  std::vector<PlatformNode> nodes;  // servers, then gateways, then central balancers
  std::vector<DeployedNode> of_kinds;
  std::vector<DeployedServer> servers;
  std::vector<DeployedSite> sites;
  std::vector<NodeId> central;  // central balancers; empty unless the scenario has them
  std::vector<std::uint32_t> site_of_vertex;  // no_site where there is none
  /// By population, then: how many devices have their home at which site.
  struct Homes {
    std::uint32_t site = 0;
    std::uint32_t count = 0;
  };
  std::vector<std::vector<Homes>> homes;
  static constexpr std::uint32_t no_site = ~std::uint32_t{0};
};

/// UserError if nothing serves, or nobody asks.
Deployment deploy(const Scenario& scenario, const Graph& graph);

/// The nodes of these kinds, ascending.
std::vector<NodeId> nodes_of_kinds(const Scenario& scenario, const Deployment& deployment,
                                   const std::vector<Name>& kinds);

/// The vertices that a selector means, ascending but for `names`, which keep their order.
std::vector<VertexId> select(const Selector& selector, const Graph& graph, std::uint64_t seed);

}  // namespace evenkeel
