// CASPaxos (Rystsov, arXiv 1802.07000): a register that is replaced depending on what it was. Its
// ballots are the versions of the rows.
#include "models/storage/records.h"

namespace evenkeel {

// What a round of CASPaxos came to.
struct Records::Prepared {
  bool agreed = false;
  bool none_did = false;  // nobody accepted, so nothing has happened
  Version highest = {};   // of all that refused
  StoredRow row = {};
};

Task<Result<Records::Prepared>> Records::prepare(TableSchema table, RowKey key, Version ballot) {
  PrepareRow question{.table = table.name, .key = key, .ballot = ballot};
  Quorum quorum = placement_.write_quorum(key.partition);
  Task<Answers<PrepareRow::Answer>> asking =
      ask_replicas(table, std::move(quorum), std::move(question));
  const Answers<PrepareRow::Answer> answers = co_await std::move(asking);
  if (!answers.enough) co_return answers.failure("changing a row of '" + table.name + "'");
  Prepared prepared{.agreed = true, .row = {.at = key}};
  for (const auto& [replica, answer] : answers.good) {
    prepared.highest = std::max(prepared.highest, answer.highest);
    prepared.agreed &= answer.promised;
    if (prepared.row.version < answer.accepted.version && is_sound(table, answer.accepted))
      prepared.row = answer.accepted;
  }
  co_return prepared;
}

Task<Result<Records::Prepared>> Records::accept(TableSchema table, StoredRow row) {
  AcceptRow question{.table = table.name, .row = std::move(row)};
  Quorum quorum = placement_.write_quorum(question.row.at.partition);
  Task<Answers<AcceptRow::Answer>> asking =
      ask_replicas(table, std::move(quorum), std::move(question));
  const Answers<AcceptRow::Answer> answers = co_await std::move(asking);
  if (!answers.enough) co_return answers.failure("changing a row of '" + table.name + "'");
  Prepared prepared{.agreed = true};
  for (const auto& [replica, answer] : answers.good) {
    prepared.highest = std::max(prepared.highest, answer.highest);
    prepared.agreed &= answer.accepted;
  }
  co_return prepared;
}

namespace {

Error unsure(const TableSchema& table) {
  return {ErrorCode::no_quorum, "others changed a row of '" + table.name +
                                    "' at the same time; whether this change took place is not "
                                    "known: read it again"};
}

}  // namespace

// A proposal that some replicas may have accepted lives on until the next round shows what became
// of it: the row accepted last is ours, then it is carried through; it is older, then ours is dead
// once the next proposal stands; it is newer, then it may have been built on ours or not.
Task<Result<StoredRow>> Records::propose(TableSchema table, Row key, Next next, bool harmless) {
  if (table.kind != TableKind::cas)
    co_return Error{ErrorCode::invalid, "rows of '" + table.name + "' are put, not changed"};
  const Result<RowKey> at = checked_key(table, key);
  if (!at) co_return at.error();
  std::uint64_t counter = 0;
  std::vector<Version> doubtful;
  for (std::size_t attempt = 0; attempt < settings_.attempts; ++attempt) {
    if (attempt > 0) {
      const double spread = node_.random().uniform() * static_cast<double>(attempt);
      co_await node_.sleep(seconds(0.01 * spread));
    }
    const Version ballot = next_version(counter + 1);
    Task<Result<Prepared>> preparing = prepare(table, *at, ballot);
    const Result<Prepared> prepared = co_await std::move(preparing);
    if (!prepared) co_return prepared.error();
    counter = std::max(counter, prepared->highest.counter);
    if (!prepared->agreed) continue;
    const StoredRow& last = prepared->row;
    StoredRow row{.at = *at, .version = ballot, .values = last.values};
    if (std::ranges::find(doubtful, last.version) == doubtful.end()) {
      if (!harmless && !doubtful.empty() && doubtful.front() < last.version)
        co_return unsure(table);
      Result<std::optional<Row>> wanted = next(last.values);
      if (!wanted) co_return doubtful.empty() ? wanted.error() : unsure(table);
      if (*wanted && (!check_row(table, **wanted) || row_key(table, **wanted) != *at))
        co_return Error{ErrorCode::invalid, "the new row does not fit the key of the old one"};
      row.values = std::move(*wanted);
    }
    Task<Result<Prepared>> accepting = accept(table, row);
    const Result<Prepared> accepted = co_await std::move(accepting);
    if (!accepted) co_return accepted.error();
    if (accepted->agreed) co_return row;
    counter = std::max(counter, accepted->highest.counter);
    doubtful.push_back(ballot);
  }
  if (!doubtful.empty() && !harmless) co_return unsure(table);
  co_return Error{ErrorCode::conflict,
                  "others change a row of '" + table.name + "' all the time; try again later"};
}

Task<Result<std::optional<Row>>> Records::change(TableSchema table, Row key, Next next) {
  Task<Result<StoredRow>> proposing =
      propose(std::move(table), std::move(key), std::move(next), false);
  Result<StoredRow> row = co_await std::move(proposing);
  if (!row) co_return row.error();
  co_return std::move(row->values);
}

Task<Result<StoredRow>> Records::settle(TableSchema table, Row key) {
  const Next as_it_is = [](const std::optional<Row>& row) {
    return Result<std::optional<Row>>{row};
  };
  Task<Result<StoredRow>> proposing = propose(std::move(table), std::move(key), as_it_is, true);
  const auto settled = co_await std::move(proposing);
  co_return settled;
}

}  // namespace evenkeel
