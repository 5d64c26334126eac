#include "models/runtime/node.h"

#include <algorithm>

#include "models/runtime/rpc.h"

namespace evenkeel {

Receive::~Receive() {
  node_.world().cancel_timer(timer_);
  if (waits_) std::erase(node_.mailbox(port_).waiting, this);
}

bool Receive::await_ready() {
  Node::Mailbox& box = node_.mailbox(port_);
  if (box.messages.empty() || !box.waiting.empty()) return false;
  message_ = std::move(box.messages.front());
  box.messages.pop_front();
  return true;
}

void Receive::await_suspend(std::coroutine_handle<> waiting) {
  waiting_ = waiting;
  waits_ = true;
  node_.mailbox(port_).waiting.push_back(this);
  if (limit_ != never) timer_ = node_.world().set_timer(time_after(node_.now(), limit_), *this);
}

Result<Message> Receive::await_resume() {
  if (message_) return std::move(*message_);
  return Error{ErrorCode::timeout, "no message within the limit"};
}

void Receive::wake() {
  timer_ = {};
  waits_ = false;
  std::erase(node_.mailbox(port_).waiting, this);
  waiting_.resume();
}

void Receive::give(Message message) {
  node_.world().cancel_timer(std::exchange(timer_, {}));
  waits_ = false;
  message_ = std::move(message);
  waiting_.resume(message_->cause);
}

Node::Node(World& world, NodeId id, std::string name, std::uint64_t run_seed)
    : world_(world),
      id_(id),
      name_(std::move(name)),
      random_(Random::stream(run_seed, "node", index(id))) {}

Node::~Node() = default;

void Node::listen(Port port, Receiver& receiver) { mailbox(port).receiver = &receiver; }

void Node::switch_on() {
  EVENKEEL_CHECK(!up_, "a node that runs was started");
  up_ = true;
  ++incarnation_;
  rpc_ = std::make_unique<Rpc>(*this);
}

void Node::boot() {
  for (const auto& boot : boots_) boot(*this);
}

void Node::stop() {
  if (!up_) return;
  up_ = false;
  tasks_.cancel_all();
  for (auto& box : mailboxes_) box.reset();
}

void Node::deliver(Message message) {
  if (!up_) return;
  if (message.cause != Cause::none) Trace::end_of(message.cause, now());
  const Trace::Scope scope{message.cause};
  Mailbox& box = mailbox(message.port);
  if (box.receiver != nullptr) {
    box.receiver->arrived(std::move(message));
  } else if (!box.waiting.empty()) {
    Receive* first = box.waiting.front();
    box.waiting.erase(box.waiting.begin());
    first->give(std::move(message));
  } else if (box.messages.size() < mailbox_limit_) {
    box.messages.push_back(std::move(message));
  } else {
    probe().count("messages dropped at a full mailbox", id_, 1);
  }
}

}  // namespace evenkeel
