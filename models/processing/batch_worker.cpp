#include "models/processing/batch_worker.h"

#include <sqlite3.h>
#include <xxhash.h>

#include <algorithm>
#include <set>

#include "models/processing/batch_rules.h"
#include "models/runtime/signal.h"

namespace evenkeel {
namespace {

constexpr std::size_t slice = 2000;  // rows charged together

std::uint32_t reducer_of(const std::string& key, std::uint32_t reducers) {
  return static_cast<std::uint32_t>(XXH3_64bits(key.data(), key.size()) % reducers);
}

Value value_of(const Statement& row, int column) {
  Value value;
  switch (row.type(column)) {
    case SQLITE_INTEGER:
      value.emplace<std::int64_t>(row.integer(column));
      break;
    case SQLITE_FLOAT:
      value.emplace<double>(row.real(column));
      break;
    case SQLITE_TEXT:
      value.emplace<std::string>(row.text(column));
      break;
    case SQLITE_BLOB:
      value.emplace<Blob>(row.blob(column));
      break;
    default:
      break;
  }
  return value;
}

bool is_plain_name(const std::string& name) {
  return !name.empty() && name.size() <= 100 && std::ranges::all_of(name, [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '_';
  });
}

Error too_many_rows() {
  return {ErrorCode::full, "a part has more rows than a map may read at once"};
}

}  // namespace

Result<std::vector<Row>> TableRows::read(const std::string& input, std::uint32_t part,
                                         std::size_t limit, const std::string& filter) {
  if (!is_plain_name(input)) return Error{ErrorCode::invalid, "no name of a table"};
  if (!keeps_(part)) return Error{ErrorCode::not_found, "this node does not keep that partition"};
  return sql_result([&]() -> Result<std::vector<Row>> {
    std::vector<Row> rows;
    Statement row{database_,
                  "SELECT * FROM \"rows_" + input + "\" WHERE _part = ? AND _dead = 0" +
                      (filter.empty() ? "" : " AND (" + filter + ")") + " ORDER BY _key",
                  Statement::Use::once};
    std::vector<int> columns;
    for (int i = 0; i < row.columns(); ++i)
      if (!row.name(i).starts_with('_')) columns.push_back(i);
    for (row.start(std::int64_t{part}); row.step();) {
      if (rows.size() >= limit) return too_many_rows();
      Row& values = rows.emplace_back();
      for (const int column : columns) values.push_back(value_of(row, column));
    }
    return rows;
  });
}

Result<std::vector<Row>> ChunkLines::read(const std::string& input, std::uint32_t part,
                                          std::size_t limit, const std::string&) {
  const Result<Blob> chunk = chunk_(input, part);
  if (!chunk) return chunk.error();
  const std::string text = text_of(*chunk);
  std::vector<Row> rows;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    if (rows.size() >= limit) return too_many_rows();
    rows.emplace_back().emplace_back(text.substr(start, end - start));
    start = end + 1;
  }
  return rows;
}

BatchWorker::BatchWorker(Node& node, StoredRows& rows, Service& service,
                         const BatchWorkerSettings& settings)
    : node_(node), rows_(rows), settings_(settings), leaves_(node) {
  service.on(&BatchWorker::map, *this);
  service.on(&BatchWorker::groups, *this);
  service.on(&BatchWorker::reduce, *this);
  service.on(&BatchWorker::drop, *this);
  service.on(&BatchWorker::ship, *this);
}

struct BatchWorker::Sums {
  std::uint64_t rows = 0;
  std::uint64_t whole_rows = 0;  // different ones, with a value for every aggregate
  std::uint64_t last_row = 0;    // its number, from 1
  std::vector<std::unique_ptr<Aggregate>> states = {};
};

void BatchWorker::add_row(SumsByKey& sums, const AggregateSet& aggregates, std::uint64_t number,
                          const Row& key, const Row& values) {
  Sums& its = sums[text_of(encoded(key))];
  if (its.states.empty()) its.states = aggregates.start();
  ++its.rows;
  const bool is_whole = aggregates.add(its.states, values) == aggregates.size();
  if (is_whole && std::exchange(its.last_row, number) != number) ++its.whole_rows;
}

