// Where each part of a query runs: filters, projections and partial aggregates where the rows are;
// what puts their answers together where the question was asked. Everybody who has the query and
// the tables makes the same plan, so only the query travels.
//
// avg travels as sum and count, variance as count, mean and sum of squared deviations (Chan);
// ORDER BY with LIMIT k as the first k of each node. A join is done on the nodes: rows of both
// tables are together if they are placed by the join's columns, else the smaller table's rows are
// sent to where the larger one's are.
#pragma once

#include <array>

#include "models/access/access_rules.h"
#include "models/access/sql_check.h"
#include "models/access/sql_writer.h"

namespace evenkeel {

/// What a node is asked to do of a query.
enum class Stage : std::uint8_t {
  whole,   // all that can be done there
  side_0,  // of a join: the rows of the first table, filtered
  side_1,  // of the second
  join_0,  // join the first table's rows with the second's, which are given
  join_1
};
inline constexpr std::uint8_t stages = 5;

/// Which rows of the node's a fragment reads.
struct Slice {
  std::vector<Partition> partitions = {};
  std::optional<Key> after = {};                // of one partition: rows behind this key
  std::optional<std::uint64_t> most_rows = {};  // that are wanted
  std::span<const Row> side = {};               // for join_0 and join_1
};

class QueryPlan {
 public:
  enum class Join : std::uint8_t { none, together, broadcast };

  explicit QueryPlan(CheckedQuery checked);

  const CheckedQuery& checked() const { return checked_; }
  Join join() const { return join_; }
  bool aggregated() const { return checked_.aggregated; }
  std::vector<std::string> columns() const;

  /// Where the table's rows that count may be, ascending: all, or those that the query's equalities
  /// on the columns that it is placed by leave.
  const std::vector<Partition>& partitions_of(std::uint32_t table) const {
    return partitions_[table];
  }
  static std::uint32_t table_of(Stage stage) {
    return stage == Stage::side_1 || stage == Stage::join_1 ? 1 : 0;
  }
  /// The table that is given in a join stage.
  static std::uint32_t side_of(Stage stage) { return stage == Stage::join_0 ? 1 : 0; }
  /// In a few words: "aggregated at the rows, after a join where both are".
  std::string in_words() const;
  /// Whether this stage belongs to this plan: for what comes over the network.
  bool has(Stage stage) const;

  /// Applies what a grant allows: ErrorCode::denied says what it does not.
  Result<Done> restrict(std::uint32_t table, const Restriction& restriction);
  bool hides_small_groups() const { return min_group_ > 1; }

  /// Whether a fragment's rows can be read in pages: its last column is then the row's key.
  bool is_paged(Stage stage) const;
  /// More rows than so many are not wanted from all partitions together, whichever they are.
  std::optional<std::uint64_t> enough_rows(Stage stage) const;
  /// The SQL for a node, on SQLite's tables `rows_<name>`.
  BoundSql fragment(Stage stage, const Slice& slice) const;
  std::size_t fragment_columns(Stage stage) const;
  /// Which of SQLite's tables the fragment reads.
  std::vector<std::string> fragment_tables(Stage stage) const;
  /// The SQL for the rows of all fragments, in the table `partial`.
  BoundSql final_sql() const;

 private:
  struct From;  // how columns are called in a fragment

  void place(std::uint32_t table);
  bool is_placed_alike() const;
  bool groups_are_local() const;
  bool takes_first(Stage stage) const;
  std::vector<std::uint32_t> columns_needed(std::uint32_t table) const;
  void write_outputs(BoundWriter& writer, Stage stage) const;
  void write_partials(BoundWriter& writer) const;
  void write_from(BoundSql& sql, Stage stage) const;
  void write_where(BoundWriter& writer, Stage stage, const Slice& slice) const;
  void write_rows_of(BoundWriter& writer, std::uint32_t table, const Slice& slice) const;
  void write_groups(BoundWriter& writer, Stage stage) const;
  void write_order(BoundWriter& writer, Stage stage, const Slice& slice) const;
  void write_merged(BoundSql& sql, const Expression& expression) const;

  CheckedQuery checked_;
  Join join_ = Join::none;
  std::array<std::vector<Partition>, 2> partitions_;
  std::array<std::optional<Key>, 2> prefixes_;      // that the keys of rows that count have
  std::array<std::vector<Expression>, 2> filters_;  // that grants add
  std::uint32_t min_group_ = 0;
  std::vector<std::uint32_t> subjects_;
};

}  // namespace evenkeel
