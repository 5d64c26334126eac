#include "models/access/access.h"

#include <algorithm>

#include "models/access/query_run.h"
#include "models/access/sql_parser.h"

namespace evenkeel {

Access::Access(Node& node, Records& records, const Placement& placement,
               const AccessSettings& settings)
    : node_(node),
      records_(records),
      placement_(placement),
      settings_(settings),
      cache_(settings.cached_rows),
      service_(node, Port::watches) {
  if (settings.policy) {
    chooser_ = std::make_unique<PolicyChooser>(node, settings.policy);
  } else {
    chooser_ = std::make_unique<NearerOfTwo>(node);
  }
  // Watches of another incarnation are not meant.
  last_watch_ = (std::uint64_t{node.incarnation()} << 32) + 1;
  service_.on(&Access::rows_changed, *this);
}

Access::~Access() = default;

std::vector<NodeId> Access::readers(Partition partition) const {
  const std::vector<NodeId>& replicas = placement_.readable().replicas[partition];
  std::vector<NodeId> alive;
  for (const NodeId replica : replicas)
    if (placement_.is_alive(replica)) alive.push_back(replica);
  return alive.empty() ? replicas : alive;
}

Task<Result<Done>> Access::define(TableSchema table) {
  if (const Result<Done> fits = check_schema(table); !fits) co_return fits;
  std::vector<NodeId> members;
  for (const Member& member : placement_.newest().members) members.push_back(member.node);
  const DefineTable question{table};
  std::function<bool(const Answers<Done>&)> all = [](const Answers<Done>&) { return false; };
  Task<Answers<Done>> asking = ask_all<DefineTable>(node_, Port::records, members, question,
                                                    settings_.timeout, std::move(all));
  const Answers<Done> answers = co_await std::move(asking);
  for (const auto& [node, error] : answers.bad)
    if (error.code == ErrorCode::conflict || error.code == ErrorCode::invalid) co_return error;
  if (answers.good.empty()) co_return answers.failure("defining '" + table.name + "'");
  tables_[table.name] = std::move(table);
  co_return Done{};
}

Task<Result<Done>> Access::learn_tables() {
  std::vector<NodeId> members;
  for (const Member& member : placement_.newest().members) members.push_back(member.node);
  const ListTables question;
  const std::size_t enough = Quorum::majority(members.size());
  std::function<bool(const Answers<ListTables::Answer>&)> most =
      [enough](const Answers<ListTables::Answer>& answers) {
        return answers.good.size() >= enough;
      };
  Task<Answers<ListTables::Answer>> asking = ask_all<ListTables>(
      node_, Port::records, members, question, settings_.timeout, std::move(most));
  const Answers<ListTables::Answer> answers = co_await std::move(asking);
  for (const auto& [node, tables] : answers.good)
    for (const TableSchema& table : tables)
      if (check_schema(table)) tables_.try_emplace(table.name, table);
  if (answers.good.empty()) co_return answers.failure("looking for tables");
  co_return Done{};
}

Task<Result<TableSchema>> Access::table(std::string name) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (const auto found = tables_.find(name); found != tables_.end()) co_return found->second;
    if (attempt > 0) break;
    Task<Result<Done>> learning = learn_tables();
    const Result<Done> learned = co_await std::move(learning);
    if (!learned) co_return learned.error();
  }
  std::string known;
  for (const auto& [its, schema] : tables_) known += (known.empty() ? "'" : ", '") + its + "'";
  co_return Error{ErrorCode::not_found, "no table '" + name + "'" +
                                            (known.empty() ? "" : "; there are " + known) +
                                            "; define it first"};
}

Task<Result<Version>> Access::put(std::string name, Row row,
                                  std::shared_ptr<AccessSession> session) {
  Task<Result<TableSchema>> looking = table(name);
  const Result<TableSchema> schema = co_await std::move(looking);
  if (!schema) co_return schema.error();
  if (const Result<Done> fits = check_row(*schema, row); !fits) co_return fits.error();
  const RowKey at = row_key(*schema, row);
  Task<Result<Version>> writing = records_.put(*schema, std::move(row));
  const Result<Version> written = co_await std::move(writing);
  // Even if it failed: it may have been written.
  const Version newest = written ? *written : Version{.counter = ~std::uint64_t{0}};
  cache_.changed(name, at, newest);
  if (written && session) session->remember(name, at, *written);
  co_return written;
}

