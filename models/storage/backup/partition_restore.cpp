// The part of BackupAgent that brings partitions back from the vault.
#include <algorithm>

#include "models/runtime/quorum.h"
#include "models/storage/backup/backup_agent.h"

namespace evenkeel {
namespace {

constexpr std::uint32_t rows_a_page = 1000;
// Its being there says that the rows on the disk may be half of a backup.
constexpr std::string_view mark = "restore-under-way";

bool holds_rows(const RowStore& store) {
  for (const TableSchema& table : store.schemas())
    for (std::size_t p = 0; p < partitions; ++p)
      if (store.digest(table.name, static_cast<Partition>(p)).rows > 0) return true;
  return false;
}

}  // namespace

bool BackupAgent::is_marked() const {
  const std::vector<std::string> files = node_.disk().list();
  return std::ranges::find(files, mark) != files.end();
}

void BackupAgent::begin_as_after_a_lost_disk(const std::string& why) {
  restore_ = 0;
  if (replica_.is_closed()) replica_.open_restored();
  replica_.damaged({ErrorCode::disk, why});
  node_.spawn(unmark_when_recovered());
}

Task<> BackupAgent::unmark_when_recovered() {
  while (replica_.is_recovering()) co_await node_.sleep(settings_.timeout);
  if (!replica_.is_closed()) node_.disk().remove(mark);
}

Result<Done> BackupAgent::check_restore(std::uint64_t restore) const {
  if (restore == restore_ && restore != 0 && replica_.is_closed()) return Done{};
  return Error{ErrorCode::outdated,
               node_.name() + " is not, or no more, in this restore; begin it again"};
}

Task<Result<Done>> BackupAgent::close_for_restore(NodeId from, CloseForRestore question) {
  restore_heard_ = node_.now();
  if (check_restore(question.restore)) co_return Done{};
  BackupAsked asked{.asker = from,
                    .scope = std::move(question.scope),
                    .tokens = std::move(question.tokens),
                    .restores = true};
  Task<Result<BackupLeave>> getting = leave_for(std::move(asked));
  const Result<BackupLeave> leave = co_await std::move(getting);
  if (!leave) co_return leave.error();
  if (check_restore(question.restore)) co_return Done{};  // meanwhile
  if (question.restore == 0) co_return Error{ErrorCode::malformed, "a restore without a number"};
  RowStore& store = replica_.store();
  if (!replica_.is_recovering() && !replica_.is_closed() && holds_rows(store))
    co_return Error{ErrorCode::conflict, node_.name() +
                                             " holds rows, and has not lost any; restore onto "
                                             "empty nodes, or empty its disk first"};
  const Result<std::size_t> written = node_.disk().write(mark, 0, bytes_of("1"));
  const Result<std::size_t> synced = written ? node_.disk().sync(mark) : written;
  if (!synced) co_return Error{synced.error().code, node_.name() + ": " + synced.error().detail};
  const Result<Done> emptied = replica_.close_for_restore();
  if (!emptied) co_return emptied.error();
  restore_ = question.restore;
  restores_.clear();
  node_.spawn(give_up_after_lease(restore_));
  co_await node_.disk_done();
  co_return Done{};
}

// Whoever restores has stopped, and nobody would open this node.
Task<> BackupAgent::give_up_after_lease(std::uint64_t restore) {
  while (restore_ == restore && node_.now() < restore_heard_ + settings_.lease)
    co_await node_.sleep_until(restore_heard_ + settings_.lease);
  if (restore_ == restore) begin_as_after_a_lost_disk("a restore was not finished");
}

Task<Result<RestorePartitions::Answer>> BackupAgent::restore_partitions(
    NodeId from, RestorePartitions question) {
  if (const Result<Done> ours = check_restore(question.restore); !ours) co_return ours.error();
  if (question.wanted.empty() || question.wanted.size() > partitions)
    co_return Error{ErrorCode::malformed, "no partitions, or more than there are"};
  const std::uint64_t restore = question.restore;
  question.asker = from;
  Task<Result<RestorePartitions::Answer>> waiting =
      outcome(restores_, restore, std::move(question), &BackupAgent::restore_all);
  const Result<RestorePartitions::Answer> answer = co_await std::move(waiting);
  co_return answer;
}

Task<Result<RestorePartitions::Answer>> BackupAgent::restore_all(RestorePartitions job) {
  BackupAsked asked{
      .asker = job.asker, .scope = job.scope, .tokens = std::move(job.tokens), .restores = true};
  Task<Result<BackupLeave>> getting = leave_for(std::move(asked));
  const Result<BackupLeave> leave = co_await std::move(getting);
  if (!leave) co_return leave.error();
  RestorePartitions::Answer sum;
  for (const PartitionRoot& root : job.wanted) {
    restore_heard_ = node_.now();
    Task<Result<Done>> restoring = restore_partition(job, root, sum);
    const Result<Done> restored = co_await std::move(restoring);
    if (!restored)
      co_return Error{restored.error().code, "partition " + std::to_string(root.partition) + ": " +
                                                 restored.error().detail};
  }
  if (*leave && sum.rows > 0) {
    Task<Result<Done>> telling = (*leave)(sum.bytes, sum.rows);
    const Result<Done> told = co_await std::move(telling);
    if (!told) co_return told.error();
  }
  co_return sum;
}

Task<Result<Done>> BackupAgent::restore_partition(const RestorePartitions& job,
                                                  const PartitionRoot& root,
                                                  RestorePartitions::Answer& sum) {
  Task<Result<Blob>> getting = vault_.get(root.root);
  const Result<Blob> bytes = co_await std::move(getting);
  if (!bytes) co_return bytes.error();
  const std::optional<PartitionIndex> index = decoded<PartitionIndex>(*bytes);
  if (!index || index->partition != root.partition ||
      index->runs.size() + index->chunks.size() > most_children)
    co_return Error{ErrorCode::malformed, "the index of a partition makes no sense"};
  for (const PartitionIndex::Run& run : index->runs) {
    Task<Result<Done>> restoring = restore_run(job, root.partition, run, sum);
    const Result<Done> restored = co_await std::move(restoring);
    if (!restored) co_return restored;
  }
  co_return Done{};
}

// A file's chunks before the row that names them.
Task<Result<Done>> BackupAgent::restore_run(const RestorePartitions& job, Partition partition,
                                            PartitionIndex::Run run,
                                            RestorePartitions::Answer& sum) {
  Task<Result<Blob>> getting = vault_.get(run.hash);
  const Result<Blob> bytes = co_await std::move(getting);
  if (!bytes) co_return bytes.error();
  std::optional<RowRun> rows = decoded<RowRun>(*bytes);
  const TableSchema* table = rows ? job.scope.table(rows->table) : nullptr;
  if (table == nullptr || !is_sound(*table, partition, *rows))
    co_return Error{ErrorCode::malformed, "the rows of a backup fit no table"};
  const Result<std::vector<NeededChunk>> chunks = chunks_of(*rows);
  if (!chunks) co_return chunks.error();
  for (const NeededChunk& chunk : *chunks) {
    Task<Result<Done>> restoring = restore_chunk(chunk, sum);
    const Result<Done> restored = co_await std::move(restoring);
    if (!restored) co_return restored;
  }
  sum.rows += rows->rows.size();
  sum.bytes += bytes->size();
  restore_heard_ = node_.now();
  const TableSchema its_table = *table;
  Task<Result<Done>> keeping = keep_at_all(job, its_table, std::move(rows->rows));
  const Result<Done> kept = co_await std::move(keeping);
  co_return kept;
}

Task<Result<Done>> BackupAgent::restore_chunk(NeededChunk chunk, RestorePartitions::Answer& sum) {
  if (chunks_ == nullptr)
    co_return Error{ErrorCode::invalid,
                    "the backup has files, but this node keeps none; let it, or restore elsewhere"};
  Task<Result<Blob>> getting = vault_.get(chunk.key.id);
  Result<Blob> bytes = co_await std::move(getting);
  if (!bytes) co_return bytes.error();
  sum.bytes += bytes->size();
  const std::uint64_t writer = node_.random()() | 1;
  Task<Result<StoredChunk>> storing = chunks_->store(std::move(*bytes), chunk.key.coding, writer);
  const Result<StoredChunk> stored = co_await std::move(storing);
  if (!stored) co_return stored.error();
  co_return Done{};
}

Task<Result<Done>> BackupAgent::keep_at_all(const RestorePartitions& job, const TableSchema& table,
                                            Rows rows) {
  KeepRows question{.restore = job.restore, .table = table, .rows = std::move(rows)};
  Quorum quorum{{job.replicas}};
  Task<Answers<Done>> asking =
      ask_quorum(node_, Port::backups, std::move(quorum), question, settings_.timeout);
  const Answers<Done> answers = co_await std::move(asking);
  if (!answers.enough) co_return answers.failure("restoring rows of '" + table.name + "'");
  co_return Done{};
}

Task<Result<Done>> BackupAgent::keep_rows(NodeId, KeepRows question) {
  restore_heard_ = node_.now();
  co_await node_.compute(work(question.rows.size()));
  if (const Result<Done> ours = check_restore(question.restore); !ours) co_return ours.error();
  const auto sound = [&](const StoredRow& row) {
    return row.version != Version{} && evenkeel::is_sound(question.table, row);
  };
  if (question.rows.size() > most_rows_a_message || !std::ranges::all_of(question.rows, sound))
    co_return Error{ErrorCode::malformed, "rows that do not fit their table"};
  if (const Result<Done> defined = replica_.store().define(question.table); !defined)
    co_return defined;
  const auto shared = std::make_shared<const KeepRows>(std::move(question));
  GroupCommit::Change change = [shared](RowStore& store) -> Result<Done> {
    for (const StoredRow& row : shared->rows)
      if (const Result<Done> written = store.write(shared->table.name, row); !written)
        return written;
    return Done{};
  };
  Task<Result<Done>> applying = replica_.commits().apply(std::move(change));
  const Result<Done> applied = co_await std::move(applying);
  co_return applied;
}

Task<Result<BackupAgent::Rows>> BackupAgent::stored_rows(std::string table, Partition partition) {
  Rows all;
  ScanRows range{.table = table, .partition = partition, .limit = rows_a_page};
  while (replica_.store().schema(table) != nullptr) {
    Result<Rows> rows = replica_.store().scan(range);
    if (!rows) co_return rows.error();
    if (rows->empty()) break;
    range.from = rows->back().at.key + '\0';
    all.insert(all.end(), rows->begin(), rows->end());
    co_await node_.compute(work(rows->size()));
  }
  co_await node_.disk_done();
  co_return std::move(all);
}

Task<Result<RestoredRoots::Answer>> BackupAgent::restored_roots(NodeId, RestoredRoots question) {
  restore_heard_ = node_.now();
  if (const Result<Done> ours = check_restore(question.restore); !ours) co_return ours.error();
  if (question.wanted.size() > partitions)
    co_return Error{ErrorCode::malformed, "more partitions than there are"};
  RestoredRoots::Answer roots;
  for (const Partition partition : question.wanted) {
    std::map<std::string, Rows> rows;
    for (const TableSchema& table : question.scope.tables) {
      Task<Result<Rows>> reading = stored_rows(table.name, partition);
      Result<Rows> its_rows = co_await std::move(reading);
      if (!its_rows) co_return its_rows.error();
      rows[table.name] = std::move(*its_rows);
    }
    const Result<PartitionContent> content = content_of(question.scope, partition, std::move(rows));
    if (!content) co_return content.error();
    const PartitionIndex& index = content->index;
    if (index.rows() > 0) roots.push_back({partition, sha256(encoded(index)), index.rows()});
  }
  co_return std::move(roots);
}

Task<Result<Done>> BackupAgent::open_restored(NodeId, OpenRestored question) {
  if (const Result<Done> ours = check_restore(question.restore); !ours) co_return ours.error();
  if (!question.is_whole) {
    begin_as_after_a_lost_disk("it missed a part of the backup that was restored");
    co_return Done{};
  }
  restore_ = 0;
  node_.disk().remove(mark);
  replica_.open_restored();
  node_.probe().event(node_.now(), node_.id(), "restored", "has the rows of a backup");
  co_return Done{};
}

}  // namespace evenkeel
