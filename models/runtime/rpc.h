// Request and response over send and receive, with a deadline and cancellation. Destroying a call
// that waits tells the server to stop; a server's work is cancelled by destroying its task.
#pragma once

#include <boost/intrusive/unordered_set.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "models/runtime/node.h"

namespace evenkeel {

/// Names one call: who waits for the answer, and that caller's number for it.
struct CallId {
  NodeId caller{};
  std::uint64_t number = 0;
  friend bool operator==(const CallId&, const CallId&) = default;
};

/// Answers one call, in a task of its own. The answer; nothing if another node will give it
/// (Rpc::answer with this id).
using Handler = std::function<Task<std::optional<Payload>>(CallId id, Payload request)>;

class Rpc;

/// `co_await node.rpc().call(...)`: the answer, or ErrorCode::timeout.
class [[nodiscard]] Call final : public Waiter {
 public:
  Call(Rpc& rpc, NodeId to, Port port, Payload request, Duration timeout)
      : rpc_(rpc), to_(to), port_(port), timeout_(timeout), payload_(std::move(request)) {}
  Call(const Call&) = delete;
  ~Call();

  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> waiting);
  Result<Payload> await_resume();

 private:
  friend class Rpc;
  void wake() override;  // timed out
  void answered(Payload answer);
  void give_up();

  Rpc& rpc_;
  NodeId to_;
  Port port_;
  bool pending_ = false;
  bool has_answer_ = false;
  EventId slot_;
  EventId timer_;
  Duration timeout_;
  Payload payload_;  // the request, then the answer
  Suspended waiting_;
};

/// All calls of one node, in and out.
class Rpc final : private Receiver {
 public:
  explicit Rpc(Node& node);
  ~Rpc();

  /// Waits at most `timeout` for the answer; `never` waits for ever.
  Call call(NodeId to, Port port, Payload request, Duration timeout) {
    return {*this, to, port, std::move(request), timeout};
  }
  /// From now on the handler answers the calls that arrive at the port. What it uses outlives the
  /// node's tasks.
  void serve(Port port, Handler handler);
  /// Answers a call on behalf of the node that it was sent to.
  void answer(CallId id, Payload answer);

  Node& node() { return node_; }

 private:
  friend class Call;
  class Endpoint;

  struct Slot {
    Call* call = nullptr;
    std::uint32_t age = 0;
  };

  void arrived(Message message) override;  // an answer
  EventId open(Call& call);
  void close(EventId slot);

  Node& node_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> vacant_;
  std::vector<std::unique_ptr<Endpoint>> endpoints_;
};

}  // namespace evenkeel
