// The cores of one node in virtual time. Three kinds: cores with a queue in front (first come,
// first served) and shared cores, both on the world's own timers, and computations that SimGrid
// runs. The first two give the same times as the third and cost a tenth.
#pragma once

#include <deque>
#include <memory>

#include "models/runtime/world.h"

namespace evenkeel {

class Cpu {
 public:
  struct Shape {
    NodeId node{};
    std::uint32_t cores = 1;
    double speed = 1;                // operations per second, one core
    bool processor_sharing = false;  // else first come, first served
  };

  Cpu(World& world, const Shape& shape) : world_(world), shape_(shape) {}
  Cpu(const Cpu&) = delete;
  virtual ~Cpu() = default;

  virtual EventId start(Work work, Waiter& waiter) = 0;
  virtual void cancel(EventId id) = 0;

  /// From now on the node runs at this multiple of its speed. A computation that has a core to
  /// itself ends as planned; shared ones change at once.
  virtual void slow_down(double factor) { factor_ = factor; }

  /// The integral of busy cores over time, in core-seconds, up to now.
  double busy_core_seconds() const;

 protected:
  double speed() const { return shape_.speed * factor_; }
  const Shape& shape() const { return shape_; }
  World& world() { return world_; }
  /// Keeps the integral and tells the probe.
  void set_busy(std::uint32_t cores);
  std::uint32_t busy() const { return busy_; }

 private:
  World& world_;
  Shape shape_;
  double factor_ = 1;
  std::uint32_t busy_ = 0;
  Time since_{};
  std::int64_t busy_core_ns_ = 0;
};

std::unique_ptr<Cpu> make_timer_cpu(World& world, const Cpu::Shape& shape);

/// Jobs by name: slots with stable addresses, and an age that tells a stale name.
template <class Job>
class JobTable {
 public:
  template <class... Arguments>
  Job& add(Arguments&&... arguments) {
    std::uint32_t slot = static_cast<std::uint32_t>(jobs_.size());
    if (vacant_.empty()) {
      jobs_.emplace_back(std::forward<Arguments>(arguments)...);
    } else {
      slot = vacant_.back();
      vacant_.pop_back();
      const std::uint32_t age = jobs_[slot].id.age;
      std::destroy_at(&jobs_[slot]);
      std::construct_at(&jobs_[slot], std::forward<Arguments>(arguments)...);
      jobs_[slot].id.age = age;
    }
    Job& job = jobs_[slot];
    job.id.slot = slot;
    if (++job.id.age == 0) job.id.age = 1;
    job.live = true;
    return job;
  }
  Job* find(EventId id) {
    if (id.age == 0 || id.slot >= jobs_.size()) return nullptr;
    Job& job = jobs_[id.slot];
    return job.live && job.id.age == id.age ? &job : nullptr;
  }
  void remove(Job& job) {
    job.live = false;
    vacant_.push_back(job.id.slot);
  }

 private:
  std::deque<Job> jobs_;
  std::vector<std::uint32_t> vacant_;
};

}  // namespace evenkeel
