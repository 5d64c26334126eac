// Sends each request of a workload when its time comes.
#pragma once

#include <functional>
#include <map>

#include "sim/deployment/deployment.h"
#include "sim/study/local_nodes.h"
#include "sim/workload/workload.h"

namespace evenkeel {

class WorkloadDriver final : private Waiter {
 public:
  using Submit = std::function<void(const Arrival&)>;

  /// Where not all nodes are here, only what their sites send before `end` is submitted. What it
  /// refers to outlives it.
  WorkloadDriver(const LocalNodes& local, const Deployment& deployment, Time end, Workload workload,
                 Submit submit)
      : local_(local),
        deployment_(deployment),
        end_(end),
        workload_(std::move(workload)),
        submit_(std::move(submit)) {}

  void start() { arm(); }
  /// The workload wants to be told of ends, as a closed loop does.
  bool listens() const { return workload_.listens(); }
  void ended(std::uint32_t request_class, std::uint32_t device, Time at);

 private:
  void wake() override;
  void arm();
  void submit_due();
  void submit_due_here();
  Time next_here();

  const LocalNodes& local_;
  const Deployment& deployment_;
  Time end_;
  Workload workload_;
  Submit submit_;
  std::multimap<Time, Arrival> coming_here_;  // where not all sites are
  Time armed_for_ = never;
  EventId timer_;
};

}  // namespace evenkeel
