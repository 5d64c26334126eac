// All balancers that sit at one node: a gateway's one, or one for each device behind it. Made when
// first used, so that idle devices cost nothing.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "models/balancing/balancer.h"

namespace evenkeel {

class Balancers final : private Receiver {
 public:
  /// A pool is a set of servers that some request classes may use; `pools[i]` its choices from
  /// here.
  Balancers(Node& node, const BalancerSettings& settings, std::vector<const Choices*> pools);
  Balancers(const Balancers&) = delete;

  /// For all of them: what a computation on secret loads opened.
  void learned(std::span<const NodeId> nodes, std::span<const double> outcome);

  Balancer& at(std::uint32_t seat, std::size_t pool);

  /// Lets other nodes send requests through the balancers in seat 0, as a central balancer does.
  void serve_dispatch(std::vector<std::size_t> pool_of_class);

 private:
  void arrived(Message message) override;
  Task<std::optional<Payload>> pass_on(Payload payload);
  Task<std::optional<Payload>> answer_idle_count(Payload question);

  Node& node_;
  const BalancerSettings& settings_;
  std::vector<const Choices*> pools_;
  std::vector<std::size_t> pool_of_class_;
  std::unique_ptr<Balancer> first_;  // seat 0 of pool 0: the one that nearly all requests use
  std::map<std::pair<std::uint32_t, std::size_t>, std::unique_ptr<Balancer>> others_;
};

}  // namespace evenkeel