Result<Done> BatchWorker::merge_group(SumsByKey& sums, const AggregateSet& aggregates,
                                      const PartialGroup& group) {
  auto states = aggregates.restore(group.states);
  if (!states) return states.error();
  Sums& its = sums[text_of(group.key)];
  its.rows += group.rows;
  if (its.states.empty()) {
    its.states = std::move(*states);
    return Done{};
  }
  for (std::size_t i = 0; i < its.states.size(); ++i) its.states[i]->merge(*(*states)[i]);
  return Done{};
}

// Null: the input is no table, so there is nothing to guard.
Task<Result<StandingLeaves::Leave>> BatchWorker::leave_for(NodeId from, AccessKind kind, Blob token,
                                                           std::string input, std::string part) {
  if (rows_.is_own(input) && from != node_.id())
    co_return Error{ErrorCode::not_found, "rows that were brought here are for this node"};
  const TableSchema* table = rows_.table_of(input);
  if (table == nullptr) co_return StandingLeaves::Leave{};
  AccessRequest request{.asker = from,
                        .table = *table,
                        .token = std::move(token),
                        .kind = kind,
                        .part = std::move(part)};
  Task<Result<StandingLeaves::Leave>> asking = leaves_.leave(std::move(request));
  Result<StandingLeaves::Leave> leave = co_await std::move(asking);
  co_return std::move(leave);
}

// To be sent at the instant when this has returned.
Task<Result<Done>> BatchWorker::tell(StandingLeaves::Leave leave, std::string table,
                                     AnswerSize size) {
  if (leave && leave->serve) {
    Task<Result<Done>> serving = leave->serve(size);
    const Result<Done> served = co_await std::move(serving);
    if (!served) co_return served.error();
  }
  if (on_tell_ && !table.empty()) on_tell_(table, size.bytes);
  co_return Done{};
}

Task<Result<std::uint64_t>> BatchWorker::map(NodeId from, RunMap question) {
  const BatchSpec& spec = question.spec;
  if (spec.reducers == 0 || spec.reducers > settings_.most_reducers)
    co_return Error{ErrorCode::invalid, "a batch has 1 to 1000 reducers"};
  const Result<MakeMapper> mapper = make_chosen<MakeMapper>(mappers(), spec.mapper);
  if (!mapper) co_return mapper.error();
  const Result<AggregateSet> aggregates = AggregateSet::make(spec.reduce);
  if (!aggregates) co_return aggregates.error();
  Task<Result<StandingLeaves::Leave>> asking = leave_for(
      from, batch_kind(*aggregates), std::move(question.token), spec.input, batch_part(spec));
  const Result<StandingLeaves::Leave> leave = co_await std::move(asking);
  if (!leave) co_return leave.error();
  const TableSchema* table = rows_.table_of(spec.input);
  const std::string table_name = table != nullptr ? table->name : std::string{};
  const Restriction restriction = *leave ? (*leave)->restriction : Restriction{};
  if (table != nullptr) {
    const Result<Done> fits = check_batch(restriction, spec, **mapper, *aggregates, *table);
    if (!fits) co_return fits.error();
  }
  const Result<std::vector<Row>> rows =
      rows_.read(spec.input, question.attempt.part, settings_.most_rows, restriction.row_filter);
  if (!rows) co_return rows.error();
  SumsByKey sums;
  std::uint64_t number = 0;
  const Emit emit = [&](Row key, Row values) { add_row(sums, *aggregates, number, key, values); };
  const double ops = settings_.ops_per_read + (*mapper)->ops_per_row() + aggregates->ops_per_row();
  for (std::size_t next = 0; next < rows->size();) {
    const std::size_t end = std::min(next + slice, rows->size());
    co_await node_.compute(Work{ops * static_cast<double>(end - next)});
    while (next < end) {
      number = next + 1;
      (*mapper)->map((*rows)[next++], emit);
    }
  }
  Mapped mapped{.at = node_.now(), .table = table_name, .leave = *leave};
  mapped.by_reducer.resize(spec.reducers);
  const bool hides_groups = least_rows(restriction) > 1;
  std::uint64_t rows_told = hides_groups ? 0 : rows->size();
  for (const auto& [key, its] : sums) {
    if (hides_groups && its.whole_rows < least_rows(restriction)) continue;
    if (hides_groups) rows_told += its.whole_rows;
    PartialGroup group{blob_of(key), its.rows, AggregateSet::save(its.states)};
    mapped.bytes += encoded_size(group);
    mapped.by_reducer[reducer_of(key, spec.reducers)].push_back(std::move(group));
  }
  const Result<Done> kept = keep(question.attempt, std::move(mapped));
  if (!kept) co_return kept.error();
  node_.probe().count("batch rows mapped", node_.id(), static_cast<double>(rows->size()));
  co_return rows_told;
}

