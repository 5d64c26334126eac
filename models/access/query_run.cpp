#include "models/access/query_run.h"

#include <algorithm>

#include "models/access/estimate.h"
#include "models/runtime/together.h"

namespace evenkeel {
namespace {

constexpr std::size_t most_differences = 2;  // before a partition's rows are read by quorum
constexpr std::size_t most_exhaustions = 2;  // of all replicas, before giving up
constexpr std::size_t side_rows_a_message = 2000;
constexpr std::size_t side_values_a_message = 20'000;
constexpr std::uint32_t gathered_a_page = 5000;

}  // namespace

QueryRun::QueryRun(Access& access, QueryPlan plan, std::string sql, ReadOptions options)
    : access_(access), plan_(std::move(plan)), sql_(std::move(sql)), options_(std::move(options)) {}

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

Task<Result<Done>> QueryRun::count_at(Self self, NodeId to, CountRows asked,
                                      std::shared_ptr<std::uint64_t> sum) {
  Task<Result<std::uint64_t>> asking =
      ask(self->access_.node(), to, Port::queries, asked, self->access_.settings().timeout);
  const Result<std::uint64_t> rows = co_await std::move(asking);
  self->asked_.insert(to);
  self->cost_.bytes += encoded_size(asked) + sizeof asked.tag + sizeof *sum + 1;
  if (rows) *sum += *rows;  // an estimate: who does not answer is left out
  co_return Done{};
}

Task<Result<std::uint64_t>> QueryRun::count_rows(Self self, std::uint32_t table) {
  std::map<NodeId, CountRows> questions;
  for (const Partition partition : self->plan_.partitions_of(table)) {
    const std::vector<NodeId> nodes = self->access_.readers(partition);
    CountRows& its = questions[nodes.front()];
    its.table = self->plan_.checked().tables[table].name;
    its.partitions.push_back(partition);
  }
  const auto sum = std::make_shared<std::uint64_t>(0);
  std::vector<Task<Result<Done>>> asking;
  for (auto& [node, asked] : questions) asking.push_back(count_at(self, node, asked, sum));
  Task<Result<Done>> all = all_of(self->access_.node(), std::move(asking));
  const Result<Done> done = co_await std::move(all);
  if (!done) co_return done.error();
  co_return *sum;
}

// The side of a join whose rows travel: the smaller one, after its filters.
Task<Stage> QueryRun::choose_side(Self self) {
  double smallest = -1;
  Stage side = Stage::side_0;
  for (std::uint32_t table = 0; table < 2; ++table) {
    Task<Result<std::uint64_t>> counting = count_rows(self, table);
    const Result<std::uint64_t> rows = co_await std::move(counting);
    const double left =
        rows ? static_cast<double>(*rows) * selectivity(self->plan_.checked(), table) : 0;
    if (smallest >= 0 && left >= smallest) continue;
    smallest = left;
    side = table == 0 ? Stage::side_0 : Stage::side_1;
  }
  ++self->cost_.rounds;
  co_return side;
}

Task<Result<Done>> QueryRun::join(Self self, std::shared_ptr<PartialRows> partial) {
  Task<Stage> choosing = choose_side(self);
  const Stage side = co_await std::move(choosing);
  const Stage joining = side == Stage::side_0 ? Stage::join_1 : Stage::join_0;
  std::vector<Row> none;
  Task<Result<std::vector<Row>>> fetching = stage(self, side, std::move(none));
  const Result<std::vector<Row>> rows = co_await std::move(fetching);
  if (!rows) co_return rows.error();
  if (rows->size() > self->access_.settings().most_side_rows)
    co_return Error{ErrorCode::full, "the smaller side of the join has " +
                                         std::to_string(rows->size()) + " rows, more than " +
                                         std::to_string(self->access_.settings().most_side_rows) +
                                         "; narrow it by WHERE"};
  const std::size_t columns = std::max<std::size_t>(self->plan_.fragment_columns(side), 1);
  const std::size_t portion = std::min(side_rows_a_message, side_values_a_message / columns);
  for (std::size_t from = 0; from < rows->size(); from += portion) {
    const auto first = rows->begin() + static_cast<std::ptrdiff_t>(from);
    const auto last = first + static_cast<std::ptrdiff_t>(std::min(portion, rows->size() - from));
    std::vector<Row> given(first, last);
    Task<Result<std::vector<Row>>> asking = stage(self, joining, std::move(given));
    const Result<std::vector<Row>> joined = co_await std::move(asking);
    if (!joined) co_return joined.error();
    if (const Result<Done> added = partial->add(*joined); !added) co_return added;
  }
  co_return Done{};
}

Task<Result<QueryResult>> QueryRun::run(Self self) {
  Access& access = self->access_;
  const bool joins = self->plan_.join() == QueryPlan::Join::broadcast;
  const Stage whole = joins ? Stage::join_0 : Stage::whole;
  const auto partial = std::make_shared<PartialRows>(self->plan_.fragment_columns(whole));
  if (joins) {
    Task<Result<Done>> joining = join(self, partial);
    const Result<Done> joined = co_await std::move(joining);
    if (!joined) co_return joined.error();
  } else {
    std::vector<Row> none;
    Task<Result<std::vector<Row>>> asking = stage(self, whole, std::move(none));
    const Result<std::vector<Row>> rows = co_await std::move(asking);
    if (!rows) co_return rows.error();
    if (rows->empty() && self->cost_.hides_small_groups)
      co_return Error{ErrorCode::denied,
                      "group too small: no node has a group as large as the grant demands; ask "
                      "about more rows at a time, or group them less"};
    if (const Result<Done> added = partial->add(*rows); !added) co_return added.error();
    const double merging = access.settings().ops_per_row * static_cast<double>(rows->size() + 1);
    co_await access.node().compute({merging});
  }
  Result<SqlRows> rows = partial->select(self->plan_.final_sql(), access.settings().limits);
  if (!rows) co_return rows.error();
  if (rows->cut)
    co_return Error{ErrorCode::full, "the answer is too large; narrow it by WHERE or LIMIT"};
  self->cost_.nodes = self->asked_.size();
  std::string words = self->plan_.in_words();
  if (self->cost_.gathered > 0) words += ", read by quorum";
  co_return QueryResult{self->plan_.columns(), std::move(rows->rows), self->cost_,
                        std::move(words)};
}

Task<Result<std::string>> QueryRun::describe(Self self) {
  Task<Result<std::uint64_t>> counting = count_rows(self, 0);
  const Result<std::uint64_t> rows = co_await std::move(counting);
  if (!rows) co_return rows.error();
  std::uint64_t side_rows = 0;
  Stage side = Stage::side_1;
  if (self->plan_.join() == QueryPlan::Join::broadcast) {
    Task<Result<std::uint64_t>> more = count_rows(self, 1);
    const Result<std::uint64_t> other = co_await std::move(more);
    if (!other) co_return other.error();
    side_rows = *other;
    Task<Stage> choosing = choose_side(self);
    side = co_await std::move(choosing);
  }
  co_return self->plan_text(side, *rows, side_rows);
}

std::string QueryRun::plan_text(Stage side, std::uint64_t rows, std::uint64_t second_rows) const {
  const CheckedQuery& checked = plan_.checked();
  std::string text;
  const auto line = [&](const std::string& what) { text += what + "\n"; };
  const auto asked = [&](std::uint32_t table) {
    std::set<NodeId> nodes;
    for (const Partition partition : plan_.partitions_of(table))
      nodes.insert(access_.readers(partition).front());
    return std::to_string(plan_.partitions_of(table).size()) + " of " + std::to_string(partitions) +
           " partitions of '" + checked.tables[table].name + "', on " +
           std::to_string(nodes.size()) + (nodes.size() == 1 ? " node" : " nodes");
  };
  const auto fragment = [&](Stage stage, bool given) {
    const Row none(plan_.fragment_columns(stage == Stage::join_0 ? Stage::side_1 : Stage::side_0));
    const std::vector<Row> one = {none};
    Slice slice{.partitions = {},
                .side = given ? std::span<const Row>{one} : std::span<const Row>{}};
    return plan_.fragment(stage, slice).text;
  };
  line(sql_text(checked.query));
  if (plan_.join() == QueryPlan::Join::broadcast) {
    const Stage joining = side == Stage::side_0 ? Stage::join_1 : Stage::join_0;
    const std::uint32_t small = QueryPlan::table_of(side);
    const std::uint32_t large = 1 - small;
    const double its_rows = static_cast<double>(small == 0 ? rows : second_rows);
    line("1. fetch the smaller side: " + asked(small));
    line("   " + fragment(side, false));
    line("   about " + std::to_string(estimated_bytes(plan_, side, its_rows, 1)) + " bytes");
    line("2. join it where the other side is: " + asked(large));
    line("   " + fragment(joining, true));
    const double other_rows = static_cast<double>(small == 0 ? second_rows : rows);
    line("   about " +
         std::to_string(
             estimated_bytes(plan_, joining, other_rows, plan_.partitions_of(large).size())) +
         " bytes");
    line("3. here: " + plan_.final_sql().text);
    return text;
  }
  if (plan_.join() == QueryPlan::Join::together)
    line("both tables are placed by what they are joined by: joined on the nodes");
  line("1. where the rows are: " + asked(0) + ", " + std::to_string(rows) + " rows");
  line("   " + fragment(Stage::whole, false));
  const std::uint64_t moved = estimated_bytes(plan_, Stage::whole, static_cast<double>(rows),
                                              plan_.partitions_of(0).size());
  line("   about " + std::to_string(moved) + " bytes move, of " +
       std::to_string(row_bytes(checked.tables[0]) * rows) + " that shipping the rows would");
  line("2. here: " + plan_.final_sql().text);
  return text;
}

}  // namespace evenkeel
