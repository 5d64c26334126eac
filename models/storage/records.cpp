#include "models/storage/records.h"

#include <map>

#include "models/runtime/together.h"

namespace evenkeel {
namespace {

constexpr std::size_t rows_a_slice = 1000;

// The newest of what replicas answered, row by row.
std::vector<StoredRow> newest_of(const Answers<std::vector<StoredRow>>& answers) {
  std::map<RowKey, StoredRow> newest;
  for (const auto& [replica, rows] : answers.good)
    for (const StoredRow& row : rows) {
      const auto [found, fresh] = newest.try_emplace(row.at, row);
      if (!fresh && found->second.version < row.version) found->second = row;
    }
  std::vector<StoredRow> all;
  for (auto& [at, row] : newest) all.push_back(std::move(row));
  return all;
}

// Those that some replica which answered does not have.
std::vector<StoredRow> missing_somewhere(const std::vector<StoredRow>& newest,
                                         const Answers<std::vector<StoredRow>>& answers) {
  std::vector<StoredRow> missing;
  for (const StoredRow& row : newest) {
    if (row.version == Version{}) continue;
    const bool everywhere = std::ranges::all_of(answers.good, [&](const auto& answer) {
      return std::ranges::any_of(answer.second, [&](const StoredRow& its) {
        return its.at == row.at && its.version == row.version;
      });
    });
    if (!everywhere) missing.push_back(row);
  }
  return missing;
}

}  // namespace

Records::Records(Node& node, const Placement& placement, const RecordSettings& settings)
    : node_(node), placement_(placement), settings_(settings), hints_(node, settings.hints) {}

Version Records::next_version(std::uint64_t counter) {
  last_attempt_ =
      std::max<std::uint64_t>(last_attempt_ + 1, static_cast<std::uint64_t>(node_.now().count()));
  Version version{counter, index(node_.id()), last_attempt_};
  if (settings_.flaw == Flaw::reused_version) version.attempt = 1;
  if (trusts_clocks(settings_.flaw))
    version.counter = static_cast<std::uint64_t>(std::max(node_.wall_clock(), Time{1}).count());
  return version;
}

std::vector<NodeId> Records::substitutes(const Quorum& quorum) const {
  const std::vector<NodeId> replicas = quorum.everyone();
  std::vector<NodeId> others;
  for (const Member& member : placement_.newest().members)
    if (std::ranges::find(replicas, member.node) == replicas.end()) others.push_back(member.node);
  return others;
}

// All of them, and waits for all.
Task<Answers<Done>> Records::define_at(const std::vector<NodeId>& nodes, const TableSchema& table,
                                       Duration limit) {
  return ask_all<DefineTable>(node_, Port::records, nodes, DefineTable{table}, limit,
                              [](const Answers<Done>&) { return false; });
}

// Replicas that do not know the table are told it, and asked again.
template <Question Q>
Task<Answers<typename Q::Answer>> Records::ask_replicas(TableSchema table, Quorum quorum,
                                                        Q question) {
  const bool sloppy = is_sloppy(settings_.flaw);
  const Duration limit = sloppy ? settings_.timeout / 4 : settings_.timeout;
  const auto missed = [this, table, question](NodeId replica, const Error& error) {
    if constexpr (std::same_as<Q, WriteRows>) {
      if (error.code != ErrorCode::malformed) hints_.missed(replica, table, question.rows);
    }
  };
  std::function<void(NodeId, const Error&)> on_miss = missed;
  Answers<typename Q::Answer> answers;
  for (int round = 0; round < 2; ++round) {
    Task<Answers<typename Q::Answer>> asking =
        ask_quorum(node_, Port::records, quorum, question, limit, on_miss);
    answers = co_await std::move(asking);
    std::vector<NodeId> ignorant;
    for (const auto& [replica, error] : answers.bad)
      if (error.code == ErrorCode::not_found) ignorant.push_back(replica);
    if (answers.enough || ignorant.empty()) break;
    Task<Answers<Done>> defining = define_at(ignorant, table, settings_.timeout);
    const Answers<Done> defined = co_await std::move(defining);
    if (defined.good.empty()) break;
  }
  if (sloppy && !answers.enough) {
    const std::vector<NodeId> others = substitutes(quorum);
    const std::size_t needed = Quorum::majority(quorum.sets.front().size());
    const std::size_t had = answers.good.size();
    Task<Answers<Done>> defining = define_at(others, table, limit);
    const Answers<Done> defined = co_await std::move(defining);
    std::function<bool(const Answers<typename Q::Answer>&)> enough =
        [needed, had](const Answers<typename Q::Answer>& more) {
          return had + more.good.size() >= needed;
        };
    Task<Answers<typename Q::Answer>> asking =
        ask_all<Q>(node_, Port::records, others, question, limit, enough);
    Answers<typename Q::Answer> more = co_await std::move(asking);
    for (auto& one : more.good) answers.good.push_back(std::move(one));
    answers.enough = answers.good.size() >= needed;
  }
  co_return std::move(answers);
}

// For change.cpp.
template Task<Answers<PrepareRow::Answer>> Records::ask_replicas(TableSchema, Quorum, PrepareRow);
template Task<Answers<AcceptRow::Answer>> Records::ask_replicas(TableSchema, Quorum, AcceptRow);

Task<Result<Done>> Records::store(TableSchema table, Quorum quorum, std::vector<StoredRow> rows) {
  WriteRows write{.table = table.name, .rows = std::move(rows)};
  Task<Answers<Done>> asking = ask_replicas(table, quorum, std::move(write));
  const Answers<Done> answers = co_await std::move(asking);
  if (!answers.enough) co_return answers.failure("writing to '" + table.name + "'");
  co_return Done{};
}

Task<Result<std::vector<StoredRow>>> Records::stamp(TableSchema table,
                                                    std::vector<StoredRow> rows) {
  std::vector<Version> highest(rows.size());
  if (!trusts_clocks(settings_.flaw)) {
    ReadVersions read{.table = table.name};
    for (const StoredRow& row : rows) read.keys.push_back(row.at);
    Quorum readable = placement_.read_quorum(rows.front().at.partition);
    Task<Answers<std::vector<Version>>> asking =
        ask_replicas(table, std::move(readable), std::move(read));
    const Answers<std::vector<Version>> answers = co_await std::move(asking);
    if (!answers.enough) co_return answers.failure("writing to '" + table.name + "'");
    for (const auto& [replica, versions] : answers.good) {
      if (versions.size() != rows.size())
        co_return Error{ErrorCode::malformed, "a replica answered for other rows than asked"};
      for (std::size_t i = 0; i < rows.size(); ++i) highest[i] = std::max(highest[i], versions[i]);
    }
  }
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i].version = next_version(highest[i].counter + 1);
  co_return std::move(rows);
}

