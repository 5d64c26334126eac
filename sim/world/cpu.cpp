#include "sim/world/cpu.h"

#include <set>

#include "sim/world/queueing_cpu.h"

namespace evenkeel {

void Cpu::set_busy(std::uint32_t cores) {
  if (cores == busy_) return;
  const Time now = world_.now();
  busy_core_ns_ += (now - since_).count() * busy_;
  since_ = now;
  world_.probe().level_changed(Level::busy_cores, shape_.node, now,
                               static_cast<double>(cores) - static_cast<double>(busy_));
  busy_ = cores;
}

double Cpu::busy_core_seconds() const {
  return static_cast<double>(busy_core_ns_ + (world_.now() - since_).count() * busy_) * 1e-9;
}

namespace {

// First come, first served, each computation on a core of its own.
class FifoCpu final : public QueueingCpu {
 public:
  FifoCpu(World& its_world, const Shape& its_shape)
      : QueueingCpu(its_world, its_shape, its_shape.cores) {}

 private:
  void launch(Job& job) override {
    job.timer = world().set_timer(time_after(world().now(), seconds(job.work / speed())), job);
  }
  void abort(Job& job) override { world().cancel_timer(job.timer); }
};

// Processor sharing: n computations on c cores each run at min(1, c/n) of a core's speed. All get
// the same, so one number, the operations done for each since the beginning, orders their ends.
class SharedCpu final : public Cpu, private Waiter {
 public:
  using Cpu::Cpu;

  EventId start(Work work, Waiter& waiter) override {
    advance();
    Job& job = jobs_.add(done_each_ + work.operations, waiter);
    running_.insert({job.ends_at, ++started_, &job});
    job.order = started_;
    resettle();
    return job.id;
  }

  void slow_down(double factor) override {
    advance();
    Cpu::slow_down(factor);
    resettle();
  }

  void cancel(EventId id) override {
    Job* job = jobs_.find(id);
    if (job == nullptr) return;
    advance();
    remove(*job);
    resettle();
  }

 private:
  struct Job {
    Job(double end, Waiter& its_waiter) : ends_at(end), waiter(&its_waiter) {}
    double ends_at;  // when so many operations are done for each
    Waiter* waiter;
    std::uint64_t order = 0;
    EventId id;
    bool live = false;
  };
  struct Place {
    double ends_at;
    std::uint64_t order;
    Job* job;
    bool operator<(const Place& other) const {
      return ends_at != other.ends_at ? ends_at < other.ends_at : order < other.order;
    }
  };

  double rate_each() const {
    const auto n = static_cast<double>(running_.size());
    return speed() * std::min(1.0, static_cast<double>(shape().cores) / n);
  }

  void advance() {
    const Time now = world().now();
    if (!running_.empty()) done_each_ += rate_each() * to_seconds(now - updated_);
    updated_ = now;
  }

  void remove(Job& job) {
    running_.erase({job.ends_at, job.order, nullptr});
    jobs_.remove(job);
  }

  void resettle() {
    world().cancel_timer(std::exchange(timer_, {}));
    set_busy(static_cast<std::uint32_t>(std::min<std::size_t>(running_.size(), shape().cores)));
    if (running_.empty()) return;
    const double left = std::max(0.0, running_.begin()->ends_at - done_each_);
    timer_ = world().set_timer(time_after(world().now(), seconds(left / rate_each())), *this);
  }

  void wake() override {
    timer_ = {};
    Job& job = *running_.begin()->job;
    updated_ = world().now();
    done_each_ = job.ends_at;  // exact, whatever the rounding to nanoseconds
    Waiter& waiter = *job.waiter;
    remove(job);
    resettle();
    waiter.wake();
  }

  JobTable<Job> jobs_;
  std::set<Place> running_;
  double done_each_ = 0;
  Time updated_{};
  std::uint64_t started_ = 0;
  EventId timer_;
};

}  // namespace

std::unique_ptr<Cpu> make_timer_cpu(World& world, const Cpu::Shape& shape) {
  if (shape.processor_sharing) return std::make_unique<SharedCpu>(world, shape);
  return std::make_unique<FifoCpu>(world, shape);
}

}  // namespace evenkeel
