#include "models/processing/batch_worker.h"

#include <sqlite3.h>
#include <xxhash.h>

#include <algorithm>
#include <set>

#include "models/runtime/signal.h"

namespace evenkeel {
namespace {

constexpr std::size_t slice = 2000;  // rows charged together

struct Sums {
  std::uint64_t rows = 0;
  std::vector<std::unique_ptr<Aggregate>> states;
};
using SumsByKey = std::map<std::string, Sums>;

std::uint32_t reducer_of(const std::string& key, std::uint32_t reducers) {
  return static_cast<std::uint32_t>(XXH3_64bits(key.data(), key.size()) % reducers);
}

void add_row(SumsByKey& sums, const AggregateSet& aggregates, const Row& key, const Row& values) {
  Sums& its = sums[text_of(encoded(key))];
  if (its.states.empty()) its.states = aggregates.start();
  ++its.rows;
  aggregates.add(its.states, values);
}

Result<Done> merge_group(SumsByKey& sums, const AggregateSet& aggregates,
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
                                         std::size_t limit) {
  if (!is_plain_name(input)) return Error{ErrorCode::invalid, "no name of a table"};
  if (!keeps_(part)) return Error{ErrorCode::not_found, "this node does not keep that partition"};
  return sql_result([&]() -> Result<std::vector<Row>> {
    std::vector<Row> rows;
    Statement row{
        database_,
        "SELECT * FROM \"rows_" + input + "\" WHERE _part = ? AND _dead = 0 ORDER BY _key",
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
                                          std::size_t limit) {
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
    : node_(node), rows_(rows), settings_(settings) {
  service.on(&BatchWorker::map, *this);
  service.on(&BatchWorker::groups, *this);
  service.on(&BatchWorker::reduce, *this);
  service.on(&BatchWorker::drop, *this);
  service.on(&BatchWorker::ship, *this);
}

Task<Result<std::uint64_t>> BatchWorker::map(NodeId, RunMap question) {
  const BatchSpec& spec = question.spec;
  if (spec.reducers == 0 || spec.reducers > settings_.most_reducers)
    co_return Error{ErrorCode::invalid, "a batch has 1 to 1000 reducers"};
  const Result<MakeMapper> mapper = make_chosen<MakeMapper>(mappers(), spec.mapper);
  if (!mapper) co_return mapper.error();
  const Result<AggregateSet> aggregates = AggregateSet::make(spec.reduce);
  if (!aggregates) co_return aggregates.error();
  const Result<std::vector<Row>> rows =
      rows_.read(spec.input, question.attempt.part, settings_.most_rows);
  if (!rows) co_return rows.error();
  SumsByKey sums;
  const Emit emit = [&](Row key, Row values) { add_row(sums, *aggregates, key, values); };
  const double ops = settings_.ops_per_read + (*mapper)->ops_per_row() + aggregates->ops_per_row();
  for (std::size_t next = 0; next < rows->size();) {
    const std::size_t end = std::min(next + slice, rows->size());
    co_await node_.compute(Work{ops * static_cast<double>(end - next)});
    for (; next < end; ++next) (*mapper)->map((*rows)[next], emit);
  }
  Mapped mapped{node_.now(), 0, {}};
  mapped.by_reducer.resize(spec.reducers);
  for (const auto& [key, its] : sums) {
    PartialGroup group{blob_of(key), its.rows, AggregateSet::save(its.states)};
    mapped.bytes += encoded_size(group);
    mapped.by_reducer[reducer_of(key, spec.reducers)].push_back(std::move(group));
  }
  const Result<Done> kept = keep(question.attempt, std::move(mapped));
  if (!kept) co_return kept.error();
  node_.probe().count("batch rows mapped", node_.id(), static_cast<double>(rows->size()));
  co_return std::uint64_t{rows->size()};
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
  co_return found->second.by_reducer[question.reducer];
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

Task<Result<FetchPart::Answer>> BatchWorker::ship(NodeId, FetchPart question) {
  constexpr std::uint32_t most_bytes = 4 << 20;
  const std::uint32_t room = std::min(question.most_bytes, most_bytes);
  const Result<std::vector<Row>> rows =
      rows_.read(question.input, question.part, settings_.most_rows);
  if (!rows) co_return rows.error();
  FetchPart::Answer answer;
  std::size_t bytes = 0;
  for (std::uint64_t i = question.from; i < rows->size() && answer.is_all; ++i) {
    bytes += encoded_size((*rows)[i]);
    answer.is_all = answer.rows.empty() || bytes <= room;
    if (answer.is_all) answer.rows.push_back((*rows)[i]);
  }
  co_await node_.compute(
      Work{settings_.ops_per_read * static_cast<double>(answer.rows.size() + 1)});
  co_return answer;
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
