// What replicas compare: digests of a store's rows, and lists of keys with their versions.
#include <algorithm>

#include "models/storage/row_table.h"

namespace evenkeel {
namespace {

std::pair<Key, Version> version_at(const Statement& statement) {
  return {text_of(statement.blob(0)), decode_version(statement.blob(1))};
}

}  // namespace

RowsDigest RowStore::digest(std::string_view name, Partition partition) const {
  const Table* table = find(name);
  if (table == nullptr) return {};
  const auto found = table->digests.find(partition);
  return found == table->digests.end() ? RowsDigest{} : found->second;
}

Result<std::vector<RowsDigest>> RowStore::bucket_digests(std::string_view name,
                                                         Partition partition) {
  const Table* table = find(name);
  if (table == nullptr) return unknown_table(name);
  return sql_result([&]() -> Result<std::vector<RowsDigest>> {
    std::vector<RowsDigest> digests(buckets);
    Statement statement{*database_, table->versions()};
    statement.start(std::int64_t{partition});
    while (statement.step()) {
      const auto [key, version] = version_at(statement);
      include(digests[bucket_of(key)], key, version);
    }
    return digests;
  });
}

Result<ListBuckets::Answer> RowStore::list(std::string_view name, Partition partition,
                                           const std::vector<std::uint8_t>& wanted) {
  const Table* table = find(name);
  if (table == nullptr) return unknown_table(name);
  return sql_result([&]() -> Result<ListBuckets::Answer> {
    ListBuckets::Answer found;
    Statement statement{*database_, table->versions()};
    statement.start(std::int64_t{partition});
    while (found.size() < most_rows_a_message && statement.step()) {
      auto one = version_at(statement);
      if (std::ranges::find(wanted, bucket_of(one.first)) != wanted.end())
        found.push_back(std::move(one));
    }
    return found;
  });
}

Result<ListPromises::Answer> RowStore::promises(std::string_view name, Partition partition) {
  return sql_result([&]() -> Result<ListPromises::Answer> {
    ListPromises::Answer found;
    Statement statement{*database_,
                        "SELECT _key, ballot FROM promises WHERE name = ? AND _part = ?"};
    statement.start(name, std::int64_t{partition});
    while (statement.step()) found.push_back(version_at(statement));
    return found;
  });
}

Result<ListBuckets::Answer> RowStore::erased(std::string_view name, Partition partition,
                                             std::size_t limit) {
  const Table* table = find(name);
  if (table == nullptr) return unknown_table(name);
  return sql_result([&]() -> Result<ListBuckets::Answer> {
    ListBuckets::Answer found;
    Statement statement{*database_, table->versions(" AND _dead = 1")};
    statement.start(std::int64_t{partition});
    while (found.size() < limit && statement.step()) found.push_back(version_at(statement));
    return found;
  });
}

Result<Done> RowStore::recount() {
  return sql_result([&]() -> Result<Done> {
    for (const auto& [name, table] : tables_) {
      table->digests.clear();
      Statement statement{*database_, table->selection()};
      statement.start();
      while (statement.step()) {
        const StoredRow row = table->row_at(statement);
        include(table->digests[row.at.partition], row.at.key, row.version);
      }
    }
    return Done{};
  });
}

}  // namespace evenkeel