Result<Done> BatchWorker::keep(const MapAttempt& attempt, Mapped mapped) {
  drop_old();
  if (kept_bytes_ + mapped.bytes > settings_.most_bytes)
    return Error{ErrorCode::overloaded, "this node keeps too much for reducers; try another one"};
  const auto [place, is_new] = mapped_.try_emplace(attempt);
  kept_bytes_ += mapped.bytes - place->second.bytes;
  place->second = std::move(mapped);
  return Done{};
}

void BatchWorker::drop_old() {
  std::erase_if(mapped_, [this](const auto& one) {
    const bool is_old = node_.now() - one.second.at > settings_.keep_for;
    if (is_old) kept_bytes_ -= one.second.bytes;
    return is_old;
  });
}

Task<Result<std::vector<PartialGroup>>> BatchWorker::groups(NodeId, FetchGroups question) {
  const auto found = mapped_.find(question.attempt);
  if (found == mapped_.end() || question.reducer >= found->second.by_reducer.size())
    co_return Error{ErrorCode::not_found, "what was mapped is not here any more: map it again"};
  std::vector<PartialGroup> groups = found->second.by_reducer[question.reducer];
  AnswerSize size{.bytes = encoded_size(groups)};
  for (const PartialGroup& group : groups) size.rows += group.rows;
  Task<Result<Done>> telling = tell(found->second.leave, found->second.table, size);
  const Result<Done> told = co_await std::move(telling);
  if (!told) co_return told.error();
  co_return std::move(groups);
}

// What a reducer gets of each part, some parts at a time.
struct BatchWorker::Fetching {
  Fetching(World& world, const RunReduce& its_question)
      : question(its_question),
        answers(its_question.parts.size(), Error{ErrorCode::timeout, "not asked yet"}),
        is_over(world) {}
  const RunReduce& question;
  std::vector<Result<std::vector<PartialGroup>>> answers;
  std::size_t next = 0;
  std::size_t runners = 0;
  Signal is_over;
  TaskList running;  // last: its tasks use the rest
};

Task<> BatchWorker::fetch_some(Fetching& fetching) {
  while (fetching.next < fetching.answers.size()) {
    const std::size_t i = fetching.next++;
    const MappedPart& part = fetching.question.parts[i];
    const FetchGroups wanted{part.attempt, fetching.question.reducer};
    Task<Result<std::vector<PartialGroup>>> asked =
        ask(node_, part.node, Port::jobs, wanted, settings_.fetch_timeout);
    Result<std::vector<PartialGroup>> groups = co_await std::move(asked);
    fetching.answers[i] = std::move(groups);
  }
  if (--fetching.runners == 0) fetching.is_over.raise();
}

