// A client's watch over rows: it hears of every change, from one replica of each partition at a
// time, and goes on with another when that one falls silent.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>

#include "models/access/query_messages.h"
#include "models/runtime/node.h"
#include "models/runtime/signal.h"

namespace evenkeel {

class Access;

/// The newest state of each row comes at least once, in the order of versions, erasures too; states
/// that were overwritten meanwhile may be left out. A replica that is cut off from writers, but not
/// from the watch, tells a change when it hears of it itself.
class RowWatch {
 public:
  /// What shows to a replica that one may watch; none: the rows are nobody else's.
  using Shows = std::function<Blob(NodeId replica)>;

  RowWatch(Access& access, std::uint64_t number, TableSchema table, Key prefix,
           std::vector<Partition> of, Shows shows);
  RowWatch(const RowWatch&) = delete;

  /// The next change; ErrorCode::timeout if none came in time, ErrorCode::full if more rows changed
  /// than it can remember, ErrorCode::denied with the reason if all replicas refuse. One at a time
  /// may wait.
  Task<Result<StoredRow>> next(Duration limit);
  /// Ends it: no more is heard.
  void stop() { stopped_ = true; }

 private:
  friend class Access;

  static Task<> run(std::shared_ptr<RowWatch> watch);
  static Task<Result<Done>> follow(std::shared_ptr<RowWatch> watch, NodeId replica,
                                   std::vector<Partition> of);
  static Task<Result<Done>> catch_up(std::shared_ptr<RowWatch> watch, NodeId replica,
                                     Partition partition);
  static Task<Result<Done>> catch_up_granted(std::shared_ptr<RowWatch> watch, NodeId replica,
                                             Partition partition);
  const Blob& token_for(NodeId replica);
  void was_refused(NodeId replica, const Error& why);
  void heard(const std::vector<StoredRow>& rows);
  std::map<NodeId, std::vector<Partition>> choose();

  Access& access_;
  std::uint64_t number_;
  TableSchema table_;
  Key prefix_;
  std::vector<Partition> partitions_;
  std::map<Partition, NodeId> followed_;          // who tells of it
  std::map<Partition, std::set<NodeId>> failed_;  // who did not, since all were tried
  std::map<RowKey, Version> versions_;            // that were given
  std::deque<StoredRow> waiting_;
  Signal arrived_;
  bool stopped_ = false;
  bool overflown_ = false;
  Shows shows_;
  std::map<NodeId, Blob> tokens_;     // as they were shown
  std::map<NodeId, Error> refusals_;  // of replicas, the last of each
  std::optional<Error> refused_;      // by all replicas of some partition: it is over
};

}  // namespace evenkeel
