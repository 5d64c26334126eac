// Writes that a replica missed, kept by whoever wrote, and sent again when it may hear: they make
// replicas agree sooner and never count as copies (Cassandra: "best effort").
#pragma once

#include <deque>
#include <map>

#include "models/runtime/node.h"
#include "models/storage/record_messages.h"

namespace evenkeel {

struct HintSettings {
  Duration window = seconds(1800);  // older ones are dropped
  std::size_t bytes = 16 << 20;     // for one replica, at most
  Duration retry = seconds(5);      // between attempts
  std::size_t rows_an_attempt = 1000;
  Duration timeout = seconds(1);
};

class Hints {
 public:
  /// The node outlives its tasks, and they this.
  Hints(Node& node, const HintSettings& settings) : node_(node), settings_(settings) {}
  Hints(const Hints&) = delete;

  void missed(NodeId replica, const TableSchema& table, const std::vector<StoredRow>& rows);
  std::size_t waiting(NodeId replica) const;

 private:
  struct Hint {
    Time since{};
    TableSchema table;
    StoredRow row;
    std::size_t size = 0;
  };
  struct Queue {
    std::deque<Hint> hints;
    std::size_t bytes = 0;
    bool running = false;
  };

  Task<> replay(NodeId replica);
  /// Of one table, from the front.
  WriteRows first_rows(const Queue& queue) const;
  void drop(Queue& queue, std::size_t rows);

  Node& node_;
  HintSettings settings_;
  std::map<NodeId, Queue> queues_;
};

}  // namespace evenkeel