Task<Result<Done>> Access::put_all(std::string name, std::vector<Row> rows,
                                   std::shared_ptr<AccessSession> session) {
  Task<Result<TableSchema>> looking = table(name);
  const Result<TableSchema> schema = co_await std::move(looking);
  if (!schema) co_return schema.error();
  std::vector<RowKey> keys;
  for (const Row& row : rows) {
    if (const Result<Done> fits = check_row(*schema, row); !fits) co_return fits;
    keys.push_back(row_key(*schema, row));
  }
  Task<Result<Done>> writing = records_.put_all(*schema, std::move(rows));
  const Result<Done> written = co_await std::move(writing);
  for (const RowKey& at : keys) {
    cache_.changed(name, at, {.counter = ~std::uint64_t{0}});
    if (session) session->remember_partition(name, at.partition);
  }
  co_return written;
}

Task<Result<Version>> Access::erase(std::string name, Row key,
                                    std::shared_ptr<AccessSession> session) {
  Task<Result<TableSchema>> looking = table(name);
  const Result<TableSchema> schema = co_await std::move(looking);
  if (!schema) co_return schema.error();
  const Result<RowKey> at = checked_key(*schema, key);
  if (!at) co_return at.error();
  Task<Result<Version>> writing = records_.erase(*schema, std::move(key));
  const Result<Version> written = co_await std::move(writing);
  const Version newest = written ? *written : Version{.counter = ~std::uint64_t{0}};
  cache_.changed(name, *at, newest);
  if (written && session) session->remember(name, *at, *written);
  co_return written;
}

const RowCache::Entry* Access::cached(const std::string& name, const RowKey& at,
                                      const ReadOptions& options) {
  if (options.level == ReadLevel::strong || options.token) return nullptr;
  const RowCache::Entry* entry = cache_.get(name, at, node_.now());
  if (entry == nullptr) return nullptr;
  if (options.level == ReadLevel::bounded && entry->as_of < node_.now() - options.staleness)
    return nullptr;
  if (options.level == ReadLevel::read_your_writes && options.session &&
      (options.session->needs_quorum(name, at.partition) ||
       entry->row.version < options.session->version_of(name, at)))
    return nullptr;
  return entry;
}

// From the nearest replica that is fit. Not fit in the end: a quorum must be asked.
Task<Result<NearRows>> Access::read_near(TableSchema schema, ScanRows range, ReadOptions options,
                                         bool tell_changes) {
  const Partition partition = range.partition;
  const bool session = options.level == ReadLevel::read_your_writes && options.session;
  if (session && options.session->needs_quorum(schema.name, partition)) co_return NearRows{};
  ReadNear question{.range = std::move(range)};
  question.tell_changes = tell_changes && settings_.cached_rows > 0;
  if (options.level == ReadLevel::bounded) question.max_age = options.staleness;
  if (session) {
    const Partition wanted[] = {partition};
    question.needs = options.session->needs(schema.name, wanted);
    if (tell_changes)
      std::erase_if(question.needs,
                    [&](const NeededRow& needed) { return needed.at.key != question.range.from; });
  }
  std::vector<NodeId> left = readers(partition);
  while (!left.empty()) {
    const NodeId replica = chooser_->choose(left, node_.now());
    std::erase(left, replica);
    const Time since = node_.now();
    chooser_->sent(replica, since);
    if (options.token) question.token = options.token(replica);
    Task<Result<NearRows>> asking = ask(node_, replica, Port::queries, question, settings_.timeout);
    Result<NearRows> answer = co_await std::move(asking);
    chooser_->finished(replica, answer.has_value(), node_.now() - since, node_.now());
    if (!answer && answer.error().code == ErrorCode::denied) co_return answer.error();
    if (!answer || !answer->fit) continue;
    const bool sound = std::ranges::all_of(answer->rows, [&](const StoredRow& row) {
      return row.at.partition == partition && is_sound(schema, row);
    });
    if (sound) co_return std::move(*answer);
  }
  co_return NearRows{};
}

