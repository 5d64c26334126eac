// The agent at a site that sends its devices' requests and records how they end. A device is no
// node: what it costs is its access link's delay, and, where devices balance for themselves, the
// state of its balancer.
#pragma once

#include <cmath>
#include <functional>

#include "models/balancing/balancers.h"

namespace evenkeel {

/// One request as it leaves its device.
struct Issue {
  std::uint64_t number = 0;  // in order of arrival over the whole run
  std::uint32_t request_class = 0;
  std::uint32_t population = 0;
  std::uint32_t device = 0;       // within its population
  std::uint32_t seat = 0;         // of its balancer, where devices have their own; else 0
  double work = 0;                // operations
  std::uint64_t input_bytes = 0;  // of the message, all included
  std::uint64_t output_bytes = 0;
  std::uint64_t key = 0;
};

/// What all clients of a run share; it outlives them.
struct ClientSettings {
  enum class BalancedAt { client, site, central };
  struct Class {
    Duration deadline = never;  // later answers count as missed
    Duration timeout = never;   // then the device gives up
    std::size_t pool = 0;
  };
  struct Access {  // of a population's devices
    Duration latency{};
    double ns_per_byte = 0;
    /// Of a message of so many bytes, one way.
    Duration time_of(std::uint64_t bytes) const {
      return latency + Duration{std::llround(static_cast<double>(bytes) * ns_per_byte)};
    }
  };
  BalancedAt balanced_at = BalancedAt::site;
  std::vector<Class> classes;
  std::vector<Access> populations;
  /// Told of every end; empty if nobody listens.
  std::function<void(const Issue&, Time)> on_end;
};

class Client {
 public:
  /// `balancers` are those at this node; with `central` balancing the requests go to `central`.
  Client(Node& node, const ClientSettings& settings, std::uint32_t site, Balancers* balancers,
         NodeId central)
      : node_(node), settings_(settings), site_(site), balancers_(balancers), central_(central) {}
  Client(const Client&) = delete;

  /// Sends a device's request. While the site's node is down it is dropped at once.
  void submit(const Issue& issue);

 private:
  Task<> run(Issue issue);
  Task<Answer> send_to_central(Request request, Sending how);
  void record(const Issue& issue, Time sent, const Answer& answer);

  Node& node_;
  const ClientSettings& settings_;
  std::uint32_t site_;
  Balancers* balancers_;
  NodeId central_;
};

}  // namespace evenkeel
