// Cores that really compute, by the order of what happens and by CPU time, never by wall time.
#include "sim/world/burning_cpu.h"

#include <gmock/gmock.h>
#include <condition_variable>
#include <ctime>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "sim/world/memory_disk.h"
#include "tests/counting_probe.h"

namespace evenkeel::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

double cpu_s(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// What all other threads of this process have computed so far.
double burned_s() { return cpu_s(CLOCK_PROCESS_CPUTIME_ID) - cpu_s(CLOCK_THREAD_CPUTIME_ID); }

class BusyProbe final : public CountingProbe {
 public:
  void level_changed(Level, NodeId, Time, double change) override { busy += change; }
  double busy = 0;
};

// A world that has only a clock, and a node's thread that runs what is posted to it.
class Loop final : public World {
 public:
  Time now() const override { return std::chrono::steady_clock::now() - begun_; }
  Probe& probe() override { return busy_probe; }
  EventId set_timer(Time, Waiter&) override { return {}; }
  void cancel_timer(EventId) override {}
  void send(Message) override {}
  EventId start_compute(NodeId, Work, Waiter&) override { return {}; }
  void cancel_compute(NodeId, EventId) override {}
  Disk& disk(NodeId) override { return disk_; }

  Post post() {
    return [this](std::function<void()> what) {
      {
        const std::scoped_lock lock{mutex_};
        posted_.push_back(std::move(what));
      }
      came_.notify_one();
    };
  }
  /// Waits until something is there to run, but does not run it.
  void wait() {
    std::unique_lock lock{mutex_};
    came_.wait(lock, [&] { return !posted_.empty(); });
  }
  void run_one() {
    wait();
    std::function<void()> what;
    {
      const std::scoped_lock lock{mutex_};
      what = std::move(posted_.front());
      posted_.pop_front();
    }
    what();
  }

  BusyProbe busy_probe;

 private:
  const std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  MemoryDisk disk_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<std::function<void()>> posted_;
};

constexpr double ms = 1e6;        // operations, at 1 Gop/s
constexpr double endless = 1e18;  // 30 years

// A node's cores of 1 Gop/s, and the names of what ended on them, in order.
class Cores {
 public:
  explicit Cores(std::uint32_t cores, bool sharing = false)
      : cpu(make_burning_cpu(loop, {.cores = cores, .speed = 1e9, .processor_sharing = sharing},
                             loop.post())) {}

  EventId start(const std::string& name, double operations) {
    return cpu->start({operations}, waiters_.emplace_back(*this, name));
  }
  void run_until(const std::string& name) {
    while (ended.empty() || ended.back() != name) loop.run_one();
  }

  Loop loop;
  std::vector<std::string> ended;
  std::function<void()> then;  // at the next end
  std::unique_ptr<Cpu> cpu;

 private:
  struct Named final : Waiter {
    Named(Cores& its_cores, std::string its_name) : cores(its_cores), name(std::move(its_name)) {}
    void wake() override {
      cores.ended.push_back(name);
      if (cores.then) std::exchange(cores.then, nullptr)();
    }
    Cores& cores;
    std::string name;
  };
  std::deque<Named> waiters_;
};

void burn_for(double seconds) {
  for (const double begun = burned_s(); burned_s() < begun + seconds;)
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
}

TEST(BurningCpu, BurnsAtLeastTheWorkOfCpuTime) {
  for (const bool sharing : {false, true}) {
    Cores cores{2, sharing};
    const double begun = burned_s();
    for (int i = 0; i < 5; ++i) cores.start("work", 6 * ms);
    for (int i = 0; i < 5; ++i) cores.loop.run_one();
    EXPECT_GE(burned_s() - begun, 5 * 6e-3);
    EXPECT_EQ(cores.ended.size(), 5u);
    EXPECT_GE(cores.cpu->busy_core_seconds(), 5 * 6e-3);
  }
}

TEST(BurningCpu, OneCoreServesInOrder) {
  Cores cores{1};
  cores.start("long", 5 * ms);
  cores.start("short", 1 * ms);
  cores.start("nothing", 0);
  cores.start("last", 2 * ms);
  cores.run_until("last");
  EXPECT_THAT(cores.ended, ElementsAre("long", "short", "nothing", "last"));
}

TEST(BurningCpu, ALongComputationHoldsOnlyItsOwnCore) {
  Cores cores{2};
  const EventId id = cores.start("endless", endless);
  cores.start("first", ms);
  cores.start("second", ms);
  cores.run_until("second");
  EXPECT_THAT(cores.ended, ElementsAre("first", "second"));
  cores.cpu->cancel(id);
}

TEST(BurningCpu, ASharedCoreGivesEachItsTurn) {
  Cores cores{1, true};
  cores.start("long", 30 * ms);
  cores.start("endless", endless);
  cores.start("short", 2.5 * ms);
  cores.run_until("long");
  EXPECT_THAT(cores.ended, ElementsAre("short", "long"));
}

TEST(BurningCpu, ACancelledComputationLeavesItsCoreAndItsPlaceInTheQueue) {
  for (const bool sharing : {false, true}) {
    Cores cores{1, sharing};
    const EventId runs = cores.start("runs", endless);
    const EventId waits = cores.start("waits", endless);
    cores.start("next", ms);
    burn_for(2e-3);
    cores.cpu->cancel(waits);
    cores.cpu->cancel(runs);
    cores.run_until("next");
    cores.cpu->cancel(runs);  // a stale name
    cores.start("again", ms);
    cores.cpu->cancel(waits);
    cores.run_until("again");
    EXPECT_THAT(cores.ended, ElementsAre("next", "again"));
  }
}

TEST(BurningCpu, WhatIsCancelledAfterItsEndButBeforeItsWakingIsNotWoken) {
  Cores cores{1};
  const EventId id = cores.start("cancelled", 0);
  cores.loop.wait();
  cores.cpu->cancel(id);
  cores.start("next", 0);
  cores.run_until("next");
  EXPECT_THAT(cores.ended, ElementsAre("next"));
}

TEST(BurningCpu, AWokenOneMayStartAndCancelOthers) {
  Cores cores{1};
  cores.start("first", 0);
  const EventId second = cores.start("second", endless);
  cores.then = [&] {
    cores.cpu->cancel(second);
    cores.start("third", 0);
  };
  cores.run_until("third");
  EXPECT_THAT(cores.ended, ElementsAre("first", "third"));
}

TEST(BurningCpu, ASlowedNodeBurnsLonger) {
  Cores cores{1};
  cores.cpu->slow_down(0.25);
  const double begun = burned_s();
  cores.start("slow", 2 * ms);
  cores.run_until("slow");
  EXPECT_GE(burned_s() - begun, 8e-3);
}

TEST(BurningCpu, WhatHasACoreToItselfEndsAtTheSpeedItBeganWith) {
  Cores cores{1};
  cores.cpu->slow_down(1e-9);
  const EventId slow = cores.start("slow", 2 * ms);
  burn_for(1e-3);  // now it has begun
  cores.cpu->slow_down(1);
  burn_for(5e-3);
  cores.cpu->cancel(slow);
  cores.start("fast", 2 * ms);
  cores.run_until("fast");
  EXPECT_THAT(cores.ended, ElementsAre("fast"));
}

TEST(BurningCpu, SharedCoresChangeSpeedWithTheNextTurn) {
  Cores cores{1, true};
  cores.cpu->slow_down(1e-9);
  cores.start("work", 2 * ms);
  burn_for(2e-3);
  cores.cpu->slow_down(1);
  cores.run_until("work");
  EXPECT_THAT(cores.ended, ElementsAre("work"));
}

TEST(BurningCpu, BusyCoresAreTheComputationsUpToAllCores) {
  Cores cores{2};
  const auto busy = [&] { return cores.loop.busy_probe.busy; };
  const EventId first = cores.start("first", endless);
  EXPECT_EQ(busy(), 1);
  const EventId second = cores.start("second", endless);
  const EventId third = cores.start("third", endless);
  EXPECT_EQ(busy(), 2);
  cores.cpu->cancel(second);
  EXPECT_EQ(busy(), 2);
  cores.cpu->cancel(third);
  EXPECT_EQ(busy(), 1);
  cores.cpu->cancel(first);
  EXPECT_EQ(busy(), 0);
  cores.start("last", 0);
  EXPECT_EQ(busy(), 1);
  cores.run_until("last");
  EXPECT_EQ(busy(), 0);
}

TEST(BurningCpu, ItsEndStopsWhatRunsAndWakesNobody) {
  for (const bool sharing : {false, true}) {
    Cores cores{2, sharing};
    cores.start("ended", 0);
    cores.loop.wait();
    for (int i = 0; i < 5; ++i) cores.start("endless", endless);
    burn_for(1e-3);
    cores.cpu.reset();
    cores.loop.run_one();
    EXPECT_THAT(cores.ended, IsEmpty());
  }
}

TEST(BurningCpu, ManyStartsAndCancelsWakeExactlyWhatWasNotCancelled) {
  for (const bool sharing : {false, true}) {
    Cores cores{3, sharing};
    std::deque<EventId> pending;
    for (int i = 0; i < 300; ++i) {
      // Every third is cancelled while it waits or runs; being endless, it cannot end before.
      const bool doomed = i % 3 == 0;
      const EventId id = cores.start(doomed ? "doomed" : "kept", doomed ? endless : 0.01 * ms);
      if (doomed) pending.push_back(id);
      if (pending.size() > 2) {
        cores.cpu->cancel(pending.front());
        pending.pop_front();
      }
    }
    for (const EventId id : pending) cores.cpu->cancel(id);
    while (cores.ended.size() < 200) cores.loop.run_one();
    EXPECT_THAT(cores.ended, testing::Each("kept"));
    EXPECT_EQ(cores.loop.busy_probe.busy, 0);
  }
}

}  // namespace
}  // namespace evenkeel::test
