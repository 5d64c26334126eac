// The clients that a replica tells what changed: those that watch keys, and those that keep rows in
// a cache. Bounded, and forgotten when their lease is over.
#pragma once

#include <bitset>
#include <deque>
#include <map>
#include <memory>

#include "models/access/query_messages.h"
#include "models/access/standing_leaves.h"
#include "models/runtime/service.h"

namespace evenkeel {

struct WatcherSettings {
  std::size_t most_watchers = 1000;   // one more is ErrorCode::full
  std::size_t most_cached = 100'000;  // rows whose changes caches are told
  std::size_t most_waiting = 10'000;  // changes for one client; more, and it starts anew
  Duration cache_lease = seconds(10);
  Duration longest_lease = seconds(60);
  Duration timeout = seconds(1);
  Duration retry = std::chrono::milliseconds{200};
};

class Watchers {
 public:
  /// The node outlives its tasks, and they this.
  Watchers(Node& node, const WatcherSettings& settings) : node_(node), settings_(settings) {}
  Watchers(const Watchers&) = delete;

  /// Whether it was known. Changes are told as far as the leave shows them, and as long as it
  /// holds; when it does not, nothing more is, and the client finds out when it subscribes again.
  Result<bool> subscribe(NodeId client, const Subscribe& wanted, StandingLeaves::Leave leave);
  /// For how long changes of the row are told; zero: not at all.
  Duration remember(NodeId client, std::string_view table, const RowKey& at);
  /// The row was written; it is the newest.
  void changed(const TableSchema& table, const StoredRow& row);
  std::size_t watching() const { return outboxes_.size(); }

 private:
  using ClientId = std::pair<NodeId, std::uint64_t>;  // and watch; 0: its cache
  struct Outbox {
    std::string table = {};
    std::bitset<evenkeel::partitions> of = {};
    Key prefix = {};
    Time expires{};
    StandingLeaves::Leave leave = {};  // none: its cache
    std::deque<std::pair<std::string, StoredRow>> waiting = {};
    bool running = false;
  };

  void forget_expired();
  void push(const ClientId& client, Outbox& outbox, const std::string& table, StoredRow row);
  Task<> tell(ClientId client);
  Task<Result<Done>> serve(StandingLeaves::Leave leave, AnswerSize size);
  void end(const ClientId& client);

  Node& node_;
  WatcherSettings settings_;
  std::map<ClientId, Outbox> outboxes_;
  // What caches hold: until when they are to be told of it.
  std::map<std::pair<std::string, RowKey>, std::map<NodeId, Time>> cached_;
};

}  // namespace evenkeel
