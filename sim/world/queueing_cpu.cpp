#include "sim/world/queueing_cpu.h"

#include <algorithm>

namespace evenkeel {

EventId QueueingCpu::start(Work work, Waiter& waiter) {
  Job& job = jobs_.add(*this, work.operations, waiter);
  if (running_ < limit_) {
    ++running_;
    set_busy(std::min(running_, shape().cores));
    run(job);
  } else {
    waiting_.push_back(job.id);
  }
  return job.id;
}

void QueueingCpu::cancel(EventId id) {
  Job* job = jobs_.find(id);
  if (job == nullptr) return;
  const bool ran = job->runs;
  if (ran) abort(*job);
  jobs_.remove(*job);
  if (ran) next_or_idle();
}

void QueueingCpu::run(Job& job) {
  job.runs = true;
  launch(job);
}

void QueueingCpu::finish(Job& job) {
  Waiter& waiter = job.waiter;
  jobs_.remove(job);
  next_or_idle();
  waiter.wake();
}

void QueueingCpu::next_or_idle() {
  while (!waiting_.empty()) {
    Job* next = jobs_.find(waiting_.front());
    waiting_.pop_front();
    if (next == nullptr) continue;  // cancelled while it waited
    run(*next);
    return;
  }
  --running_;
  set_busy(std::min(running_, shape().cores));
}

}  // namespace evenkeel
