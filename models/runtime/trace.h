// What one request causes, wherever it happens: messages, computations, waits, and what nodes say
// about it. Runs in virtual time repeat exactly, so that one is traced by running it again.
//
// Whatever a coroutine waits for, it goes on on behalf of what it was begun for (Suspended), and a
// message hands that on to who receives it. Where nothing is traced, this costs a few moves.
#pragma once

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/runtime/node_id.h"
#include "models/runtime/time.h"

namespace evenkeel {

struct Message;

/// On whose behalf something happens: nobody's that is traced, the request's itself, or that of a
/// step, whose place is `step_of`.
enum class Cause : std::uint32_t { none = 0, request = 1 };

struct TraceStep {
  static constexpr NodeId nobody{~std::uint32_t{0}};
  enum class Kind : std::uint8_t { message, computation, wait, note };
  Kind kind = Kind::note;
  NodeId node{};       // of a message, the sender
  NodeId to = nobody;  // of a message, and of what a note is about
  Time begin{};
  Time end = never;   // of a message, its arrival; never: it was lost, or was still under way
  double amount = 0;  // of a message, bytes; of a computation, operations
  Cause cause = Cause::request;
  std::string what = {};
  std::string detail = {};
  /// Of a message of a multi-party computation: which one's, and how deep it lies in the chain of
  /// messages that wait for one another.
  std::uint64_t session = 0;
  std::uint32_t round = 0;
  bool is_offline = false;
};

/// While it lives, what its request causes in this thread is recorded. One at a time.
class Trace {
 public:
  static constexpr std::size_t most_steps = 200'000;

  explicit Trace(std::uint64_t request);
  Trace(const Trace&) = delete;
  ~Trace();

  /// Where to tell what happens now; null unless the traced request caused it.
  static Trace* here() { return cause_ == Cause::none ? nullptr : running_; }
  static Cause cause() { return cause_; }
  /// For whoever begins what a request asks for.
  static Cause cause_of(std::uint64_t request) {
    return running_ != nullptr && running_->request_ == request ? Cause::request : Cause::none;
  }

  /// Meanwhile, what happens has this cause.
  class Scope {
   public:
    explicit Scope(Cause cause) : before_(std::exchange(cause_, cause)) {}
    Scope(const Scope&) = delete;
    ~Scope() { cause_ = before_; }

   private:
    Cause before_;
  };

  /// A message leaves; what it causes where it arrives has the cause that this gives.
  Cause sent(const Message& message, Time at);
  /// Says of the message that leaves next what it is.
  void describe_next(TraceStep described) { next_ = std::move(described); }
  /// Something that takes until `end_of`.
  Cause began(TraceStep step);
  static void end_of(Cause step, Time at);
  /// A wait whose end is known.
  void wait(NodeId node, std::string_view what, Time begin, Time end);
  /// What a node says of what it does or knows.
  void note(TraceStep note);

  const std::vector<TraceStep>& steps() const { return steps_; }
  /// Steps beyond `most_steps`.
  std::size_t left_off() const { return left_off_; }

  static std::size_t step_of(Cause cause) { return static_cast<std::size_t>(cause) - 2; }

 private:
  static inline constinit thread_local Trace* running_ = nullptr;
  static inline constinit thread_local Cause cause_ = Cause::none;

  std::uint64_t request_;
  TraceStep next_;
  std::vector<TraceStep> steps_;
  std::size_t left_off_ = 0;
};

/// A coroutine that waits, and on whose behalf.
class Suspended {
 public:
  Suspended() = default;
  Suspended(std::coroutine_handle<> waiting) : waiting_(waiting), cause_(Trace::cause()) {}

  explicit operator bool() const { return static_cast<bool>(waiting_); }
  /// It goes on; this may be gone when it comes back.
  void resume() { resume(cause_); }
  /// On behalf of something else.
  void resume(Cause cause) {
    const Trace::Scope scope{cause};
    std::exchange(waiting_, nullptr).resume();
  }

 private:
  std::coroutine_handle<> waiting_;
  Cause cause_ = Cause::none;
};

}  // namespace evenkeel