Task<Result<StoredRow>> Access::get(std::string name, Row key, ReadOptions options) {
  Task<Result<TableSchema>> looking = table(name);
  const Result<TableSchema> schema = co_await std::move(looking);
  if (!schema) co_return schema.error();
  const Result<RowKey> at = checked_key(*schema, key);
  if (!at) co_return at.error();
  if (const RowCache::Entry* entry = cached(name, *at, options)) co_return entry->row;
  const Time since = node_.now();
  if (options.level != ReadLevel::strong) {
    ScanRows range{.table = name,
                   .partition = at->partition,
                   .from = at->key,
                   .to = at->key + '\0',
                   .limit = 1};
    Task<Result<NearRows>> reading = read_near(*schema, std::move(range), options, true);
    const Result<NearRows> near = co_await std::move(reading);
    if (!near) co_return near.error();
    if (near->fit && near->rows.size() <= 1) {
      StoredRow row = near->rows.empty() ? StoredRow{.at = *at} : near->rows.front();
      if (options.session) options.session->remember(name, *at, row.version);
      if (near->lease > Duration{} && row.at == *at)
        cache_.put(name,
                   {row, near->age >= since ? Time{} : since - near->age, since + near->lease});
      co_return std::move(row);
    }
  }
  Task<Result<StoredRow>> reading = records_.get(*schema, std::move(key));
  Result<StoredRow> row = co_await std::move(reading);
  if (row && options.session) options.session->remember(name, *at, row->version);
  co_return std::move(row);
}

Task<Result<std::vector<StoredRow>>> Access::scan(std::string name, Row placed_by, KeyRange range,
                                                  ReadOptions options) {
  Task<Result<TableSchema>> looking = table(name);
  const Result<TableSchema> schema = co_await std::move(looking);
  if (!schema) co_return schema.error();
  if (options.level == ReadLevel::strong || placed_by.size() < schema->placed_by) {
    Task<Result<std::vector<StoredRow>>> reading =
        records_.scan(*schema, std::move(placed_by), std::move(range));
    co_return co_await std::move(reading);
  }
  ScanRows near_range{.table = name,
                      .partition = partition_of(*schema, placed_by),
                      .from = range.from,
                      .to = range.to,
                      .limit = range.limit};
  Task<Result<NearRows>> reading = read_near(*schema, std::move(near_range), options, false);
  Result<NearRows> near = co_await std::move(reading);
  if (!near) co_return near.error();
  if (near->fit) co_return std::move(near->rows);
  Task<Result<std::vector<StoredRow>>> strong =
      records_.scan(*schema, std::move(placed_by), std::move(range));
  co_return co_await std::move(strong);
}

Task<Result<QueryPlan>> Access::plan(std::string sql, std::vector<Value> parameters) {
  Result<Query> parsed = parse_sql(sql);
  if (!parsed) co_return parsed.error();
  const FindTable find = [this](std::string_view name) -> const TableSchema* {
    const auto found = tables_.find(name);
    return found == tables_.end() ? nullptr : &found->second;
  };
  const bool all_known = std::ranges::all_of(
      parsed->from, [&](const FromTable& from) { return find(from.name) != nullptr; });
  if (!all_known) {
    Task<Result<Done>> learning = learn_tables();
    const Result<Done> learned = co_await std::move(learning);
    if (!learned) co_return learned.error();
  }
  std::vector<std::string> names;
  for (const auto& [name, schema] : tables_) names.push_back(name);
  Result<CheckedQuery> checked =
      check_query(std::move(*parsed), find, std::move(names), std::move(parameters));
  if (!checked) co_return checked.error();
  co_return QueryPlan{std::move(*checked)};
}

