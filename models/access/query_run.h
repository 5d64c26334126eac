// One query while it is being asked: which partitions are still to be answered, by whom, and what
// came back.
#pragma once

#include <map>
#include <memory>
#include <set>

#include "models/access/access.h"

namespace evenkeel {

class QueryRun : public std::enable_shared_from_this<QueryRun> {
 public:
  /// The access outlives the node's tasks, which hold on to this.
  QueryRun(Access& access, QueryPlan plan, std::string sql, ReadOptions options);
  QueryRun(const QueryRun&) = delete;

  static Task<Result<QueryResult>> run(std::shared_ptr<QueryRun> self);
  static Task<Result<std::string>> describe(std::shared_ptr<QueryRun> self);
  const QueryCost& cost() const { return cost_; }

 private:
  // A partition that has not been answered for yet, and what is known of it.
  struct Open {
    std::optional<Key> after = {};  // pages up to here have come
    std::vector<Row> rows = {};     // in these pages
    std::optional<RowsDigest> digest = {};
    std::set<NodeId> failed = {};
    std::size_t differed = 0;   // how often replicas did not agree
    std::size_t exhausted = 0;  // how often all replicas had failed
    bool strong = false;
  };
  struct Round {
    std::vector<std::pair<NodeId, Result<QueryAnswer>>> answers = {};
    std::map<std::pair<NodeId, Partition>, RowsDigest> digests = {};
    std::vector<std::pair<NodeId, Error>> failures = {};
  };
  struct Work {
    NodeId node{};
    std::vector<Partition> partitions = {};
    std::optional<Key> after = {};
    bool strong = false;
  };

  using Self = std::shared_ptr<QueryRun>;
  static Task<Result<std::vector<Row>>> stage(Self self, Stage stage, std::vector<Row> side);
  static Task<Result<Done>> join(Self self, std::shared_ptr<PartialRows> partial);
  static Task<Result<Done>> ask_node(Self self, std::shared_ptr<Round> round, Work work,
                                     Stage stage, std::vector<Row> side);
  static Task<Result<Done>> ask_digests(Self self, std::shared_ptr<Round> round, NodeId node,
                                        std::string table, std::vector<Partition> of);
  static Task<Result<std::vector<Row>>> gather(Self self, Stage stage, std::vector<Row> side,
                                               Partition partition);
  static Task<Result<std::uint64_t>> count_rows(Self self, std::uint32_t table);
  static Task<Result<Done>> count_at(Self self, NodeId node, CountRows question,
                                     std::shared_ptr<std::uint64_t> sum);
  static Task<Stage> choose_side(Self self);

  Result<std::vector<Work>> distribute(std::map<Partition, Open>& open, Error& last);
  std::map<NodeId, std::vector<Partition>> witnesses(const std::vector<Work>& works,
                                                     std::map<Partition, Open>& open) const;
  Result<Done> take(Round& round, const std::vector<Work>& works, std::map<Partition, Open>& open,
                    std::vector<Row>& rows, Error& last);
  void take_unit(NodeId from, AnswerUnit& unit, const Round& round, std::map<Partition, Open>& open,
                 std::vector<Row>& rows) const;
  bool is_confirmed(NodeId from, const AnswerUnit& unit, const Round& round,
                    std::map<Partition, Open>& open) const;
  RunQuery question(const Work& work, Stage stage, std::vector<Row> side) const;
  std::string plan_text(Stage side, std::uint64_t rows, std::uint64_t side_rows) const;

  Access& access_;
  QueryPlan plan_;
  std::string sql_;
  ReadOptions options_;
  QueryCost cost_;
  std::set<NodeId> asked_;
};

}  // namespace evenkeel
