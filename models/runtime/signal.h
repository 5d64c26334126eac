// Lets one coroutine wait until others have done something, or until it is late enough.
#pragma once

#include <coroutine>
#include <utility>

#include "models/runtime/world.h"

namespace evenkeel {

/// `co_await signal.wait_until(limit)` after, or before, somebody's `signal.raise()`. For one
/// waiting coroutine, which may wait again after `reset`. It is resumed by the world at the same
/// instant, never from inside raise(), so it may destroy the task that raised.
class Signal final : private Waiter {
 public:
  explicit Signal(World& world) : world_(world) {}
  Signal(const Signal&) = delete;
  ~Signal() { world_.cancel_timer(timer_); }

  void raise() {
    if (std::exchange(raised_, true) || !waiting_) return;
    world_.cancel_timer(timer_);
    timer_ = world_.set_timer(world_.now(), *this);
  }
  bool is_raised() const { return raised_; }
  void reset() { raised_ = false; }

  struct [[nodiscard]] Wait {
    Signal& signal;
    Time limit;

    bool await_ready() const { return signal.raised_ || limit <= signal.world_.now(); }
    void await_suspend(std::coroutine_handle<> waiting) const { signal.wait(waiting, limit); }
    void await_resume() const {}
  };
  Wait wait_until(Time limit) { return {*this, limit}; }

 private:
  void wait(std::coroutine_handle<> waiting, Time limit) {
    waiting_ = waiting;
    if (limit != never) timer_ = world_.set_timer(limit, *this);
  }
  void wake() override {
    timer_ = {};
    waiting_.resume();
  }

  World& world_;
  bool raised_ = false;
  EventId timer_;
  Suspended waiting_;
};

}  // namespace evenkeel
