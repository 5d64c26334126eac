#include "models/mpc/sessions.h"

#include <algorithm>

#include "models/mpc/session_header.h"

namespace evenkeel {
namespace {

constexpr std::size_t remembered_ids = 1024;

}  // namespace

Sessions::Sessions(Node& node) : node_(node) { node.listen(Port::mpc, *this); }

void Sessions::arrived(Message message) {
  if (message.payload.bytes.size() < Session::header_bytes) return;  // nobody's
  const std::uint64_t id = header_of(message.payload.bytes).id;
  if (const auto found = open_.find(id); found != open_.end()) {
    found->second->arrived(std::move(message));
  } else if (std::ranges::find(closed_, id) == closed_.end() &&
             early_bytes_ + message.payload.size() <= most_early_bytes) {
    early_bytes_ += message.payload.size();
    early_.push_back(std::move(message));
  }
}

bool Sessions::knows(std::uint64_t id) const {
  return open_.contains(id) || std::ranges::find(closed_, id) != closed_.end();
}

void Sessions::open(Session& session) {
  const std::uint64_t id = session.plan_.id;
  EVENKEEL_CHECK(open_.emplace(id, &session).second, "a session is open already");
  std::vector<Message> early;
  std::swap(early, early_);
  early_bytes_ = 0;
  for (Message& message : early) arrived(std::move(message));
}

void Sessions::close(std::uint64_t id) {
  open_.erase(id);
  if (closed_.size() < remembered_ids) {
    closed_.push_back(id);
  } else {
    closed_[next_closed_++ % remembered_ids] = id;
  }
}

}  // namespace evenkeel