Task<Result<Done>> Records::stamp_and_store(TableSchema table, Quorum quorum,
                                            std::vector<StoredRow> rows) {
  Task<Result<std::vector<StoredRow>>> stamping = stamp(table, std::move(rows));
  Result<std::vector<StoredRow>> stamped = co_await std::move(stamping);
  if (!stamped) co_return stamped.error();
  Task<Result<Done>> storing = store(std::move(table), std::move(quorum), std::move(*stamped));
  const Result<Done> stored = co_await std::move(storing);
  co_return stored;
}

Task<Result<Version>> Records::write(TableSchema table, StoredRow row) {
  std::vector<StoredRow> rows = {std::move(row)};
  Task<Result<std::vector<StoredRow>>> stamping = stamp(table, std::move(rows));
  Result<std::vector<StoredRow>> stamped = co_await std::move(stamping);
  if (!stamped) co_return stamped.error();
  const Version version = stamped->front().version;
  Quorum quorum = placement_.write_quorum(stamped->front().at.partition);
  Task<Result<Done>> storing = store(std::move(table), std::move(quorum), std::move(*stamped));
  const Result<Done> stored = co_await std::move(storing);
  if (!stored) co_return stored.error();
  co_return version;
}

Task<Result<Version>> Records::put(TableSchema table, Row row) {
  if (const Result<Done> fits = check_row(table, row); !fits) co_return fits.error();
  StoredRow stored{.at = row_key(table, row)};
  stored.values = std::move(row);
  Task<Result<Version>> writing = write(std::move(table), std::move(stored));
  const auto writing_done = co_await std::move(writing);
  co_return writing_done;
}

