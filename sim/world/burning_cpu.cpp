#include "sim/world/burning_cpu.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <ctime>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace evenkeel {
namespace {

constexpr double turn_s = 1e-3;

double thread_cpu_s() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// Some microseconds of arithmetic whose every step needs the one before.
void burn_a_little() {
  static thread_local volatile double result = 0.5;  // volatile: else nothing needs the loop
  double x = result;
  for (int i = 0; i < 500; ++i) x = 3.9 * x * (1 - x) + 1e-3;
  result = x;
}

// A computation as its thread sees it.
struct Burning {
  Burning(EventId its_id, double work) : id(its_id), operations_left(work) {}
  const EventId id;
  double operations_left;  // whose thread has it
  std::uint64_t turn = 0;  // guarded by Turns
  std::atomic<bool> cancelled = false;
};

// The computations that wait for a thread, in the order of their turns. Shared by all threads.
class Turns {
 public:
  struct Turn {
    std::shared_ptr<Burning> burning;
    double speed = 0;  // when it began; operations per second
  };

  explicit Turns(double speed) : speed_(speed) {}

  void set_speed(double speed) {
    const std::scoped_lock lock{mutex_};
    speed_ = speed;
  }

  void add(std::shared_ptr<Burning> burning) {
    {
      const std::scoped_lock lock{mutex_};
      if (burning->cancelled) return;
      burning->turn = ++last_;
      waiting_.emplace(last_, std::move(burning));
    }
    came_.notify_one();
  }

  void cancel(Burning& burning) {
    const std::scoped_lock lock{mutex_};
    burning.cancelled = true;
    waiting_.erase(burning.turn);
  }

  /// Waits for one; empty once a stop is asked for.
  Turn take(const std::stop_token& stop) {
    std::unique_lock lock{mutex_};
    if (!came_.wait(lock, stop, [&] { return !waiting_.empty(); }) || stop.stop_requested())
      return {};
    return {std::move(waiting_.extract(waiting_.begin()).mapped()), speed_};
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any came_;
  std::map<std::uint64_t, std::shared_ptr<Burning>> waiting_;
  std::uint64_t last_ = 0;
  double speed_;
};

class BurningCpu final : public Cpu {
 public:
  BurningCpu(World& its_world, const Shape& its_shape, Post post)
      : Cpu(its_world, its_shape), turns_(speed()), post_(std::move(post)) {
    for (std::uint32_t core = 0; core < shape().cores; ++core)
      threads_.emplace_back([this](const std::stop_token& stop) { serve(stop); });
  }

  EventId start(Work work, Waiter& waiter) override {
    Job& job = jobs_.add(waiter);
    job.burning = std::make_shared<Burning>(job.id, work.operations);
    ++unfinished_;
    count_busy();
    turns_.add(job.burning);
    return job.id;
  }

  void cancel(EventId id) override {
    Job* job = jobs_.find(id);
    if (job == nullptr) return;
    turns_.cancel(*job->burning);
    remove(*job);
  }

  void slow_down(double factor) override {
    Cpu::slow_down(factor);
    turns_.set_speed(speed());
  }

 private:
  struct Job {
    explicit Job(Waiter& its_waiter) : waiter(&its_waiter) {}
    Waiter* waiter;
    std::shared_ptr<Burning> burning;
    EventId id;
    bool live = false;
  };

  // Each core's thread.
  void serve(const std::stop_token& stop) {
    while (true) {
      const Turns::Turn turn = turns_.take(stop);
      if (turn.burning == nullptr) return;
      const bool finished = burn(stop, turn);
      if (stop.stop_requested()) return;
      if (finished)
        tell(turn.burning->id);
      else
        turns_.add(turn.burning);
    }
  }

  // To the computation's end, or to the turn's; false unless it is the computation's.
  bool burn(const std::stop_token& stop, const Turns::Turn& turn) const {
    Burning& burning = *turn.burning;
    const bool whole = !shape().processor_sharing;
    const double begun_s = thread_cpu_s();
    double spent_s = 0;
    while (spent_s * turn.speed < burning.operations_left && (whole || spent_s < turn_s)) {
      if (burning.cancelled || stop.stop_requested()) return false;
      burn_a_little();
      spent_s = thread_cpu_s() - begun_s;
    }
    burning.operations_left -= spent_s * turn.speed;
    return !(burning.operations_left > 0);
  }

  // What was posted may outlive this object, but runs, like its destructor, in the node's thread.
  void tell(EventId id) {
    post_([this, id, alive = std::weak_ptr{alive_}] {
      if (!alive.expired()) finish(id);
    });
  }

  void finish(EventId id) {
    Job* job = jobs_.find(id);
    if (job == nullptr) return;  // cancelled since
    Waiter& waiter = *job->waiter;
    remove(*job);
    waiter.wake();
  }

  void remove(Job& job) {
    job.burning = nullptr;
    jobs_.remove(job);
    --unfinished_;
    count_busy();
  }

  void count_busy() { set_busy(std::min(unfinished_, shape().cores)); }

  Turns turns_;
  const Post post_;
  JobTable<Job> jobs_;
  std::uint32_t unfinished_ = 0;
  const std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
  std::vector<std::jthread> threads_;  // last: they stop before what they use goes
};

}  // namespace

std::unique_ptr<Cpu> make_burning_cpu(World& world, const Cpu::Shape& shape, Post post) {
  return std::make_unique<BurningCpu>(world, shape, std::move(post));
}

}  // namespace evenkeel