Task<Result<RunReduce::Answer>> BatchWorker::reduce(NodeId, RunReduce question) {
  const Result<AggregateSet> aggregates = AggregateSet::make(question.spec.reduce);
  if (!aggregates) co_return aggregates.error();
  RunReduce::Answer answer;
  std::set<std::uint32_t> parts;
  SumsByKey sums;
  for (const MappedPart& part : question.parts)
    if (!parts.insert(part.attempt.part).second)
      co_return Error{ErrorCode::invalid, "a part twice: it would count twice"};
  Fetching fetching{node_.world(), question};
  fetching.runners = std::min(settings_.fetches_at_once, question.parts.size());
  for (std::size_t left = fetching.runners; left > 0; --left)
    fetching.running.spawn(fetch_some(fetching));
  if (fetching.runners > 0) {
    const Signal::Wait wait = fetching.is_over.wait_until(never);
    co_await wait;
  }
  for (std::size_t i = 0; i < question.parts.size(); ++i) {
    const MappedPart& part = question.parts[i];
    const Result<std::vector<PartialGroup>>& groups = fetching.answers[i];
    if (!groups) {
      answer.missing.push_back(part.attempt.part);
      continue;
    }
    if (part.node != node_.id()) answer.fetched_bytes += encoded_size(*groups);
    co_await node_.compute(Work{aggregates->ops_to_merge() * static_cast<double>(groups->size())});
    for (const PartialGroup& group : *groups) {
      const Result<Done> merged = merge_group(sums, *aggregates, group);
      if (!merged) co_return merged.error();
    }
  }
  if (!answer.missing.empty()) co_return answer;
  for (const auto& [key, its] : sums) {
    std::optional<Row> values = decoded<Row>(bytes_of(key));
    if (!values) co_return Error{ErrorCode::malformed, "a mapped key makes no sense"};
    answer.groups.push_back({std::move(*values), its.rows, AggregateSet::result(its.states)});
  }
  co_return answer;
}

Task<Result<FetchPart::Answer>> BatchWorker::ship(NodeId from, FetchPart question) {
  constexpr std::uint32_t most_bytes = 4 << 20;
  const std::uint32_t room = std::min(question.most_bytes, most_bytes);
  Task<Result<StandingLeaves::Leave>> asking =
      leave_for(from, AccessKind::batch_rows, std::move(question.token), question.input,
                std::string{brought_part});
  const Result<StandingLeaves::Leave> leave = co_await std::move(asking);
  if (!leave) co_return leave.error();
  const Restriction restriction = *leave ? (*leave)->restriction : Restriction{};
  Result<std::vector<Row>> rows =
      rows_.read(question.input, question.part, settings_.most_rows, restriction.row_filter);
  if (!rows) co_return rows.error();
  const TableSchema* table = rows_.table_of(question.input);
  const std::string table_name = table != nullptr ? table->name : std::string{};
  if (table != nullptr) {
    const Result<Done> fits = restrict_rows(restriction, *table, *rows);
    if (!fits) co_return fits.error();
  }
  FetchPart::Answer answer;
  std::size_t bytes = 0;
  for (std::uint64_t i = question.from; i < rows->size() && answer.is_all; ++i) {
    bytes += encoded_size((*rows)[i]);
    answer.is_all = answer.rows.empty() || bytes <= room;
    if (answer.is_all) answer.rows.push_back((*rows)[i]);
  }
  co_await node_.compute(
      Work{settings_.ops_per_read * static_cast<double>(answer.rows.size() + 1)});
  const AnswerSize size{encoded_size(answer.rows), answer.rows.size()};
  Task<Result<Done>> telling = tell(*leave, table_name, size);
  const Result<Done> told = co_await std::move(telling);
  if (!told) co_return told.error();
  co_return std::move(answer);
}

Task<Result<Done>> BatchWorker::drop(NodeId, DropRun question) {
  std::erase_if(mapped_, [&](const auto& one) {
    if (one.first.run != question.run) return false;
    kept_bytes_ -= one.second.bytes;
    return true;
  });
  co_return Done{};
}

}  // namespace evenkeel
