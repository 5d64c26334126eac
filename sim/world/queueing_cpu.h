// Cores with a queue in front, first come, first served: so many computations run at once, the rest
// wait. How a computation runs is the derived class's: by a timer, or as a SimGrid execution.
#pragma once

#include <deque>

#include "sim/world/cpu.h"

namespace evenkeel {

class QueueingCpu : public Cpu {
 public:
  /// At most `limit` computations run at once.
  QueueingCpu(World& world, const Shape& shape, std::uint32_t limit)
      : Cpu(world, shape), limit_(limit) {}

  EventId start(Work work, Waiter& waiter) override;
  void cancel(EventId id) override;

 protected:
  struct Job final : Waiter {
    Job(QueueingCpu& its_cpu, double its_work, Waiter& its_waiter)
        : cpu(its_cpu), work(its_work), waiter(its_waiter) {}
    void wake() override { cpu.finish(*this); }

    QueueingCpu& cpu;
    double work;  // operations
    Waiter& waiter;
    EventId id;
    EventId timer;             // the end, where a timer tells it
    void* activity = nullptr;  // else what the derived class started
    bool runs = false;
    bool live = false;
  };

  /// Starts the job; its wake() is called at its end.
  virtual void launch(Job& job) = 0;
  /// Ends a job that runs; its wake() is not called.
  virtual void abort(Job& job) = 0;

 private:
  void run(Job& job);
  void finish(Job& job);
  void next_or_idle();

  std::uint32_t limit_;
  std::uint32_t running_ = 0;
  JobTable<Job> jobs_;
  std::deque<EventId> waiting_;
};

}  // namespace evenkeel
