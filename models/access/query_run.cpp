#include "models/access/query_run.h"

#include <algorithm>

#include "models/access/estimate.h"
#include "models/runtime/together.h"

namespace evenkeel {
namespace {

constexpr std::size_t side_rows_a_message = 2000;
constexpr std::size_t side_values_a_message = 20'000;

}  // namespace

QueryRun::QueryRun(Access& access, QueryPlan plan, std::string sql, ReadOptions options)
    : access_(access), plan_(std::move(plan)), sql_(std::move(sql)), options_(std::move(options)) {}

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
