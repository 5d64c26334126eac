#include "models/storage/backup/backup_format.h"

#include <algorithm>
#include <set>

namespace evenkeel {
namespace {

constexpr std::uint8_t run_ends = 63;  // of a key's hash: one key in 64

bool ends_run(const Key& key) {
  return (std::to_integer<std::uint8_t>(sha256(bytes_of(key))[0]) & run_ends) == run_ends;
}

// Tables of the file system are known by their names (file_rows.cpp).
constexpr std::string_view spaces_table = "file_spaces";
constexpr std::string_view inodes_table = "file_inodes";

std::optional<FileInode> inode_of(const StoredRow& row) {
  if (!row.values || row.values->empty()) return std::nullopt;
  const Blob* body = std::get_if<Blob>(&row.values->back());
  return body == nullptr ? std::nullopt : decoded<FileInode>(*body);
}

}  // namespace

std::uint64_t PartitionIndex::rows() const {
  std::uint64_t sum = 0;
  for (const Run& run : runs) sum += run.rows;
  return sum;
}

const TableSchema* BackupScope::table(std::string_view name) const {
  const auto found = std::ranges::find(tables, name, &TableSchema::name);
  return found == tables.end() ? nullptr : &*found;
}

bool BackupScope::includes(const TableSchema& its_table, const StoredRow& row) const {
  if (!spaces || !row.values) return true;
  const auto wanted = [&](const std::string& space) {
    return std::ranges::find(*spaces, space) != spaces->end();
  };
  if (its_table.name == spaces_table) {
    const std::string* name = std::get_if<std::string>(&row.values->front());
    return name == nullptr || wanted(*name);
  }
  if (its_table.name != inodes_table) return true;
  const std::optional<FileInode> inode = inode_of(row);
  return !inode || wanted(inode->space);
}

Digest Manifest::root() const { return sha256(encoded(scope.tables, partitions)); }

bool Manifest::is_sound() const {
  if (partitions.size() > evenkeel::partitions) return false;
  for (std::size_t i = 1; i < partitions.size(); ++i)
    if (partitions[i].partition <= partitions[i - 1].partition) return false;
  for (std::size_t i = 0; i < scope.tables.size(); ++i)
    if (!check_schema(scope.tables[i]) ||
        (i > 0 && scope.tables[i].name <= scope.tables[i - 1].name))
      return false;
  return true;
}

std::vector<RowRun> cut_into_runs(const TableSchema& table, std::vector<StoredRow> rows) {
  std::vector<RowRun> runs;
  std::size_t bytes = 0;
  bool is_open = false;
  for (StoredRow& row : rows) {
    if (!row.values) continue;
    const std::size_t size = encoded_size(row);
    if (!is_open || bytes + size > longest_run_bytes) {
      runs.push_back({.table = table.name});
      bytes = 0;
    }
    bytes += size;
    is_open = !ends_run(row.at.key);
    runs.back().rows.push_back(std::move(row));
  }
  return runs;
}

Result<std::vector<NeededChunk>> chunks_of(const RowRun& run) {
  std::vector<NeededChunk> chunks;
  if (run.table != inodes_table) return chunks;
  for (const StoredRow& row : run.rows) {
    const std::optional<FileInode> inode = inode_of(row);
    if (!inode || inode->chunks.size() > most_children)
      return Error{ErrorCode::malformed, "a row of the file system makes no sense"};
    for (std::size_t i = 0; i < inode->chunks.size(); ++i)
      chunks.push_back({inode->chunk(i), inode->length_of_chunk(i)});
  }
  return chunks;
}

Result<PartitionContent> content_of(const BackupScope& scope, Partition partition,
                                    std::map<std::string, std::vector<StoredRow>> rows) {
  PartitionContent content{.index = {.partition = partition}};
  std::set<Digest> chunks;
  for (auto& [name, its_rows] : rows) {
    const TableSchema* table = scope.table(name);
    if (table == nullptr) continue;
    std::erase_if(its_rows, [&](const StoredRow& row) { return !scope.includes(*table, row); });
    for (RowRun& run : cut_into_runs(*table, std::move(its_rows))) {
      const Result<std::vector<NeededChunk>> needed = chunks_of(run);
      if (!needed) return needed.error();
      for (const NeededChunk& chunk : *needed)
        if (chunks.insert(chunk.key.id).second) content.chunks.push_back(chunk);
      content.index.runs.push_back(
          {name, sha256(encoded(run)), static_cast<std::uint32_t>(run.rows.size())});
      content.runs.push_back(std::move(run));
    }
  }
  content.index.chunks.assign(chunks.begin(), chunks.end());
  if (content.index.runs.size() + content.index.chunks.size() > most_children)
    return Error{ErrorCode::full, "partition " + std::to_string(partition) +
                                      " has more chunks than a backup's index takes; back up "
                                      "name spaces for themselves"};
  return content;
}

bool is_sound(const TableSchema& table, Partition partition, const RowRun& run) {
  if (run.table != table.name) return false;
  for (std::size_t i = 0; i < run.rows.size(); ++i) {
    const StoredRow& row = run.rows[i];
    if (!row.values || row.version == Version{} || row.at.partition != partition ||
        !evenkeel::is_sound(table, row))
      return false;
    if (i > 0 && row.at.key <= run.rows[i - 1].at.key) return false;
  }
  return true;
}

}  // namespace evenkeel
