// Parts of the server that live in the frame of a request's task, so that a request which is
// cancelled, or lost in a crash, leaves its place by itself.
#pragma once

#include "models/balancing/server.h"

namespace evenkeel {

/// `co_await turn` waits for a core, first come, first served; the core is free again when the turn
/// ends. Woken without a core if another server stole the request.
class Server::Turn final : public Server::Hook {
 public:
  Turn(Server& server, CallId id, Payload& payload, Time arrived)
      : server_(server), id_(id), payload_(payload), arrived_(arrived) {}
  Turn(const Turn&) = delete;
  ~Turn() {
    if (is_linked()) leave_queue();
    if (has_core_) free_core();
  }

  bool await_ready() {
    if (server_.settings_.queues && server_.running_ >= server_.settings_.cores) return false;
    take_core();
    return true;
  }
  void await_suspend(std::coroutine_handle<> waiting) {
    waiting_ = waiting;
    server_.waiting_.push_back(*this);
    ++server_.queued_;
    server_.node_.probe().level_changed(Level::queue, server_.node_.id(), server_.node_.now(), 1);
  }
  /// Whether it is this server's to process.
  bool await_resume() const { return has_core_; }

  CallId id() const { return id_; }
  Time arrived() const { return arrived_; }

  /// Ends the wait without a core and hands the request over.
  Payload give_away() {
    Payload payload = std::move(payload_);
    leave_queue();
    waiting_.resume();  // which ends this turn
    return payload;
  }

 private:
  void take_core() {
    has_core_ = true;
    ++server_.running_;
  }

  void leave_queue() {
    server_.waiting_.erase(server_.waiting_.iterator_to(*this));
    --server_.queued_;
    server_.node_.probe().level_changed(Level::queue, server_.node_.id(), server_.node_.now(), -1);
  }

  void free_core() {
    --server_.running_;
    if (server_.waiting_.empty() || !server_.node_.is_up()) return;
    Turn& next = server_.waiting_.front();
    next.leave_queue();
    next.take_core();
    next.waiting_.resume();
  }

  Server& server_;
  CallId id_;
  Payload& payload_;
  Time arrived_;
  bool has_core_ = false;
  Suspended waiting_;
};

/// Counts a request in while it is here.
class Server::Present {
 public:
  Present(Server& server, NodeId from) : server_(server) {
    if (server_.load_++ == 0) server_.got_work(from);
    if (server_.group_.reports.on_change) server_.tell_balancers();
  }
  Present(const Present&) = delete;
  ~Present() {
    --server_.load_;
    if (!server_.node_.is_up()) return;
    if (server_.group_.reports.on_change) server_.tell_balancers();
    if (server_.load_ == 0) server_.fell_idle();
  }

 private:
  Server& server_;
};

}  // namespace evenkeel
