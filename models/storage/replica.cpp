#include "models/storage/replica.h"

#include <algorithm>

namespace evenkeel {
Replica::Replica(Node& node, RowStore& store, const Placement& placement,
                 const ReplicaSettings& settings)
    : node_(node),
      store_(store),
      placement_(placement),
      settings_(settings),
      commits_(node, store),
      recovering_(store.is_incomplete()),
      service_(node, Port::records) {
  service_.on(&Replica::read_rows, *this);
  service_.on(&Replica::read_versions, *this);
  service_.on(&Replica::write_rows, *this);
  service_.on(&Replica::define_table, *this);
  service_.on(&Replica::scan_rows, *this);
  service_.on(&Replica::prepare_row, *this);
  service_.on(&Replica::accept_row, *this);
  service_.on(&Replica::partition_digests, *this);
  service_.on(&Replica::bucket_digests, *this);
  service_.on(&Replica::list_buckets, *this);
  service_.on(&Replica::list_tables, *this);
  service_.on(&Replica::list_promises, *this);
  service_.on(&Replica::forget_erased, *this);
}

// All that was acknowledged by a majority before some instant is in any majority: in this replica
// and enough others whose rows it has compared with its own since.
Time Replica::fresh_at(Partition partition) const {
  const std::vector<NodeId>& replicas = placement_.readable().replicas[partition];
  std::vector<Time> agreed;
  for (const NodeId peer : replicas) {
    if (peer == node_.id()) continue;
    const auto found = agreed_.find(peer);
    agreed.push_back(found == agreed_.end() ? Time::min() : found->second);
  }
  const std::size_t others = Quorum::majority(replicas.size()) - 1;
  if (recovering_ || closed_ || agreed.size() < others) return Time::min();
  if (others == 0) return node_.now();
  std::ranges::sort(agreed, std::greater{});
  return agreed[others - 1];
}

void Replica::damaged(const Error& error) {
  if (recovering_ || closed_) return;
  node_.probe().event(node_.now(), node_.id(), "store damaged", error.detail);
  recovering_ = true;
  agreed_.clear();
  store_.destroy();
  if (on_damage_) on_damage_();
}

Result<Done> Replica::close_for_restore() {
  closed_ = true;
  agreed_.clear();
  store_.destroy();
  return store_.open();
}

void Replica::open_restored() {
  closed_ = false;
  recovering_ = false;
}

Result<Done> Replica::check_keys(std::string_view table, const std::vector<RowKey>& keys) const {
  const TableSchema* schema = store_.schema(table);
  if (schema == nullptr) return unknown_table(table);
  if (keys.size() > most_rows_a_message)
    return Error{ErrorCode::malformed, "too many keys in one message"};
  return Done{};
}

Result<Done> Replica::check_rows(std::string_view table, const std::vector<StoredRow>& rows) const {
  const TableSchema* schema = store_.schema(table);
  if (schema == nullptr) return unknown_table(table);
  const auto sound = [&](const StoredRow& row) {
    return row.version != Version{} && is_sound(*schema, row);
  };
  if (rows.size() > most_rows_a_message || !std::ranges::all_of(rows, sound))
    return Error{ErrorCode::malformed, "rows that do not fit table '" + schema->name + "'"};
  return Done{};
}

Result<Done> Replica::check_open() const {
  if (closed_) return Error{ErrorCode::unreachable, "a backup is being restored on this replica"};
  return Done{};
}

Result<Done> Replica::check_recovered() const {
  if (const Result<Done> open = check_open(); !open) return open;
  if (recovering_)
    return Error{ErrorCode::unreachable, "this replica lost its disk and copies from the others"};
  return Done{};
}

Result<Done> Replica::check_leave(NodeId from, std::string_view table, std::vector<Partition> of,
                                  std::span<const StoredRow> told) const {
  return rule_ ? rule_({from, table, of, told}) : Done{};
}

Result<Done> Replica::check_leave(NodeId from, std::string_view table,
                                  const std::vector<RowKey>& keys) const {
  if (!rule_) return Done{};
  std::vector<Partition> of;
  for (const RowKey& key : keys) of.push_back(key.partition);
  return check_leave(from, table, std::move(of));
}

void Replica::tell(std::string_view table, const std::vector<StoredRow>& rows) const {
  const TableSchema* schema = store_.schema(table);
  if (schema == nullptr) return;
  for (const Listener& listener : listeners_)
    for (const StoredRow& row : rows)
      if (row.version != Version{}) listener(*schema, row);
}

Task<Result<std::vector<StoredRow>>> Replica::read_rows(NodeId from, ReadRows question) {
  co_await node_.compute(work(question.keys.size()));
  if (const Result<Done> ready = check_recovered(); !ready) co_return ready.error();
  if (const Result<Done> fits = check_keys(question.table, question.keys); !fits)
    co_return fits.error();
  if (const Result<Done> may = check_leave(from, question.table, question.keys); !may)
    co_return may.error();
  std::vector<StoredRow> rows;
  for (const RowKey& key : question.keys) {
    Result<StoredRow> row = judged(store_.read(question.table, key));
    if (!row) co_return row.error();
    rows.push_back(std::move(*row));
  }
  if (const Result<Done> may = check_leave(from, question.table, {}, rows); !may)
    co_return may.error();
  co_await node_.disk_done();
  co_return std::move(rows);
}

Task<Result<std::vector<Version>>> Replica::read_versions(NodeId from, ReadVersions question) {
  co_await node_.compute(work(question.keys.size()));
  if (const Result<Done> ready = check_recovered(); !ready) co_return ready.error();
  if (const Result<Done> fits = check_keys(question.table, question.keys); !fits)
    co_return fits.error();
  if (const Result<Done> may = check_leave(from, question.table, question.keys); !may)
    co_return may.error();
  std::vector<Version> versions;
  for (const RowKey& key : question.keys) {
    const Result<Version> version = judged(store_.version(question.table, key));
    if (!version) co_return version.error();
    versions.push_back(*version);
  }
  co_return std::move(versions);
}

Task<Result<Done>> Replica::write_rows(NodeId from, WriteRows question) {
  co_await node_.compute(work(question.rows.size()));
  if (const Result<Done> open = check_open(); !open) co_return open.error();
  if (const Result<Done> fits = check_rows(question.table, question.rows); !fits)
    co_return fits.error();
  std::vector<Partition> of;
  for (const StoredRow& row : question.rows) of.push_back(row.at.partition);
  if (const Result<Done> may = check_leave(from, question.table, std::move(of)); !may)
    co_return may.error();
  const auto shared = std::make_shared<const WriteRows>(std::move(question));
  GroupCommit::Change change = [shared](RowStore& store) -> Result<Done> {
    for (const StoredRow& row : shared->rows)
      if (const Result<Done> written = store.write(shared->table, row); !written) return written;
    return Done{};
  };
  if (settings_.flaw == Flaw::early_ack) {
    node_.spawn(forget_result(commits_.apply(std::move(change))));
    co_return Done{};
  }
  Task<Result<Done>> applied = commits_.apply(std::move(change));
  const Result<Done> committed = co_await std::move(applied);
  const Result<Done> durable = judged(committed);
  if (durable) tell(shared->table, shared->rows);
  co_return durable;
}

Task<> Replica::forget_result(Task<Result<Done>> task) {
  co_await node_.sleep(std::chrono::milliseconds{50});
  static_cast<void>((co_await std::move(task)).has_value());
}

Task<Result<Done>> Replica::define_table(NodeId, DefineTable question) {
  if (const Result<Done> open = check_open(); !open) co_return open.error();
  const Result<Done> defined = judged(store_.define(question.schema));
  co_await node_.disk_done();
  co_return defined;
}

Task<Result<std::vector<StoredRow>>> Replica::scan_rows(NodeId from, ScanRows question) {
  if (const Result<Done> ready = check_recovered(); !ready) co_return ready.error();
  if (store_.schema(question.table) == nullptr) co_return unknown_table(question.table);
  const std::vector<Partition> of = {question.partition};
  if (const Result<Done> may = check_leave(from, question.table, of); !may) co_return may.error();
  const Result<std::vector<StoredRow>> rows = judged(store_.scan(question));
  if (!rows) co_return rows.error();
  if (const Result<Done> may = check_leave(from, question.table, {}, *rows); !may)
    co_return may.error();
  co_await node_.compute(work(rows->size()));
  co_await node_.disk_done();
  co_return *rows;
}

Task<Result<PrepareRow::Answer>> Replica::prepare_row(NodeId from, PrepareRow question) {
  co_await node_.compute(work(1));
  const std::vector<RowKey> keys = {question.key};
  if (const Result<Done> ready = check_recovered(); !ready) co_return ready.error();
  if (const Result<Done> fits = check_keys(question.table, keys); !fits) co_return fits.error();
  if (const Result<Done> may = check_leave(from, question.table, keys); !may) co_return may.error();
  const std::string table = question.table;
  const auto answer = std::make_shared<PrepareRow::Answer>();
  GroupCommit::Change change = [answer, asked = std::move(question)](RowStore& store) {
    Result<PrepareRow::Answer> promised = store.promise(asked.table, asked.key, asked.ballot);
    if (!promised) return Result<Done>{promised.error()};
    *answer = std::move(*promised);
    return Result<Done>{Done{}};
  };
  Task<Result<Done>> applied = commits_.apply(std::move(change));
  const Result<Done> committed = co_await std::move(applied);
  const Result<Done> durable = judged(committed);
  if (!durable) co_return durable.error();
  const std::vector<StoredRow> told = {answer->accepted};
  if (const Result<Done> may = check_leave(from, table, {}, told); !may) co_return may.error();
  co_return std::move(*answer);
}

Task<Result<AcceptRow::Answer>> Replica::accept_row(NodeId from, AcceptRow question) {
  co_await node_.compute(work(1));
  std::vector<StoredRow> rows = {question.row};
  if (const Result<Done> ready = check_recovered(); !ready) co_return ready.error();
  if (const Result<Done> fits = check_rows(question.table, rows); !fits) co_return fits.error();
  const std::vector<Partition> of = {question.row.at.partition};
  if (const Result<Done> may = check_leave(from, question.table, of); !may) co_return may.error();
  const auto answer = std::make_shared<AcceptRow::Answer>();
  GroupCommit::Change change = [answer, asked = question](RowStore& store) {
    const Result<AcceptRow::Answer> accepted = store.accept(asked.table, asked.row);
    if (!accepted) return Result<Done>{accepted.error()};
    *answer = *accepted;
    return Result<Done>{Done{}};
  };
  Task<Result<Done>> applied = commits_.apply(std::move(change));
  const Result<Done> committed = co_await std::move(applied);
  const Result<Done> durable = judged(committed);
  if (!durable) co_return durable.error();
  if (answer->accepted) tell(question.table, rows);
  co_return *answer;
}

Task<Result<std::vector<RowsDigest>>> Replica::partition_digests(NodeId from,
                                                                 PartitionDigests question) {
  if (const Result<Done> ready = check_recovered(); !ready) co_return ready.error();
  if (question.wanted.size() > partitions)
    co_return Error{ErrorCode::malformed, "more partitions than there are"};
  if (const Result<Done> may = check_leave(from, question.table, question.wanted); !may)
    co_return may.error();
  std::vector<RowsDigest> digests;
  for (const Partition partition : question.wanted)
    digests.push_back(store_.digest(question.table, partition));
  co_return std::move(digests);
}

Task<Result<std::vector<RowsDigest>>> Replica::bucket_digests(NodeId from, BucketDigests question) {
  if (const Result<Done> ready = check_recovered(); !ready) co_return ready.error();
  const std::vector<Partition> of = {question.partition};
  if (const Result<Done> may = check_leave(from, question.table, of); !may) co_return may.error();
  const auto digests = judged(store_.bucket_digests(question.table, question.partition));
  co_await node_.compute(work(store_.digest(question.table, question.partition).rows / 10));
  co_await node_.disk_done();
  co_return digests;
}

Task<Result<ListBuckets::Answer>> Replica::list_buckets(NodeId from, ListBuckets question) {
  if (const Result<Done> ready = check_recovered(); !ready) co_return ready.error();
  const std::vector<Partition> of = {question.partition};
  if (const Result<Done> may = check_leave(from, question.table, of); !may) co_return may.error();
  const auto list = judged(store_.list(question.table, question.partition, question.wanted));
  co_await node_.compute(work(store_.digest(question.table, question.partition).rows / 10));
  co_await node_.disk_done();
  co_return list;
}

Task<Result<std::vector<TableSchema>>> Replica::list_tables(NodeId, ListTables) {
  if (const Result<Done> ready = check_recovered(); !ready) co_return ready.error();
  co_return store_.schemas();
}

Task<Result<ListPromises::Answer>> Replica::list_promises(NodeId from, ListPromises question) {
  if (const Result<Done> ready = check_recovered(); !ready) co_return ready.error();
  const std::vector<Partition> of = {question.partition};
  if (const Result<Done> may = check_leave(from, question.table, of); !may) co_return may.error();
  co_return store_.promises(question.table, question.partition);
}

Task<Result<Done>> Replica::forget_erased(NodeId from, ForgetErased question) {
  if (question.erased.size() > most_rows_a_message)
    co_return Error{ErrorCode::malformed, "too many keys in one message"};
  const std::vector<Partition> of = {question.partition};
  if (const Result<Done> may = check_leave(from, question.table, of); !may) co_return may.error();
  GroupCommit::Change change = [asked = std::move(question)](RowStore& store) {
    return store.forget(asked);
  };
  Task<Result<Done>> applied = commits_.apply(std::move(change));
  const auto applied_result = co_await std::move(applied);
  co_return applied_result;
}

}  // namespace evenkeel