Task<Result<Version>> Records::erase(TableSchema table, Row key) {
  const Result<RowKey> at = checked_key(table, key);
  if (!at) co_return at.error();
  StoredRow stored{.at = *at};
  Task<Result<Version>> writing = write(std::move(table), std::move(stored));
  const auto writing_done = co_await std::move(writing);
  co_return writing_done;
}

Task<Result<Done>> Records::put_all(TableSchema table, std::vector<Row> rows) {
  // By whom it is kept; of two rows with one key the later one.
  std::map<Partition, std::map<RowKey, StoredRow>> by_partition;
  for (Row& row : rows) {
    if (const Result<Done> fits = check_row(table, row); !fits) co_return fits.error();
    StoredRow stored{.at = row_key(table, row)};
    stored.values = std::move(row);
    const RowKey at = stored.at;
    by_partition[at.partition].insert_or_assign(at, std::move(stored));
  }
  std::map<std::vector<std::vector<NodeId>>, std::vector<StoredRow>> by_replicas;
  for (auto& [partition, its_rows] : by_partition) {
    std::vector<StoredRow>& group = by_replicas[placement_.write_quorum(partition).sets];
    for (auto& [at, row] : its_rows) group.push_back(std::move(row));
  }
  std::vector<Task<Result<Done>>> storing;
  for (auto& [sets, group] : by_replicas)
    for (std::size_t from = 0; from < group.size(); from += rows_a_slice) {
      const auto first = group.begin() + static_cast<std::ptrdiff_t>(from);
      const auto count = static_cast<std::ptrdiff_t>(std::min(rows_a_slice, group.size() - from));
      std::vector<StoredRow> slice(std::make_move_iterator(first),
                                   std::make_move_iterator(first + count));
      storing.push_back(stamp_and_store(table, Quorum{sets}, std::move(slice)));
    }
  Task<Result<Done>> all = all_of(node_, std::move(storing));
  const auto all_result = co_await std::move(all);
  co_return all_result;
}

Task<Result<StoredRow>> Records::get(TableSchema table, Row key) {
  const Result<RowKey> at = checked_key(table, key);
  if (!at) co_return at.error();
  Result<StoredRow> settled = Error{ErrorCode::conflict, "never asked"};
  for (std::size_t attempt = 0; attempt < settings_.attempts; ++attempt) {
    ReadRows read{.table = table.name, .keys = {*at}};
    Quorum readable = placement_.read_quorum(at->partition);
    Task<Answers<std::vector<StoredRow>>> asking =
        ask_replicas(table, std::move(readable), std::move(read));
    const Answers<std::vector<StoredRow>> answers = co_await std::move(asking);
    if (!answers.enough) co_return answers.failure("reading from '" + table.name + "'");
    const std::vector<StoredRow> newest = newest_of(answers);
    if (newest.size() != 1 || newest.front().at != *at)
      co_return Error{ErrorCode::malformed, "a replica answered for other rows than asked"};
    std::vector<StoredRow> missing = missing_somewhere(newest, answers);
    if (missing.empty() || settings_.flaw == Flaw::no_write_back) co_return newest.front();
    if (table.kind != TableKind::cas) {
      Task<Result<Done>> writing = write_back(std::move(table), std::move(missing));
      const Result<Done> written = co_await std::move(writing);
      if (!written) co_return written.error();
      co_return newest.front();
    }
    Task<Result<StoredRow>> settling = settle(table, key);
    const Result<StoredRow> now = co_await std::move(settling);
    settled = now;
    // Where others change it all the time, they may have come to an end meanwhile.
    if (settled || settled.error().code != ErrorCode::conflict) co_return settled;
  }
  co_return settled;
}