Task<Result<QueryResult>> Access::query(std::string sql, std::vector<Value> parameters,
                                        ReadOptions options) {
  Task<Result<QueryPlan>> planning = plan(sql, std::move(parameters));
  Result<QueryPlan> planned = co_await std::move(planning);
  if (!planned) co_return planned.error();
  const bool explains = planned->checked().query.explain;
  const auto run = std::make_shared<QueryRun>(*this, std::move(*planned), std::move(sql), options);
  if (!explains) {
    Task<Result<QueryResult>> running = QueryRun::run(run);
    co_return co_await std::move(running);
  }
  Task<Result<std::string>> describing = QueryRun::describe(run);
  const Result<std::string> text = co_await std::move(describing);
  if (!text) co_return text.error();
  QueryResult result{.columns = {"plan"}, .cost = run->cost()};
  for (std::size_t from = 0; from < text->size();) {
    const std::size_t end = text->find('\n', from);
    result.rows.push_back({text->substr(from, end - from)});
    from = end + 1;
  }
  co_return std::move(result);
}

Task<Result<std::string>> Access::explain(std::string sql, std::vector<Value> parameters,
                                          ReadOptions options, bool also_run) {
  Task<Result<QueryPlan>> planning = plan(sql, std::move(parameters));
  Result<QueryPlan> planned = co_await std::move(planning);
  if (!planned) co_return planned.error();
  const auto run = std::make_shared<QueryRun>(*this, *planned, sql, options);
  Task<Result<std::string>> describing = QueryRun::describe(run);
  Result<std::string> text = co_await std::move(describing);
  if (!text || !also_run) co_return std::move(text);
  const auto real = std::make_shared<QueryRun>(*this, std::move(*planned), std::move(sql), options);
  Task<Result<QueryResult>> running = QueryRun::run(real);
  const Result<QueryResult> result = co_await std::move(running);
  if (!result) co_return result.error();
  const QueryCost& cost = result->cost;
  *text += "it took " + std::to_string(cost.bytes) + " bytes, " + std::to_string(cost.nodes) +
           " nodes, " + std::to_string(cost.rounds) + " rounds; " +
           std::to_string(cost.rows_scanned) + " rows were looked at in " +
           std::to_string(cost.steps) + " steps, and " + std::to_string(cost.gathered) +
           " partitions read by quorum\n";
  co_return std::move(text);
}

Task<Result<std::shared_ptr<RowWatch>>> Access::watch(std::string name, Row prefix,
                                                      RowWatch::Shows shows) {
  Task<Result<TableSchema>> looking = table(name);
  const Result<TableSchema> schema = co_await std::move(looking);
  if (!schema) co_return schema.error();
  if (prefix.size() > schema->key_columns)
    co_return Error{ErrorCode::invalid, "a key of '" + name + "' has only " +
                                            std::to_string(schema->key_columns) + " columns"};
  std::vector<Partition> of;
  if (prefix.size() >= schema->placed_by) {
    of.push_back(partition_of(*schema, prefix));
  } else {
    for (std::size_t i = 0; i < partitions; ++i) of.push_back(static_cast<Partition>(i));
  }
  std::erase_if(watches_, [](const auto& one) { return one.second.expired(); });
  const std::uint64_t number = ++last_watch_;
  auto watch = std::make_shared<RowWatch>(*this, number, *schema, encode_key(*schema, prefix),
                                          std::move(of), std::move(shows));
  watches_[number] = watch;
  node_.spawn(RowWatch::run(watch));
  co_return watch;
}

Task<Result<Done>> Access::rows_changed(NodeId, RowsChanged change) {
  if (change.watch == 0) {
    for (const StoredRow& row : change.rows) cache_.changed(change.table, row.at, row.version);
    co_return Done{};
  }
  const auto found = watches_.find(change.watch);
  const std::shared_ptr<RowWatch> watch = found == watches_.end() ? nullptr : found->second.lock();
  if (!watch || watch->stopped_ || watch->table_.name != change.table)
    co_return Error{ErrorCode::not_found, "no such watch any more"};
  const bool sound = std::ranges::all_of(
      change.rows, [&](const StoredRow& row) { return is_sound(watch->table_, row); });
  if (!sound) co_return Error{ErrorCode::malformed, "rows that do not fit the table"};
  watch->heard(change.rows);
  co_return Done{};
}

}  // namespace evenkeel
