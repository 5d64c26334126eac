// One client for all rows: reading, writing, querying, watching; on any node.
//
// How fresh an answer is:
//   strong            every row as by a quorum: each is a linearizable register. Of a query, each
//                     partition is as one quorum had it at one instant; the partitions may be of
//                     different instants.
//   read_your_writes  no older than what the session wrote and read
//   bounded           all that was acknowledged `staleness` before the question is in it
//   any               what the nearest replica has
// What the nearest replica cannot promise, the next one is asked for, and then a quorum.
//
// ErrorCode::not_found: no such table; ErrorCode::invalid: the query, row or key makes no sense;
// ErrorCode::denied: no grant allows it, or a grant tells no group that is so small;
// ErrorCode::full: too many rows or steps; ErrorCode::no_quorum: too few replicas can be reached.
#pragma once

#include <map>
#include <memory>

#include "models/access/local_sql.h"
#include "models/access/replica_chooser.h"
#include "models/access/row_cache.h"
#include "models/access/row_watch.h"
#include "models/access/session.h"
#include "models/storage/records.h"

namespace evenkeel {

enum class ReadLevel : std::uint8_t { strong, read_your_writes, bounded, any };

/// What a grant's holder shows to a node: made anew for each question, since none counts twice.
using ShowToken = std::function<Blob(NodeId server)>;

struct ReadOptions {
  ReadLevel level = ReadLevel::strong;
  Duration staleness = seconds(10);                  // for bounded
  std::shared_ptr<AccessSession> session = nullptr;  // for read_your_writes
  ShowToken token = {};  // of whoever holds a grant; none: nothing is shown
};

struct AccessSettings {
  Duration timeout = seconds(1);             // of one question to one node
  std::size_t rounds = 8;                    // of asking again for partitions that gave nothing
  std::size_t cached_rows = 10'000;          // 0: no cache
  std::size_t most_side_rows = 50'000;       // of the smaller side of a join
  std::size_t most_gathered_rows = 500'000;  // read by quorum because replicas differ
  SqlLimits limits = {};                     // of what the asking node computes
  double ops_per_row = 2'000;                // to merge one
  Duration watch_lease = seconds(6);
  std::size_t most_watched_rows = 100'000;  // whose versions one watch remembers
  MakePolicy policy = {};                   // who chooses replicas; none: NearerOfTwo
};

/// What a query took.
struct QueryCost {
  std::uint64_t bytes = 0;  // of questions and answers
  std::uint64_t nodes = 0;  // that were asked
  std::uint64_t rounds = 0;
  std::uint64_t rows_scanned = 0;
  std::uint64_t steps = 0;          // of SQLite on the nodes
  std::uint64_t gathered = 0;       // partitions whose rows were read by quorum
  bool hides_small_groups = false;  // a grant leaves out groups that are too small
};

struct QueryResult {
  std::vector<std::string> columns = {};
  std::vector<Row> rows = {};
  QueryCost cost = {};
  std::string plan = {};  // in a few words: "aggregated at the rows"
};

class Access {
 public:
  /// All but the settings outlive the node's tasks.
  Access(Node& node, Records& records, const Placement& placement,
         const AccessSettings& settings = {});
  Access(const Access&) = delete;
  ~Access();

  /// Makes the table known here alone.
  void know(TableSchema table) { tables_[table.name] = std::move(table); }
  /// Makes the table known here and on all replicas that can be reached; others learn it later.
  /// ErrorCode::conflict: there is another one of that name.
  Task<Result<Done>> define(TableSchema table);
  /// The schema, from here or from the replicas.
  Task<Result<TableSchema>> table(std::string name);

  Task<Result<Version>> put(std::string table, Row row,
                            std::shared_ptr<AccessSession> session = nullptr);
  Task<Result<Done>> put_all(std::string table, std::vector<Row> rows,
                             std::shared_ptr<AccessSession> session = nullptr);
  Task<Result<Version>> erase(std::string table, Row key,
                              std::shared_ptr<AccessSession> session = nullptr);
  /// `key`: the values of the key columns. Without values if there is no such row.
  Task<Result<StoredRow>> get(std::string table, Row key, ReadOptions options = {});
  /// As Records::scan.
  Task<Result<std::vector<StoredRow>>> scan(std::string table, Row placed_by, KeyRange range,
                                            ReadOptions options = {});

  /// A SELECT (sql_parser.h); with EXPLAIN before it, as explain.
  Task<Result<QueryResult>> query(std::string sql, std::vector<Value> parameters = {},
                                  ReadOptions options = {});
  /// How the query is run: what goes where, with estimated bytes; with `run`, what it really took.
  Task<Result<std::string>> explain(std::string sql, std::vector<Value> parameters = {},
                                    ReadOptions options = {}, bool run = false);

  /// What changes among the rows whose keys begin with these values; what is there already comes
  /// first. `shows`: for rows of another party, whose grant hides some of them, or of their values.
  Task<Result<std::shared_ptr<RowWatch>>> watch(std::string table, Row prefix,
                                                RowWatch::Shows shows = {});

  Node& node() { return node_; }
  Records& records() { return records_; }
  const Placement& placement() const { return placement_; }
  const AccessSettings& settings() const { return settings_; }
  ReplicaChooser& chooser() { return *chooser_; }
  const RowCache& cache() const { return cache_; }
  /// Replicas that are believed to be alive, if any is.
  std::vector<NodeId> readers(Partition partition) const;

 private:
  Task<Result<Done>> rows_changed(NodeId from, RowsChanged change);
  Task<Result<QueryPlan>> plan(std::string sql, std::vector<Value> parameters);
  Task<Result<Done>> learn_tables();
  Task<Result<NearRows>> read_near(TableSchema table, ScanRows range, ReadOptions options,
                                   bool cached);
  const RowCache::Entry* cached(const std::string& table, const RowKey& at,
                                const ReadOptions& options);

  Node& node_;
  Records& records_;
  const Placement& placement_;
  AccessSettings settings_;
  std::unique_ptr<ReplicaChooser> chooser_;
  std::map<std::string, TableSchema, std::less<>> tables_;
  RowCache cache_;
  std::map<std::uint64_t, std::weak_ptr<RowWatch>> watches_;
  std::uint64_t last_watch_ = 0;
  Service service_;
};

}  // namespace evenkeel
