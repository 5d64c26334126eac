#include "models/storage/backup/backup_agent.h"

namespace evenkeel {
namespace {

constexpr std::uint32_t rows_a_page = 1000;

}  // namespace

BackupAgent::BackupAgent(Node& node, Service& service, Replica& replica, Chunks* chunks,
                         const BackupKey& key, const BackupAgentSettings& settings)
    : node_(node),
      replica_(replica),
      chunks_(chunks),
      settings_(settings),
      vault_(node, settings.vault, key),
      clock_(node),
      frozen_(replica.store(), settings.most_kept_bytes) {
  service.on(&BackupAgent::freeze_rows, *this);
  service.on(&BackupAgent::release_rows, *this);
  service.on(&BackupAgent::frozen_digests, *this);
  service.on(&BackupAgent::scan_frozen, *this);
  service.on(&BackupAgent::export_partitions, *this);
  service.on(&BackupAgent::close_for_restore, *this);
  service.on(&BackupAgent::restore_partitions, *this);
  service.on(&BackupAgent::keep_rows, *this);
  service.on(&BackupAgent::restored_roots, *this);
  service.on(&BackupAgent::open_restored, *this);
  if (is_marked()) begin_as_after_a_lost_disk("it stopped while a backup was restored on it");
}

std::int64_t BackupAgent::wall_ms() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(node_.wall_clock()).count();
}

Result<Done> BackupAgent::check_ready() const {
  if (replica_.is_recovering())
    return Error{ErrorCode::unreachable,
                 node_.name() + " lost its disk and copies from the others"};
  return replica_.check_open();
}

Task<Result<FreezeRows::Answer>> BackupAgent::freeze_rows(NodeId, FreezeRows question) {
  if (const Result<Done> ready = check_ready(); !ready) co_return ready.error();
  if (!clock_.heard(question.clock))
    co_return Error{ErrorCode::outdated,
                    "the clock of " + node_.name() + " is behind; set it, then back up again"};
  if (wall_ms() >= question.cut_ms)
    co_return Error{ErrorCode::outdated, node_.name() +
                                             " heard of the cut after it, or its clock "
                                             "is ahead; set it, then back up again"};
  if (question.session == 0 || sessions_.size() >= FrozenRows::most_views)
    co_return Error{ErrorCode::overloaded, "too many backups at once; wait for one to end"};
  if (sessions_.try_emplace(question.session, false).second)
    node_.spawn(hold_from(question.session, question.cut_ms));
  co_return FreezeRows::Answer{clock_.tick(), replica_.store().schemas()};
}

Task<> BackupAgent::hold_from(std::uint64_t session, std::int64_t cut_ms) {
  while (wall_ms() < cut_ms) co_await node_.sleep(std::chrono::milliseconds{cut_ms - wall_ms()});
  const auto waiting = sessions_.find(session);
  if (waiting == sessions_.end() || !frozen_.freeze(session)) co_return;
  waiting->second = true;
  co_await node_.sleep(settings_.lease);
  let_go(session);
}

Task<Result<Done>> BackupAgent::release_rows(NodeId, ReleaseRows question) {
  let_go(question.session);
  co_return Done{};
}

void BackupAgent::let_go(std::uint64_t session) {
  frozen_.release(session);
  sessions_.erase(session);
  std::erase_if(exports_, [&](const auto& one) { return one.first.first == session; });
}

Task<Result<BackupLeave>> BackupAgent::leave_for(BackupAsked asked) {
  if (!rule_) co_return BackupLeave{};
  Task<Result<BackupLeave>> asking = rule_(std::move(asked));
  Result<BackupLeave> leave = co_await std::move(asking);
  co_return std::move(leave);
}

Task<Result<BackupAgent::Rows>> BackupAgent::held_rows(std::uint64_t session, std::string table,
                                                       Partition partition) {
  Rows all;
  ScanRows range{.table = table, .partition = partition, .limit = rows_a_page};
  // Whether its disk is still what it was is seen anew each time.
  while (true) {
    if (const Result<Done> ready = check_ready(); !ready) co_return ready.error();
    if (replica_.store().schema(table) == nullptr) break;
    Result<Rows> rows = frozen_.scan(session, range);
    if (!rows) co_return rows.error();
    if (rows->empty()) break;
    range.from = rows->back().at.key + '\0';
    for (StoredRow& row : *rows)
      if (row.version != Version{}) all.push_back(std::move(row));
    co_await node_.compute(work(rows->size()));
  }
  co_await node_.disk_done();
  co_return std::move(all);
}

Task<Result<FrozenDigests::Answer>> BackupAgent::frozen_digests(NodeId from,
                                                                FrozenDigests question) {
  const auto held = sessions_.find(question.session);
  if (held == sessions_.end() || !held->second)
    co_return Error{ErrorCode::outdated, node_.name() + " does not hold its rows for this backup"};
  if (question.wanted.size() > partitions)
    co_return Error{ErrorCode::malformed, "more partitions than there are"};
  for (const std::string& table : question.tables)
    if (const Result<Done> may = replica_.check_leave(from, table, question.wanted); !may)
      co_return may.error();
  FrozenDigests::Answer answer;
  for (const std::string& table : question.tables)
    for (const Partition partition : question.wanted) {
      Task<Result<Rows>> reading = held_rows(question.session, table, partition);
      const Result<Rows> rows = co_await std::move(reading);
      if (!rows) co_return rows.error();
      if (!rows->empty()) answer.push_back({table, partition, digest_of(*rows)});
    }
  co_return std::move(answer);
}

Digest BackupAgent::digest_of(const Rows& rows) {
  Blob bytes;
  for (const StoredRow& row : rows) append(bytes, row.at.key, row.version);
  return sha256(bytes);
}

Task<Result<BackupAgent::Rows>> BackupAgent::scan_frozen(NodeId from, ScanFrozen question) {
  if (const Result<Done> ready = check_ready(); !ready) co_return ready.error();
  const std::vector<Partition> of{question.range.partition};
  const Result<Done> may = replica_.check_leave(from, question.range.table, of);
  if (!may) co_return may.error();
  if (replica_.store().schema(question.range.table) == nullptr) co_return Rows{};
  const Result<Rows> rows = frozen_.scan(question.session, question.range);
  if (rows) co_await node_.compute(work(rows->size()));
  co_await node_.disk_done();
  if (rows) {  // of files the rows say whose they are
    const Result<Done> may_tell = replica_.check_leave(from, question.range.table, of, *rows);
    if (!may_tell) co_return may_tell.error();
  }
  co_return rows;
}

}  // namespace evenkeel
