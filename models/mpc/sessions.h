// All computations (session.h) in which a node has a seat: each message goes to its own, and what
// comes before a session is open waits for it.
#pragma once

#include <map>
#include <vector>

#include "models/runtime/node.h"

namespace evenkeel {

class Session;

/// All sessions of a node. Outlives them.
class Sessions final : private Receiver {
 public:
  /// Bytes kept, at most, of messages that came before their session was opened here.
  static constexpr std::size_t most_early_bytes = std::size_t{64} << 20;

  /// Local computation is charged once it adds up to so much, over all sessions of the node.
  static constexpr double turn_ns = 20'000;

  explicit Sessions(Node& node);

  Node& node() { return node_; }
  /// A session of that name is open, or was not long ago.
  bool knows(std::uint64_t id) const;

 private:
  friend class Session;

  void arrived(Message message) override;
  void open(Session& session);
  void close(std::uint64_t id);

  Node& node_;
  std::map<std::uint64_t, Session*> open_;
  std::vector<Message> early_;
  std::size_t early_bytes_ = 0;
  double owed_ns_ = 0;                 // local computation that was not charged yet
  std::vector<std::uint64_t> closed_;  // the last few: what comes for them is late
  std::size_t next_closed_ = 0;
};

}  // namespace evenkeel
