// The part of BackupAgent that brings partitions to the vault.
#include <algorithm>

#include "models/runtime/quorum.h"
#include "models/storage/backup/backup_agent.h"

namespace evenkeel {
namespace {

constexpr std::uint32_t rows_a_page = 1000;

// Of each row the newer one.
std::vector<StoredRow> merged(std::vector<StoredRow> rows, std::vector<StoredRow> more) {
  std::map<RowKey, StoredRow> newest;
  for (std::vector<StoredRow>* some : {&rows, &more})
    for (StoredRow& row : *some) {
      StoredRow& known = newest[row.at];
      if (known.version < row.version) known = std::move(row);
    }
  std::vector<StoredRow> all;
  for (auto& [at, row] : newest) all.push_back(std::move(row));
  return all;
}

}  // namespace

Task<Result<ExportPartitions::Answer>> BackupAgent::export_partitions(NodeId from,
                                                                      ExportPartitions question) {
  if (question.wanted.empty() || question.wanted.size() > partitions ||
      std::ranges::find(question.replicas, node_.id()) == question.replicas.end())
    co_return Error{ErrorCode::malformed, "partitions that this node is no replica of"};
  const std::uint64_t session = question.session;
  question.asker = from;
  Task<Result<ExportPartitions::Answer>> waiting =
      outcome(exports_, session, std::move(question), &BackupAgent::export_all);
  const Result<ExportPartitions::Answer> answer = co_await std::move(waiting);
  co_return answer;
}

Task<Result<ExportPartitions::Answer>> BackupAgent::export_all(ExportPartitions job) {
  BackupAsked asked{.asker = job.asker, .scope = job.scope, .tokens = std::move(job.tokens)};
  Task<Result<BackupLeave>> getting = leave_for(std::move(asked));
  const Result<BackupLeave> leave = co_await std::move(getting);
  if (!leave) co_return leave.error();
  Task<Result<std::vector<Other>>> asking = ask_others(job);
  const Result<std::vector<Other>> others = co_await std::move(asking);
  if (!others) co_return others.error();
  ExportPartitions::Answer answer;
  for (const Partition partition : job.wanted) {
    Task<Result<PartitionRoot>> exporting =
        export_partition(job, partition, *others, *leave, answer.moved);
    const Result<PartitionRoot> root = co_await std::move(exporting);
    if (!root && root.error().code == ErrorCode::denied) co_return root.error();
    if (!root)
      co_return Error{root.error().code,
                      "partition " + std::to_string(partition) + ": " + root.error().detail};
    if (root->rows > 0) answer.roots.push_back(*root);
  }
  co_return std::move(answer);
}

// As many as make a majority with this node, and what they hold.
Task<Result<std::vector<BackupAgent::Other>>> BackupAgent::ask_others(const ExportPartitions& job) {
  FrozenDigests question{.session = job.session, .wanted = job.wanted};
  for (const TableSchema& table : job.scope.tables) question.tables.push_back(table.name);
  std::vector<NodeId> others = job.replicas;
  std::erase(others, node_.id());
  const std::size_t needed = Quorum::majority(job.replicas.size()) - 1;
  std::vector<Other> found;
  if (needed == 0) co_return std::move(found);
  std::function<bool(const Answers<FrozenDigests::Answer>&)> enough =
      [needed](const Answers<FrozenDigests::Answer>& answers) {
        return answers.good.size() >= needed;
      };
  Task<Answers<FrozenDigests::Answer>> asking =
      ask_all<FrozenDigests>(node_, Port::backups, others, question, settings_.timeout, enough);
  const Answers<FrozenDigests::Answer> answers = co_await std::move(asking);
  if (!answers.enough) co_return answers.failure("holding rows for a backup");
  for (const auto& [other, items] : answers.good) {
    Other& one = found.emplace_back();
    one.node = other;
    for (const FrozenDigests::Item& item : items)
      one.digests[{item.table, item.partition}] = item.digest;
  }
  co_return std::move(found);
}

Task<Result<BackupAgent::Rows>> BackupAgent::rows_of(NodeId other, std::uint64_t session,
                                                     std::string table, Partition partition) {
  Rows all;
  ScanFrozen question{.session = session,
                      .range = {.table = table, .partition = partition, .limit = rows_a_page}};
  while (true) {
    Task<Result<Rows>> asking = ask(node_, other, Port::backups, question, settings_.timeout);
    Result<Rows> rows = co_await std::move(asking);
    if (!rows) co_return rows.error();
    if (rows->empty()) break;
    if (!question.range.from.empty() && rows->back().at.key < question.range.from)
      co_return Error{ErrorCode::malformed, "a replica went backwards through its rows"};
    question.range.from = rows->back().at.key + '\0';
    for (StoredRow& row : *rows)
      if (row.version != Version{}) all.push_back(std::move(row));
  }
  co_return std::move(all);
}

Task<Result<BackupAgent::Rows>> BackupAgent::rows_of_all(const ExportPartitions& job,
                                                         const TableSchema& table,
                                                         Partition partition,
                                                         const std::vector<Other>& others) {
  Task<Result<Rows>> reading = held_rows(job.session, table.name, partition);
  Result<Rows> rows = co_await std::move(reading);
  if (!rows) co_return rows.error();
  const Digest own = rows->empty() ? Digest{} : digest_of(*rows);
  for (const Other& other : others) {
    const auto found = other.digests.find({table.name, partition});
    if ((found == other.digests.end() ? Digest{} : found->second) == own) continue;
    Task<Result<Rows>> asking = rows_of(other.node, job.session, table.name, partition);
    Result<Rows> theirs = co_await std::move(asking);
    if (!theirs) co_return theirs.error();
    for (const StoredRow& row : *theirs)
      if (!is_sound(table, row) || row.at.partition != partition)
        co_return Error{ErrorCode::malformed, "a replica sent a row that fits no table"};
    rows = merged(std::move(*rows), std::move(*theirs));
  }
  co_return std::move(rows);
}

Task<Result<PartitionRoot>> BackupAgent::export_partition(const ExportPartitions& job,
                                                          Partition partition,
                                                          const std::vector<Other>& others,
                                                          const BackupLeave& leave, Moved& moved) {
  std::map<std::string, Rows> rows;
  for (const TableSchema& table : job.scope.tables) {
    Task<Result<Rows>> reading = rows_of_all(job, table, partition, others);
    Result<Rows> its_rows = co_await std::move(reading);
    if (!its_rows) co_return its_rows.error();
    if (settings_.flaw == Flaw::early_export) its_rows->resize(its_rows->size() / 2);
    rows[table.name] = std::move(*its_rows);
  }
  Result<PartitionContent> content = content_of(job.scope, partition, std::move(rows));
  if (!content) co_return content.error();
  const PartitionRoot root{partition, sha256(encoded(content->index)), content->index.rows()};
  if (root.rows == 0) co_return root;
  if (leave) {
    Task<Result<Done>> serving = leave(encoded_size(content->runs), root.rows);
    const Result<Done> served = co_await std::move(serving);
    if (!served) co_return served.error();
  }
  Task<Result<Moved>> bringing = bring(job.session, std::move(*content));
  const Result<Moved> brought = co_await std::move(bringing);
  if (!brought) co_return brought.error();
  moved += *brought;
  co_return root;
}

// The index last: the vault takes it only if all that it names is there.
Task<Result<Moved>> BackupAgent::bring(std::uint64_t session, PartitionContent content) {
  PlainObject index{.bytes = encoded(content.index)};
  index.hash = sha256(index.bytes);
  std::vector<Digest> hashes;
  for (const PartitionIndex::Run& run : content.index.runs) hashes.push_back(run.hash);
  for (const Digest& chunk : content.index.chunks) hashes.push_back(chunk);
  for (const Digest& hash : hashes) index.children.push_back(vault_.key().name_of(hash));
  hashes.push_back(index.hash);
  Task<Result<std::vector<Digest>>> asking = vault_.missing(std::move(hashes), session);
  const Result<std::vector<Digest>> absent = co_await std::move(asking);
  if (!absent) co_return absent.error();
  const std::set<Digest> missing(absent->begin(), absent->end());

  std::vector<PlainObject> objects;
  for (std::size_t i = 0; i < content.runs.size(); ++i)
    if (missing.contains(content.index.runs[i].hash))
      objects.push_back({.hash = content.index.runs[i].hash, .bytes = encoded(content.runs[i])});
  Task<Result<Moved>> putting = vault_.put_all(std::move(objects), session);
  const Result<Moved> runs = co_await std::move(putting);
  if (!runs) co_return runs.error();
  Moved moved = *runs;
  for (const NeededChunk& chunk : content.chunks) {
    if (!missing.contains(chunk.key.id)) continue;
    Task<Result<PlainObject>> loading = chunk_object(chunk);
    Result<PlainObject> object = co_await std::move(loading);
    if (!object) co_return object.error();
    Task<Result<Moved>> bringing = vault_.put(std::move(*object), session);
    const Result<Moved> brought = co_await std::move(bringing);
    if (!brought) co_return brought.error();
    moved += *brought;
  }
  if (!missing.contains(index.hash)) co_return moved;
  Task<Result<Moved>> bringing = vault_.put(std::move(index), session);
  const Result<Moved> brought = co_await std::move(bringing);
  if (!brought) co_return brought.error();
  moved += *brought;
  co_return moved;
}

Task<Result<PlainObject>> BackupAgent::chunk_object(NeededChunk chunk) {
  if (chunks_ == nullptr)
    co_return Error{ErrorCode::invalid, "there are files, but this node keeps none"};
  Task<Result<Blob>> loading = chunks_->load(chunk.key, chunk.bytes);
  Result<Blob> bytes = co_await std::move(loading);
  if (!bytes)
    co_return Error{bytes.error().code,
                    "chunk " + to_string(chunk.key) + " of a file: " + bytes.error().detail};
  co_return PlainObject{.hash = chunk.key.id, .bytes = std::move(*bytes)};
}

}  // namespace evenkeel