Task<Result<StoredRow>> Records::get_from(NodeId replica, TableSchema table, Row key) {
  const Result<RowKey> at = checked_key(table, key);
  if (!at) co_return at.error();
  const ReadRows read{.table = table.name, .keys = {*at}};
  Task<Result<std::vector<StoredRow>>> asking =
      ask(node_, replica, Port::records, read, settings_.timeout);
  Result<std::vector<StoredRow>> rows = co_await std::move(asking);
  // Who does not know the table has no row of it.
  if (!rows && rows.error().code == ErrorCode::not_found) co_return StoredRow{.at = *at};
  if (!rows) co_return rows.error();
  if (rows->size() != 1 || rows->front().at != *at)
    co_return Error{ErrorCode::malformed, "a replica answered for other rows than asked"};
  co_return std::move(rows->front());
}

Task<Result<std::vector<StoredRow>>> Records::scan(TableSchema table, Row placed_by,
                                                   KeyRange range) {
  if (placed_by.size() < table.placed_by)
    co_return Error{ErrorCode::invalid, "to find the rows of '" + table.name + "', " +
                                            std::to_string(table.placed_by) +
                                            " key values are needed"};
  const Partition partition = partition_of(table, placed_by);
  Task<Result<std::vector<StoredRow>>> scanning =
      scan(std::move(table), partition, std::move(range));
  const auto scanning_done = co_await std::move(scanning);
  co_return scanning_done;
}

Task<Result<std::vector<StoredRow>>> Records::scan(TableSchema table, Partition partition,
                                                   KeyRange range) {
  ScanRows question{.table = table.name,
                    .partition = partition,
                    .from = range.from,
                    .to = range.to,
                    .limit = range.limit};
  Quorum readable = placement_.read_quorum(partition);
  Task<Answers<std::vector<StoredRow>>> asking =
      ask_replicas(table, std::move(readable), std::move(question));
  const Answers<std::vector<StoredRow>> answers = co_await std::move(asking);
  if (!answers.enough) co_return answers.failure("reading from '" + table.name + "'");
  std::vector<StoredRow> newest = newest_of(answers);
  // An answer that was cut says nothing about what comes behind its last row.
  for (const auto& [replica, rows] : answers.good)
    if (!rows.empty() && rows.size() < newest.size()) {
      const bool may_be_cut = rows.size() >= range.limit || rows.size() >= most_rows_a_message ||
                              encoded_size(rows) >= most_bytes_a_message;
      if (may_be_cut)
        std::erase_if(newest,
                      [&](const StoredRow& row) { return rows.back().at.key < row.at.key; });
    }
  if (newest.size() > range.limit) newest.resize(range.limit);
  std::vector<StoredRow> missing = missing_somewhere(newest, answers);
  if (!missing.empty() && table.kind == TableKind::cas) {
    for (StoredRow& row : newest) {
      if (std::ranges::find(missing, row) == missing.end()) continue;
      const std::optional<Row> key = decode_key(table, row.at.key);
      if (!key) continue;
      Task<Result<StoredRow>> settling = settle(table, *key);
      const Result<StoredRow> settled = co_await std::move(settling);
      if (!settled) co_return settled.error();
      row = *settled;
    }
  } else if (!missing.empty() && settings_.flaw != Flaw::no_write_back) {
    Task<Result<Done>> writing = write_back(table, std::move(missing));
    const Result<Done> written = co_await std::move(writing);
    if (!written) co_return written.error();
  }
  co_return std::move(newest);
}

Task<Result<Done>> Records::write_back(TableSchema table, std::vector<StoredRow> rows) {
  std::map<std::vector<std::vector<NodeId>>, std::vector<StoredRow>> by_replicas;
  for (StoredRow& row : rows)
    by_replicas[placement_.write_quorum(row.at.partition).sets].push_back(std::move(row));
  for (auto& [sets, group] : by_replicas) {
    Quorum quorum{sets};
    Task<Result<Done>> storing = store(table, std::move(quorum), std::move(group));
    const Result<Done> stored = co_await std::move(storing);
    if (!stored) co_return stored;
  }
  co_return Done{};
}

}  // namespace evenkeel
