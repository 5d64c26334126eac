// One stage of a query: over all its partitions, until each has been answered for once.
#include <algorithm>

#include "models/access/query_run.h"
#include "models/runtime/together.h"

namespace evenkeel {
namespace {

constexpr std::size_t most_differences = 2;  // before a partition's rows are read by quorum
constexpr std::size_t most_exhaustions = 2;  // of all replicas, before giving up
constexpr std::uint32_t gathered_a_page = 5000;

}  // namespace

RunQuery QueryRun::question(const Work& work, Stage stage, std::vector<Row> side) const {
  RunQuery asked{.sql = sql_,
                 .parameters = plan_.checked().parameters,
                 .stage = stage,
                 .apart = work.strong,
                 .partitions = work.partitions,
                 .after = work.after,
                 .side = std::move(side)};
  if (options_.token) asked.token = options_.token(work.node);
  if (work.strong) return asked;
  if (options_.level == ReadLevel::bounded) asked.max_age = options_.staleness;
  const std::string& table = plan_.checked().tables[QueryPlan::table_of(stage)].name;
  if (options_.level == ReadLevel::read_your_writes && options_.session)
    asked.needs = options_.session->needs(table, work.partitions);
  return asked;
}

Task<Result<Done>> QueryRun::ask_node(Self self, std::shared_ptr<Round> round, Work work,
                                      Stage stage, std::vector<Row> side) {
  Access& access = self->access_;
  Node& node = access.node();
  for (int attempt = 0;; ++attempt) {
    const RunQuery asked = self->question(work, stage, side);
    const Time since = node.now();
    access.chooser().sent(work.node, since);
    Task<Result<QueryAnswer>> asking =
        ask(node, work.node, Port::queries, asked, access.settings().timeout);
    Result<QueryAnswer> answer = co_await std::move(asking);
    access.chooser().finished(work.node, answer.has_value(), node.now() - since, node.now());
    self->asked_.insert(work.node);
    self->cost_.bytes += encoded_size(asked) + sizeof asked.tag;
    if (answer) self->cost_.bytes += encoded_size(*answer) + 1;
    const bool ignorant = !answer && answer.error().code == ErrorCode::not_found;
    if (!ignorant || attempt > 0) {
      round->answers.emplace_back(work.node, std::move(answer));
      co_return Done{};
    }
    // A replica that never got a row of the table.
    for (std::size_t t = 0; t < self->plan_.checked().tables.size(); ++t) {
      const DefineTable define{self->plan_.checked().tables[t]};
      Task<Result<Done>> defining =
          ask(node, work.node, Port::records, define, access.settings().timeout);
      const Result<Done> defined = co_await std::move(defining);
      if (!defined) break;
    }
  }
}

Task<Result<Done>> QueryRun::ask_digests(Self self, std::shared_ptr<Round> round, NodeId to,
                                         std::string table, std::vector<Partition> of) {
  const PartitionDigests asked{.table = std::move(table), .wanted = std::move(of)};
  Task<Result<std::vector<RowsDigest>>> asking =
      ask(self->access_.node(), to, Port::records, asked, self->access_.settings().timeout);
  const Result<std::vector<RowsDigest>> digests = co_await std::move(asking);
  self->asked_.insert(to);
  self->cost_.bytes += encoded_size(asked) + sizeof asked.tag;
  if (!digests || digests->size() != asked.wanted.size()) {
    round->failures.emplace_back(
        to, digests ? Error{ErrorCode::malformed, "digests of other partitions"} : digests.error());
    co_return Done{};
  }
  self->cost_.bytes += encoded_size(*digests) + 1;
  for (std::size_t i = 0; i < digests->size(); ++i)
    round->digests[{to, asked.wanted[i]}] = (*digests)[i];
  co_return Done{};
}

// Who is asked for what. What no replica is left for is asked of a quorum, if it was not yet.
Result<std::vector<QueryRun::Work>> QueryRun::distribute(std::map<Partition, Open>& open,
                                                         Error& last) {
  std::map<std::pair<NodeId, bool>, Work> together;
  std::vector<Work> works;
  // One that was chosen already takes more: fewer, larger questions. Only the first is drawn.
  for (auto& [partition, its] : open) {
    const std::vector<NodeId>& replicas = access_.placement().readable().replicas[partition];
    std::vector<NodeId> left;
    const auto look = [&](const std::vector<NodeId>& nodes) {
      for (const NodeId node : nodes)
        if (!its.failed.contains(node)) left.push_back(node);
    };
    look(access_.readers(partition));
    if (left.empty()) look(replicas);
    if (left.empty() && !its.strong && options_.level != ReadLevel::any) {
      its.strong = true;
      its.failed.clear();
      left = access_.readers(partition);
    }
    if (left.empty() && its.exhausted++ < most_exhaustions) {
      its.failed.clear();  // messages get lost, too
      left = access_.readers(partition);
    }
    if (left.empty()) {
      const bool named = last.code != ErrorCode::timeout && last.code != ErrorCode::unreachable;
      if (named) return last;
      return Error{ErrorCode::no_quorum, "partition " + std::to_string(partition) +
                                             ": none of its replicas answered; try again when " +
                                             "more of them can be reached"};
    }
    const NodeId chosen = access_.chooser().choose(left, access_.node().now());
    if (its.after) {
      works.push_back({chosen, {partition}, its.after, its.strong});
      continue;
    }
    Work& work = together[{chosen, its.strong}];
    work.node = chosen;
    work.strong = its.strong;
    work.partitions.push_back(partition);
  }
  for (auto& [key, work] : together) works.push_back(std::move(work));
  return works;
}

// As many others as make a quorum with the one that answers.
std::map<NodeId, std::vector<Partition>> QueryRun::witnesses(
    const std::vector<Work>& works, std::map<Partition, Open>& open) const {
  std::map<NodeId, std::vector<Partition>> asked;
  for (const Work& work : works) {
    if (!work.strong) continue;
    for (const Partition partition : work.partitions) {
      std::vector<NodeId> others = access_.placement().readable().replicas[partition];
      const std::size_t needed = Quorum::majority(others.size()) - 1;
      std::erase(others, work.node);
      std::ranges::stable_partition(others, [&](NodeId node) {
        return !open[partition].failed.contains(node) && access_.placement().is_alive(node);
      });
      for (std::size_t i = 0; i < std::min(needed, others.size()); ++i)
        asked[others[i]].push_back(partition);
    }
  }
  return asked;
}

// Whether a quorum has, of each partition of the unit, what it was answered from.
bool QueryRun::is_confirmed(NodeId from, const AnswerUnit& unit, const Round& round,
                            std::map<Partition, Open>& open) const {
  if (unit.digests.size() != unit.partitions.size()) return false;
  bool all = true;
  for (std::size_t i = 0; i < unit.partitions.size(); ++i) {
    const Partition partition = unit.partitions[i];
    const std::vector<NodeId>& replicas = access_.placement().readable().replicas[partition];
    std::size_t heard = 1;
    std::size_t agreeing = 1;
    for (const NodeId other : replicas) {
      const auto found = round.digests.find({other, partition});
      if (other == from || found == round.digests.end()) continue;
      ++heard;
      agreeing += found->second == unit.digests[i] ? 1 : 0;
    }
    const std::size_t needed = Quorum::majority(replicas.size());
    Open& its = open[partition];
    const bool pages_differ = its.digest && *its.digest != unit.digests[i];
    if (agreeing < needed || pages_differ) {
      all = false;
      if (heard >= needed) ++its.differed;
      its.after.reset();
      its.rows.clear();
      its.digest.reset();
    }
  }
  return all;
}

void QueryRun::take_unit(NodeId from, AnswerUnit& unit, const Round& round,
                         std::map<Partition, Open>& open, std::vector<Row>& rows) const {
  const bool strong = open[unit.partitions.front()].strong;
  if (strong && !is_confirmed(from, unit, round, open)) return;
  if (unit.after) {
    Open& its = open[unit.partitions.front()];
    its.after = std::move(unit.after);
    if (strong) its.digest = unit.digests.front();
    std::ranges::move(unit.rows, std::back_inserter(its.rows));
    return;
  }
  for (const Partition partition : unit.partitions) {
    std::ranges::move(open[partition].rows, std::back_inserter(rows));
    open.erase(partition);
  }
  std::ranges::move(unit.rows, std::back_inserter(rows));
}

Result<Done> QueryRun::take(Round& round, const std::vector<Work>& works,
                            std::map<Partition, Open>& open, std::vector<Row>& rows, Error& last) {
  for (const auto& [node, error] : round.failures) {
    last = error;
    for (auto& [partition, its] : open) its.failed.insert(node);
  }
  for (auto& [node, answer] : round.answers) {
    std::set<Partition> asked;
    for (const Work& work : works)
      if (work.node == node) asked.insert(work.partitions.begin(), work.partitions.end());
    if (!answer) {
      last = answer.error();
      const bool its_own_fault =
          last.code == ErrorCode::timeout || last.code == ErrorCode::unreachable ||
          last.code == ErrorCode::disk || last.code == ErrorCode::malformed ||
          last.code == ErrorCode::stopped || last.code == ErrorCode::overloaded;
      if (!its_own_fault) return last;
      for (const Partition partition : asked)
        if (const auto its = open.find(partition); its != open.end())
          its->second.failed.insert(node);
      continue;
    }
    cost_.rows_scanned += answer->rows_scanned;
    cost_.steps += answer->steps;
    cost_.hides_small_groups = cost_.hides_small_groups || answer->hides_small_groups;
    for (const Partition partition : answer->unfit)
      if (const auto its = open.find(partition); its != open.end()) its->second.failed.insert(node);
    for (AnswerUnit& unit : answer->units) {
      const bool sound = !unit.partitions.empty() && (!unit.after || unit.partitions.size() == 1) &&
                         std::ranges::all_of(unit.partitions, [&](Partition partition) {
                           return asked.erase(partition) > 0 && open.contains(partition);
                         });
      if (!sound) return Error{ErrorCode::malformed, "a node answered for what it was not asked"};
      take_unit(node, unit, round, open, rows);
    }
  }
  return Done{};
}

Task<Result<std::vector<Row>>> QueryRun::stage(Self self, Stage stage, std::vector<Row> side) {
  Access& access = self->access_;
  const std::uint32_t table = QueryPlan::table_of(stage);
  const std::string name = self->plan_.checked().tables[table].name;
  const bool session = self->options_.level == ReadLevel::read_your_writes;
  std::map<Partition, Open> open;
  for (const Partition partition : self->plan_.partitions_of(table)) {
    Open& its = open[partition];
    its.strong = self->options_.level == ReadLevel::strong ||
                 (session && self->options_.session &&
                  self->options_.session->needs_quorum(name, partition));
  }
  std::vector<Row> rows;
  Error last{ErrorCode::timeout, {}};
  std::size_t without_progress = 0;
  while (!open.empty()) {
    const std::optional<std::uint64_t> enough = self->plan_.enough_rows(stage);
    if (enough && rows.size() >= *enough) break;
    const std::size_t open_before = open.size();
    const std::size_t rows_before = rows.size();
    const Result<std::vector<Work>> works = self->distribute(open, last);
    if (!works) co_return works.error();
    const auto round = std::make_shared<Round>();
    std::vector<Task<Result<Done>>> asking;
    for (const Work& work : *works) asking.push_back(ask_node(self, round, work, stage, side));
    for (auto& [node, of] : self->witnesses(*works, open))
      asking.push_back(ask_digests(self, round, node, name, of));
    ++self->cost_.rounds;
    Task<Result<Done>> all = all_of(access.node(), std::move(asking));
    const Result<Done> asked = co_await std::move(all);
    if (!asked) co_return asked.error();
    const Result<Done> taken = self->take(*round, *works, open, rows, last);
    if (!taken) co_return taken.error();
    std::vector<Partition> differing;
    bool pages = false;
    for (const auto& [partition, its] : open) {
      if (its.differed >= most_differences) differing.push_back(partition);
      pages = pages || its.after.has_value();
    }
    for (const Partition partition : differing) {
      Task<Result<std::vector<Row>>> gathering = gather(self, stage, side, partition);
      Result<std::vector<Row>> gathered = co_await std::move(gathering);
      if (!gathered) co_return gathered.error();
      std::ranges::move(*gathered, std::back_inserter(rows));
      open.erase(partition);
    }
    const bool progress = open.size() < open_before || rows.size() > rows_before || pages;
    without_progress = progress ? 0 : without_progress + 1;
    if (without_progress >= access.settings().rounds)
      co_return Error{ErrorCode::no_quorum, "the replicas of partition " +
                                                std::to_string(open.begin()->first) +
                                                " do not answer, or differ; try again later" +
                                                (last.detail.empty() ? "" : ": " + last.detail)};
    if (rows.size() > access.settings().limits.rows)
      co_return Error{ErrorCode::full, "the nodes send more than " +
                                           std::to_string(access.settings().limits.rows) +
                                           " rows; narrow the query by WHERE or LIMIT"};
  }
  co_return std::move(rows);
}

// The partition's rows are read by quorum, which makes replicas agree, and the stage is done here.
Task<Result<std::vector<Row>>> QueryRun::gather(Self self, Stage stage, std::vector<Row> side,
                                                Partition partition) {
  if (self->options_.token)
    co_return Error{ErrorCode::no_quorum,
                    "replicas differ at this moment, and a grant does not allow to read the rows "
                    "themselves; try again, or ask for a lower level"};
  Access& access = self->access_;
  const TableSchema table = self->plan_.checked().tables[QueryPlan::table_of(stage)];
  ++self->cost_.gathered;
  RowsCopy copy{table};
  KeyRange range{.limit = gathered_a_page};
  std::size_t count = 0;
  for (;;) {
    Task<Result<std::vector<StoredRow>>> scanning = access.records().scan(table, partition, range);
    const Result<std::vector<StoredRow>> page = co_await std::move(scanning);
    if (!page) co_return page.error();
    if (page->empty()) break;
    count += page->size();
    self->cost_.bytes += 2 * encoded_size(*page);
    if (count > access.settings().most_gathered_rows)
      co_return Error{ErrorCode::full,
                      "replicas differ, and the partition has too many rows to be "
                      "read by quorum; ask for a lower level"};
    if (const Result<Done> added = copy.add(*page); !added) co_return added.error();
    range.from = page->back().at.key + '\0';
  }
  const Slice slice{.partitions = {partition}, .side = side};
  Result<SqlRows> rows = copy.select(self->plan_.fragment(stage, slice),
                                     self->plan_.fragment_tables(stage), access.settings().limits);
  if (!rows) co_return rows.error();
  if (rows->cut) co_return Error{ErrorCode::full, "the answer is too large; narrow it by WHERE"};
  if (self->plan_.is_paged(stage))
    for (Row& row : rows->rows) row.pop_back();
  co_return std::move(rows->rows);
}

}  // namespace evenkeel
