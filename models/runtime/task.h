// A lazy coroutine, owned by whoever awaits it. Destroying a task cancels it: everything that it
// waits for is given up by the destructors in its frame, and nothing fires later.
#pragma once

#include <coroutine>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "models/runtime/check.h"
#include "models/runtime/frame_pool.h"

namespace evenkeel {

class TaskList;

namespace detail {

struct PromiseBase {
  std::coroutine_handle<> continuation = std::noop_coroutine();
  TaskList* list = nullptr;  // of a spawned task: who owns the frame
  std::size_t place = 0;     // in that list

  static void* operator new(std::size_t size) { return FramePool::allocate(size); }
  static void operator delete(void* frame, std::size_t size) noexcept {
    FramePool::release(frame, size);
  }

  std::suspend_always initial_suspend() noexcept { return {}; }
  // Leaves through resume() to the event loop and so to main: an exception is a user's mistake.
  [[noreturn]] void unhandled_exception() { throw; }

  struct Final {
    bool await_ready() noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> self) noexcept;
    void await_resume() noexcept {}
  };
  Final final_suspend() noexcept { return {}; }
};

template <class T>
struct Promise : PromiseBase {
  std::optional<T> value;
  auto get_return_object() { return std::coroutine_handle<Promise>::from_promise(*this); }
  template <class U>
  void return_value(U&& result) {
    value.emplace(std::forward<U>(result));
  }
  T take() { return std::move(*value); }
};

template <>
struct Promise<void> : PromiseBase {
  auto get_return_object() { return std::coroutine_handle<Promise>::from_promise(*this); }
  void return_void() {}
  void take() {}
};

}  // namespace detail

template <class T = void>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::Promise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  Task(Handle handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  /// Awaited once, where it was made: starts the task and gives its value when it is done.
  /// g++ 12 copies the temporaries of a co_await expression bit by bit: an argument that owns
  /// something (a Payload, a vector, a lambda's captures) must not be one of them, so the task is
  /// then made in a line of its own: `Task<T> task = f(std::move(payload)); co_await
  /// std::move(task)`.
  auto operator co_await() && {
    struct Awaiter {
      Handle handle;
      bool await_ready() { return false; }
      // One that is done before it ever waits returns here, so that a loop over such tasks keeps
      // its place on the stack, also where a compiler makes no tail calls.
      bool await_suspend(std::coroutine_handle<> waiting) {
        handle.resume();
        if (handle.done()) return false;
        handle.promise().continuation = waiting;
        return true;
      }
      T await_resume() { return handle.promise().take(); }
    };
    return Awaiter{handle_};
  }

 private:
  friend class TaskList;
  Handle handle_;
};

/// Names a spawned task; it may be over already, and then the name means nothing any more.
struct SpawnId {
  std::size_t place = 0;
  std::size_t age = 0;  // 0: none
};

/// The tasks spawned on a node. Destroying the list cancels them all, the newest first.
class TaskList {
 public:
  TaskList() = default;
  TaskList(const TaskList&) = delete;
  TaskList& operator=(const TaskList&) = delete;
  ~TaskList() { cancel_all(); }

  /// Starts the task at once; it runs up to its first wait before this returns.
  SpawnId spawn(Task<> task);
  /// Cancels the task if it still runs. A task must not cancel itself.
  void cancel(SpawnId id);
  void cancel_all();
  std::size_t size() const { return live_; }

 private:
  friend struct detail::PromiseBase;

  struct Slot {
    Task<>::Handle handle;
    std::size_t age = 0;
  };

  void finished(detail::PromiseBase& promise) noexcept;
  void vacate(std::size_t place) noexcept;

  std::vector<Slot> slots_;
  std::vector<std::size_t> vacant_;
  std::size_t live_ = 0;
  std::size_t ages_ = 0;
};

template <class Promise>
std::coroutine_handle<> detail::PromiseBase::Final::await_suspend(
    std::coroutine_handle<Promise> self) noexcept {
  PromiseBase& promise = self.promise();
  const std::coroutine_handle<> next = promise.continuation;
  if (promise.list != nullptr) promise.list->finished(promise);
  return next;
}

}  // namespace evenkeel
