#include "models/storage/files/file_rows.h"

namespace evenkeel {
namespace {

constexpr std::uint32_t rows_a_page = 200;

TableSchema cas_table(std::string name, std::vector<Column> key) {
  TableSchema table{.name = std::move(name), .columns = std::move(key), .kind = TableKind::cas};
  table.key_columns = static_cast<std::uint32_t>(table.columns.size());
  table.columns.push_back({"body", ColumnType::blob});
  return table;
}
TableSchema spaces_table() { return cas_table("file_spaces", {{"name", ColumnType::text}}); }
TableSchema entries_table() {  // a directory's are kept together
  return cas_table("file_entries", {{"directory", ColumnType::blob}, {"name", ColumnType::text}});
}
TableSchema inodes_table() {
  return cas_table(std::string{inodes_table_name}, {{"id", ColumnType::blob}});
}

Value value_of(const InodeId& id) { return Blob{id.begin(), id.end()}; }

// Nothing if there is no such row; an error if it is none of ours.
template <class T>
Result<std::optional<T>> body_of(const std::optional<Row>& row) {
  if (!row) return std::optional<T>{};
  const Blob* bytes = row->empty() ? nullptr : std::get_if<Blob>(&row->back());
  std::optional<T> value;
  if (bytes != nullptr) value = decoded<T>(*bytes);
  if (!value) return Error{ErrorCode::malformed, "a row of the file system makes no sense"};
  return value;
}

bool may_have_happened(const Error& error) {
  return error.code == ErrorCode::no_quorum || error.code == ErrorCode::conflict;
}

}  // namespace

template <class T>
Task<Result<std::optional<T>>> FileRows::get(TableSchema table, Row key) {
  Task<Result<StoredRow>> getting = records_.get(std::move(table), std::move(key));
  const Result<StoredRow> row = co_await std::move(getting);
  if (!row) co_return row.error();
  co_return body_of<T>(row->values);
}

template <class T>
Task<Result<std::optional<T>>> FileRows::change(TableSchema table, Row key, Next<T> next,
                                                int tries) {
  // An error of `next` itself is no reason to try again.
  const auto refused = std::make_shared<std::optional<Error>>();
  const Records::Next on_rows = [key, next = std::move(next), refused](
                                    const std::optional<Row>& row) -> Result<std::optional<Row>> {
    const Result<std::optional<T>> now = body_of<T>(row);
    Result<std::optional<T>> wanted = now ? next(*now) : now;
    refused->reset();
    if (!wanted) {
      *refused = wanted.error();
      return wanted.error();
    }
    if (!*wanted) return std::optional<Row>{};
    Row changed = key;
    changed.emplace_back(encoded(**wanted));
    return std::optional<Row>{std::move(changed)};
  };
  for (int attempt = 1;; ++attempt) {
    Task<Result<std::optional<Row>>> changing = records_.change(table, key, on_rows);
    const Result<std::optional<Row>> row = co_await std::move(changing);
    if (row) co_return body_of<T>(*row);
    if (*refused && (*refused)->code == row.error().code &&
        (*refused)->detail == row.error().detail)
      co_return row.error();
    if (!may_have_happened(row.error()) || attempt == tries) co_return row.error();
    co_await node().sleep(seconds(0.05 * attempt * (0.5 + node().random().uniform())));
  }
}

Task<Result<std::optional<FileSpace>>> FileRows::space(std::string name) {
  return get<FileSpace>(spaces_table(), {std::move(name)});
}
Task<Result<std::optional<FileSpace>>> FileRows::change_space(std::string name,
                                                              Next<FileSpace> next, int tries) {
  return change<FileSpace>(spaces_table(), {std::move(name)}, std::move(next), tries);
}
Task<Result<std::optional<FileEntry>>> FileRows::entry(InodeId directory, std::string name) {
  return get<FileEntry>(entries_table(), {value_of(directory), std::move(name)});
}
Task<Result<std::optional<FileEntry>>> FileRows::change_entry(InodeId directory, std::string name,
                                                              Next<FileEntry> next) {
  return change<FileEntry>(entries_table(), {value_of(directory), std::move(name)},
                           std::move(next));
}
Task<Result<std::optional<FileInode>>> FileRows::inode(InodeId id) {
  return get<FileInode>(inodes_table(), {value_of(id)});
}
Task<Result<std::optional<FileInode>>> FileRows::change_inode(InodeId id, Next<FileInode> next) {
  return change<FileInode>(inodes_table(), {value_of(id)}, std::move(next));
}

Task<Result<Done>> FileRows::erase_entry(InodeId directory, std::string name, std::uint64_t token) {
  Next<FileEntry> erase =
      [token](const std::optional<FileEntry>& now) -> Result<std::optional<FileEntry>> {
    if (now && now->token == token) return std::optional<FileEntry>{};
    return now;
  };
  Task<Result<std::optional<FileEntry>>> changing =
      change_entry(directory, std::move(name), std::move(erase));
  const Result<std::optional<FileEntry>> changed = co_await std::move(changing);
  if (!changed) co_return changed.error();
  co_return Done{};
}

Task<Result<std::vector<FileRows::Item>>> FileRows::entries(InodeId directory, std::string after,
                                                            std::uint32_t limit) {
  const TableSchema table = entries_table();
  Row place{value_of(directory)};
  const Key all = encode_key(table, place);
  Row start = place;
  if (!after.empty()) start.emplace_back(std::move(after));
  KeyRange range{.from = encode_key(table, start), .to = all, .limit = rows_a_page};
  if (start.size() > 1) range.from += '\0';  // behind it
  range.to += '\x7f';                        // behind every text
  std::vector<Item> items;
  while (items.size() < limit) {
    Task<Result<std::vector<StoredRow>>> scanning = records_.scan(table, place, range);
    const Result<std::vector<StoredRow>> rows = co_await std::move(scanning);
    if (!rows) co_return rows.error();
    if (rows->empty()) break;
    for (const StoredRow& row : *rows) {
      const Result<std::optional<FileEntry>> entry = body_of<FileEntry>(row.values);
      if (!entry || !*entry || row.values->size() != table.columns.size()) continue;
      if (items.size() < limit) items.push_back({std::get<std::string>((*row.values)[1]), **entry});
    }
    range.from = rows->back().at.key + '\0';
  }
  co_return items;
}

Task<Result<std::vector<FileRows::Numbered>>> FileRows::inodes(Partition partition) {
  const TableSchema table = inodes_table();
  KeyRange range{.limit = rows_a_page};
  std::vector<Numbered> all;
  while (true) {
    Task<Result<std::vector<StoredRow>>> scanning = records_.scan(table, partition, range);
    const Result<std::vector<StoredRow>> rows = co_await std::move(scanning);
    if (!rows) co_return rows.error();
    if (rows->empty()) break;
    for (const StoredRow& row : *rows) {
      Result<std::optional<FileInode>> inode = body_of<FileInode>(row.values);
      if (!inode) co_return inode.error();
      if (!*inode) continue;
      const Blob& bytes = std::get<Blob>(row.values->front());
      if (bytes.size() != std::tuple_size_v<InodeId>) continue;
      Numbered one{{}, std::move(**inode)};
      std::ranges::copy(bytes, one.id.begin());
      all.push_back(std::move(one));
    }
    range.from = rows->back().at.key + '\0';
  }
  co_return all;
}

Partition FileRows::partition_of_inode(const InodeId& id) const {
  const Row key{value_of(id)};
  return partition_of(inodes_table(), key);
}

InodeId FileRows::draw_inode() {
  InodeId id{};
  for (std::size_t i = 0; i < id.size(); i += sizeof(std::uint64_t)) {
    const std::uint64_t bits = node().random()();
    std::memcpy(id.data() + i, &bits, sizeof bits);
  }
  return id;
}

}  // namespace evenkeel
