// The nodes of a platform in Linux network namespaces of their own, with the links of the scenario
// between them: messages go through the kernel's sockets, queues and rate limits, hop by hop.
#pragma once

#include <string>
#include <vector>

#include "sim/world/file_descriptor.h"
#include "sim/world/network_plan.h"

namespace evenkeel {

/// The namespaces have no names: this object holds their files, and with its process they are gone,
/// even if that is killed. One with processes in it ends with the last of them.
///
/// Links carry IPv4 with an MTU of 1500. Rates count the headers: TCP moves 95.6 % of a rate at
/// most. Each direction of a link has one queue, first in first out, which drops only when full (a
/// second of its rate, 64 kB to 16 MB); after a pause it lets a frame and 1 ms of its rate pass at
/// once.
class Namespaces {
 public:
  /// Makes them, along the platform's routes as they are now; a later `reroute` changes nothing.
  /// Takes some 25 ms for each node and place. UserError if not root, if a program is missing, if
  /// the kernel refuses, or beyond the bounds of NetworkPlan; then nothing is left behind.
  explicit Namespaces(const Platform& platform);
  ~Namespaces();
  Namespaces(const Namespaces&) = delete;
  Namespaces& operator=(const Namespaces&) = delete;

  /// Words before a program's command line that run it, as the same process, in the node's
  /// namespace. They hold as long as this object.
  std::vector<std::string> command_prefix(NodeId node) const;
  /// The node's IPv4 address, reachable from all nodes that have a route to it, itself included.
  const std::string& address(NodeId node) const { return addresses_[index(node)]; }

  /// What the kernel does, for the user to know: "tbf rates, delays in user space".
  std::string shaping() const;
  /// False: the caller must hold each message for its route's latency.
  bool delays_in_kernel() const { return kernel_.delays; }
  /// False: the caller must pace its messages by the bandwidth of the links they cross.
  bool rates_in_kernel() const { return kernel_.rates; }

 private:
  struct Programs {
    std::string ip, tc;
  };

  void build(const NetworkPlan& plan, const Programs& programs);

  std::string nsenter_;
  std::vector<FileDescriptor> spaces_;
  std::vector<std::string> files_;  // by which other processes find them
  std::vector<std::string> addresses_;
  KernelShaping kernel_;
};

}  // namespace evenkeel
