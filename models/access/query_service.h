// The part of a node that answers queries about the rows it keeps: Port::queries. It runs what the
// plan pushes down, as SQL that it writes itself from the checked query, within limits, and applies
// what grants allow before anything leaves.
#pragma once

#include "models/access/local_sql.h"
#include "models/access/watchers.h"
#include "models/storage/replica.h"

namespace evenkeel {

struct QueryServiceSettings {
  SqlLimits limits = {.steps = 50'000'000, .rows = 20'000, .bytes = 1 << 20};  // of one answer
  double ops_per_step = 40;  // of SQLite's virtual machine: about 20 ns at 2 Gop/s, an estimate
  double ops_per_query = 200'000;  // to read and plan one
  WatcherSettings watchers = {};
};

/// ErrorCode::invalid and ErrorCode::not_found as check_query says; ErrorCode::denied: no grant
/// allows it; ErrorCode::full: too many steps, groups or watchers; ErrorCode::unreachable: the
/// replica copies what its disk lost.
class QueryService {
 public:
  /// All but the settings outlive the node's tasks.
  QueryService(Node& node, Replica& replica, const Placement& placement,
               const QueryServiceSettings& settings = {});
  QueryService(const QueryService&) = delete;

  /// From now on each table of each query needs its leave; reads of plain rows and counts need one
  /// without restrictions; watches are told what theirs shows, as long as it holds. Of what a grant
  /// restricts replicas are not compared, since what they are compared by tells how many rows there
  /// are.
  void guard(AccessRule rule) {
    rule_ = std::move(rule);
    watching_.guard(rule_);
  }
  const Watchers& watchers() const { return watchers_; }

 private:
  Task<Result<QueryAnswer>> run_query(NodeId from, RunQuery question);
  Task<Result<NearRows>> read_near(NodeId from, ReadNear question);
  Task<Result<std::uint64_t>> count_rows(NodeId from, CountRows question);
  Task<Result<bool>> subscribe(NodeId from, Subscribe question);
  Task<Result<ListVersions::Answer>> list_versions(NodeId from, ListVersions question);
  Task<Result<WatchedRows::Answer>> watched_rows(NodeId from, WatchedRows question);

  using Leaves = std::vector<AccessLeave>;
  Result<QueryPlan> plan(const RunQuery& question) const;
  Task<Result<Leaves>> restrict(NodeId from, QueryPlan& plan, const RunQuery& question) const;
  Result<QueryAnswer> run(const QueryPlan& plan, const RunQuery& question);
  Result<bool> run_unit(const QueryPlan& plan, const RunQuery& question,
                        std::vector<Partition> partitions, QueryAnswer& answer, std::size_t& bytes,
                        std::vector<std::vector<Partition>>& open);
  bool keeps(Partition partition) const;
  bool is_fit(std::string_view table, Partition partition, std::optional<Duration> max_age,
              const std::vector<NeededRow>& needs);
  /// ErrorCode::denied also for a leave with restrictions.
  Task<Result<AccessLeave>> whole_leave(NodeId from, std::string table, Blob token,
                                        AccessKind kind) const;
  /// For the same watch the same.
  Task<Result<StandingLeaves::Leave>> watch_leave(NodeId from, std::string table, Blob token);
  Result<Done> check_recovered() const;
  sqlite3* connection() { return replica_.store().database().handle(); }

  Node& node_;
  Replica& replica_;
  const Placement& placement_;
  QueryServiceSettings settings_;
  AccessRule rule_;
  StandingLeaves watching_;
  Watchers watchers_;
  Service service_;
};

}  // namespace evenkeel
