#include "models/access/query_service.h"

#include "models/access/granted_rows.h"

#include <algorithm>

#include "models/access/sql_parser.h"

namespace evenkeel {
namespace {

constexpr std::uint32_t most_watched_a_page = 2000;

constexpr std::size_t most_side_values = 25'000;  // SQLite takes 32,766 parameters
constexpr std::size_t most_needs = 10'000;

// Whether the rows of a join's other side are what the plan says they are.
bool has_columns(std::span<const Row> rows, std::size_t columns) {
  return rows.size() * columns <= most_side_values &&
         std::ranges::all_of(rows, [&](const Row& row) { return row.size() == columns; });
}

}  // namespace

QueryService::QueryService(Node& node, Replica& replica, const Placement& placement,
                           const QueryServiceSettings& settings)
    : node_(node),
      replica_(replica),
      placement_(placement),
      settings_(settings),
      watching_(node),
      watchers_(node, settings.watchers),
      service_(node, Port::queries) {
  replica.store().when_open([](Database& database) { add_sql_functions(database.handle()); });
  service_.on(&QueryService::run_query, *this);
  service_.on(&QueryService::read_near, *this);
  service_.on(&QueryService::count_rows, *this);
  service_.on(&QueryService::subscribe, *this);
  service_.on(&QueryService::list_versions, *this);
  service_.on(&QueryService::watched_rows, *this);
  replica.listen([this](const TableSchema& table, const StoredRow& row) {
    // One that came late, or was overwritten already, changes nothing.
    const Result<Version> newest = replica_.store().version(table.name, row.at);
    if (newest && *newest == row.version) watchers_.changed(table, row);
  });
}

Result<Done> QueryService::check_recovered() const {
  if (replica_.is_recovering())
    return Error{ErrorCode::unreachable, "this replica lost its disk and copies from the others"};
  return Done{};
}

Task<Result<AccessLeave>> QueryService::whole_leave(NodeId from, std::string table, Blob token,
                                                    AccessKind kind) const {
  const TableSchema* schema = replica_.store().schema(table);
  if (schema == nullptr) co_return unknown_table(table);
  if (!rule_) co_return AccessLeave{};
  AccessRequest request{.asker = from, .table = *schema, .token = std::move(token), .kind = kind};
  Task<Result<AccessLeave>> asking = rule_(std::move(request));
  Result<AccessLeave> leave = co_await std::move(asking);
  if (leave && !leave->restriction.is_none())
    co_return Error{ErrorCode::denied, "queries only: the grant for '" + table +
                                           "' allows queries only, not plain rows"};
  co_return std::move(leave);
}

Task<Result<StandingLeaves::Leave>> QueryService::watch_leave(NodeId from, std::string table,
                                                              Blob token) {
  const TableSchema* schema = replica_.store().schema(table);
  if (schema == nullptr) co_return unknown_table(table);
  const TableSchema its_schema = *schema;
  AccessRequest request{
      .asker = from, .table = its_schema, .token = std::move(token), .kind = AccessKind::watch};
  Task<Result<StandingLeaves::Leave>> asking = watching_.leave(std::move(request));
  const Result<StandingLeaves::Leave> leave = co_await std::move(asking);
  if (!leave) co_return leave.error();
  const Result<Done> shows_rows = check_granted_rows(**leave, its_schema);
  if (!shows_rows) co_return shows_rows.error();
  co_return *leave;
}

bool QueryService::keeps(Partition partition) const {
  const std::vector<NodeId>& replicas = placement_.readable().replicas[partition];
  return std::ranges::find(replicas, node_.id()) != replicas.end();
}

bool QueryService::is_fit(std::string_view table, Partition partition,
                          std::optional<Duration> max_age, const std::vector<NeededRow>& needs) {
  if (!keeps(partition)) return false;
  if (max_age && replica_.fresh_at(partition) < node_.now() - *max_age) return false;
  return std::ranges::all_of(needs, [&](const NeededRow& needed) {
    if (needed.at.partition != partition) return true;
    const Result<Version> version = replica_.store().version(table, needed.at);
    return version && !(*version < needed.version);
  });
}

Result<QueryPlan> QueryService::plan(const RunQuery& question) const {
  Result<Query> parsed = parse_sql(question.sql);
  if (!parsed) return parsed.error();
  std::vector<std::string> names;
  for (const TableSchema& schema : replica_.store().schemas()) names.push_back(schema.name);
  const FindTable find = [this](std::string_view name) { return replica_.store().schema(name); };
  Result<CheckedQuery> checked =
      check_query(std::move(*parsed), find, std::move(names), question.parameters);
  if (!checked) return checked.error();
  QueryPlan made{std::move(*checked)};
  if (!made.has(question.stage)) return Error{ErrorCode::malformed, "the query has no such stage"};
  const bool joins = question.stage == Stage::join_0 || question.stage == Stage::join_1;
  if (joins) {
    const Stage other = question.stage == Stage::join_0 ? Stage::side_1 : Stage::side_0;
    if (!has_columns(question.side, made.fragment_columns(other)) || question.side.empty())
      return Error{ErrorCode::malformed, "the rows to join with are not what the query needs"};
  }
  return made;
}

Task<Result<QueryService::Leaves>> QueryService::restrict(NodeId from, QueryPlan& made,
                                                          const RunQuery& question) const {
  Leaves leaves;
  for (std::uint32_t t = 0; rule_ && t < made.checked().tables.size(); ++t) {
    AccessRequest request{
        .asker = from, .table = made.checked().tables[t], .token = question.token};
    Task<Result<AccessLeave>> asking = rule_(std::move(request));
    Result<AccessLeave> leave = co_await std::move(asking);
    if (!leave) co_return leave.error();
    if (question.apart && !leave->restriction.is_none())
      co_return Error{ErrorCode::denied,
                      "level not granted: replicas are not compared for a grant with restrictions; "
                      "ask at level 'bounded' or 'any'"};
    const Result<Done> fits = made.restrict(t, leave->restriction);
    if (!fits) co_return fits.error();
    leaves.push_back(std::move(*leave));
  }
  co_return std::move(leaves);
}

Task<Result<QueryAnswer>> QueryService::run_query(NodeId from, RunQuery question) {
  co_await node_.compute({settings_.ops_per_query});
  if (const Result<Done> ready = check_recovered(); !ready) co_return ready.error();
  const bool sound = question.partitions.size() <= partitions &&
                     question.needs.size() <= most_needs &&
                     static_cast<std::uint8_t>(question.stage) < stages &&
                     (!question.after || question.partitions.size() == 1);
  if (!sound) co_return Error{ErrorCode::malformed, "a query for no partitions of ours"};
  Result<QueryPlan> made = plan(question);
  if (!made) co_return made.error();
  Task<Result<Leaves>> restricting = restrict(from, *made, question);
  const Result<Leaves> leaves = co_await std::move(restricting);
  if (!leaves) co_return leaves.error();
  if (question.after && !made->is_paged(question.stage))
    co_return Error{ErrorCode::malformed, "this stage has no pages"};
  // At once, so that the digests belong to what was read.
  Result<QueryAnswer> answer = run(*made, question);
  if (!answer) co_return answer.error();
  co_await node_.compute({settings_.ops_per_step * static_cast<double>(answer->steps)});
  co_await node_.disk_done();
  AnswerSize size;
  for (const AnswerUnit& unit : answer->units) {
    size.rows += unit.rows.size();
    size.bytes += encoded_size(unit);
  }
  for (const AccessLeave& leave : *leaves) {
    if (!leave.serve) continue;
    Task<Result<Done>> serving = leave.serve(size);
    const Result<Done> served = co_await std::move(serving);
    if (!served) co_return served.error();
  }
  co_return std::move(*answer);
}

Result<QueryAnswer> QueryService::run(const QueryPlan& made, const RunQuery& question) {
  QueryAnswer answer{.hides_small_groups = made.hides_small_groups()};
  const std::string& table = made.checked().tables[QueryPlan::table_of(question.stage)].name;
  std::vector<Partition> wanted = question.partitions;
  std::ranges::sort(wanted);
  wanted.erase(std::ranges::unique(wanted).begin(), wanted.end());
  std::vector<Partition> fit;
  for (const Partition partition : wanted) {
    const bool its = is_fit(table, partition, question.max_age, question.needs);
    (its ? fit : answer.unfit).push_back(partition);
  }
  // Small groups are counted over all that was asked for.
  const bool apart =
      made.is_paged(question.stage) || (question.apart && !made.hides_small_groups());
  std::vector<std::vector<Partition>> open;
  if (apart) {
    for (auto partition = fit.rbegin(); partition != fit.rend(); ++partition)
      open.push_back({*partition});
  } else if (!fit.empty()) {
    open.push_back(std::move(fit));
  }
  std::size_t bytes = 0;
  while (!open.empty()) {
    std::vector<Partition> next = std::move(open.back());
    open.pop_back();
    const Result<bool> goes_on = run_unit(made, question, std::move(next), answer, bytes, open);
    if (!goes_on) return goes_on.error();
    if (!*goes_on) break;
  }
  return answer;
}

// False: the answer is full, and what is open must be asked for again.
Result<bool> QueryService::run_unit(const QueryPlan& made, const RunQuery& question,
                                    std::vector<Partition> of, QueryAnswer& answer,
                                    std::size_t& bytes, std::vector<std::vector<Partition>>& open) {
  std::size_t rows_before = 0;
  for (const AnswerUnit& unit : answer.units) rows_before += unit.rows.size();
  SqlLimits limits = settings_.limits;
  if (limits.steps <= answer.steps || limits.rows <= rows_before || limits.bytes <= bytes)
    return false;
  if (!answer.units.empty()) {
    limits.rows -= rows_before;
    limits.bytes -= bytes;
  }
  const std::string& table = made.checked().tables[QueryPlan::table_of(question.stage)].name;
  AnswerUnit unit{.partitions = std::move(of)};
  std::uint64_t rows_there = 0;
  for (const Partition partition : unit.partitions) {
    const RowsDigest digest = replica_.store().digest(table, partition);
    if (question.apart) unit.digests.push_back(digest);
    rows_there += digest.rows;
  }
  Slice slice{.partitions = unit.partitions, .after = question.after, .side = question.side};
  const bool paged = made.is_paged(question.stage);
  const std::optional<std::uint64_t> enough = made.enough_rows(question.stage);
  if (enough) slice.most_rows = *enough - std::min<std::uint64_t>(*enough, rows_before);
  if (!slice.most_rows || *slice.most_rows > 0) {
    Result<SqlRows> rows = run_select(connection(), made.fragment(question.stage, slice),
                                      made.fragment_tables(question.stage), limits);
    if (!rows) return rows.error();
    answer.steps += rows->steps;
    answer.rows_scanned += rows_there;
    if (rows->cut && !paged) {
      if (!answer.units.empty()) return false;
      if (unit.partitions.size() == 1 || made.hides_small_groups())
        return Error{ErrorCode::full, "the answer has more than " + std::to_string(limits.rows) +
                                          " rows or " + std::to_string(limits.bytes) +
                                          " bytes on one node; narrow it by WHERE, or group less"};
      const auto half =
          unit.partitions.begin() + static_cast<std::ptrdiff_t>(unit.partitions.size() / 2);
      open.emplace_back(half, unit.partitions.end());
      open.emplace_back(unit.partitions.begin(), half);
      return true;
    }
    if (paged) {
      if (rows->cut && rows->rows.empty()) {
        if (!answer.units.empty()) return false;
        return Error{ErrorCode::full, "a row is larger than an answer may be; select less of it"};
      }
      if (rows->cut) unit.after = text_of(std::get<Blob>(rows->rows.back().back()));
      for (Row& row : rows->rows) row.pop_back();
    }
    bytes += rows->bytes;
    unit.rows = std::move(rows->rows);
  }
  const bool is_full = unit.after.has_value();
  answer.units.push_back(std::move(unit));
  return !is_full;
}

Task<Result<NearRows>> QueryService::read_near(NodeId from, ReadNear question) {
  if (const Result<Done> ready = check_recovered(); !ready) co_return ready.error();
  Task<Result<AccessLeave>> asking =
      whole_leave(from, question.range.table, question.token, AccessKind::read);
  const Result<AccessLeave> leave = co_await std::move(asking);
  if (!leave) co_return leave.error();
  if (question.needs.size() > most_needs)
    co_return Error{ErrorCode::malformed, "too many rows that are needed"};
  const Partition partition = question.range.partition;
  NearRows answer;
  answer.fit = is_fit(question.range.table, partition, question.max_age, question.needs);
  if (!answer.fit) co_return std::move(answer);
  Result<std::vector<StoredRow>> rows = replica_.store().scan(question.range);
  if (!rows) co_return rows.error();
  answer.rows = std::move(*rows);
  const Time fresh = replica_.fresh_at(partition);
  answer.age = fresh < Time{} ? never : node_.now() - fresh;
  if (question.tell_changes && !leave->serve)
    answer.lease = watchers_.remember(from, question.range.table, {partition, question.range.from});
  co_await node_.compute({settings_.ops_per_query / 10});
  co_await node_.disk_done();
  if (leave->serve) {
    const AnswerSize size{encoded_size(answer.rows), answer.rows.size()};
    Task<Result<Done>> serving = leave->serve(size);
    const Result<Done> served = co_await std::move(serving);
    if (!served) co_return served.error();
  }
  co_return std::move(answer);
}

Task<Result<std::uint64_t>> QueryService::count_rows(NodeId from, CountRows question) {
  if (const Result<Done> ready = check_recovered(); !ready) co_return ready.error();
  if (rule_) {
    Blob none;
    Task<Result<AccessLeave>> asking =
        whole_leave(from, question.table, std::move(none), AccessKind::count);
    const Result<AccessLeave> leave = co_await std::move(asking);
    if (!leave) co_return leave.error();
  }
  if (question.partitions.size() > partitions)
    co_return Error{ErrorCode::malformed, "more partitions than there are"};
  std::uint64_t rows = 0;
  for (const Partition partition : question.partitions)
    rows += replica_.store().digest(question.table, partition).rows;
  co_return rows;
}

Task<Result<bool>> QueryService::subscribe(NodeId from, Subscribe question) {
  if (const Result<Done> ready = check_recovered(); !ready) co_return ready.error();
  Task<Result<StandingLeaves::Leave>> asking = watch_leave(from, question.table, question.token);
  const Result<StandingLeaves::Leave> leave = co_await std::move(asking);
  if (!leave) co_return leave.error();
  for (const Partition partition : question.partitions)
    if (!keeps(partition)) co_return Error{ErrorCode::unreachable, "no replica of that partition"};
  co_return watchers_.subscribe(from, question, *leave);
}

Task<Result<ListVersions::Answer>> QueryService::list_versions(NodeId from, ListVersions question) {
  if (const Result<Done> ready = check_recovered(); !ready) co_return ready.error();
  Task<Result<AccessLeave>> asking =
      whole_leave(from, question.range.table, question.token, AccessKind::watch);
  const Result<AccessLeave> leave = co_await std::move(asking);
  if (!leave) co_return leave.error();
  const Result<std::vector<StoredRow>> rows = replica_.store().scan(question.range);
  if (!rows) co_return rows.error();
  ListVersions::Answer versions;
  for (const StoredRow& row : *rows) versions.emplace_back(row.at.key, row.version);
  co_await node_.compute({settings_.ops_per_step * 10 * static_cast<double>(rows->size() + 1)});
  co_await node_.disk_done();
  co_return std::move(versions);
}

Task<Result<WatchedRows::Answer>> QueryService::watched_rows(NodeId from, WatchedRows question) {
  if (const Result<Done> ready = check_recovered(); !ready) co_return ready.error();
  if (!keeps(question.range.partition))
    co_return Error{ErrorCode::unreachable, "no replica of that partition"};
  Task<Result<StandingLeaves::Leave>> asking =
      watch_leave(from, question.range.table, question.token);
  const Result<StandingLeaves::Leave> leave = co_await std::move(asking);
  if (!leave) co_return leave.error();
  question.range.limit = std::clamp<std::uint32_t>(question.range.limit, 1, most_watched_a_page);
  Result<std::vector<StoredRow>> rows = replica_.store().scan(question.range);
  if (!rows) co_return rows.error();
  WatchedRows::Answer answer;
  if (!rows->empty()) answer.next = rows->back().at.key + '\0';
  const TableSchema* schema = replica_.store().schema(question.range.table);
  for (StoredRow& row : *rows)
    if (schema != nullptr && show_row(**leave, *schema, row)) answer.rows.push_back(std::move(row));
  co_await node_.compute({settings_.ops_per_step * 10 * static_cast<double>(rows->size() + 1)});
  co_await node_.disk_done();
  if ((*leave)->serve && !answer.rows.empty()) {
    const AnswerSize size{encoded_size(answer.rows), answer.rows.size()};
    Task<Result<Done>> serving = (*leave)->serve(size);
    const Result<Done> served = co_await std::move(serving);
    if (!served) co_return served.error();
  }
  co_return std::move(answer);
}

}  // namespace evenkeel
