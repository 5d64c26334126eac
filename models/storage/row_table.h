// What a row store knows of one table, and how it reads a row back: for its own sources alone.
#pragma once

#include <sqlite3.h>
#include <xxhash.h>

#include "models/storage/row_store.h"

namespace evenkeel {

inline Error unknown_table(std::string_view table) {
  return {ErrorCode::not_found, "no table '" + std::string{table} + "' here; define it first"};
}

// The order of rows does not matter to a sum by xor, so it can follow every write.
inline std::uint64_t hash_of(const Key& key, const Version& version) {
  const Blob bytes = encode_version(version);
  return XXH3_64bits_withSeed(key.data(), key.size(), XXH3_64bits(bytes.data(), bytes.size()));
}

inline void include(RowsDigest& digest, const Key& key, const Version& version) {
  ++digest.rows;
  digest.sum ^= hash_of(key, version);
}

inline std::int64_t sum_of(const StoredRow& row) {
  const Blob bytes = encoded(row);
  return static_cast<std::int64_t>(XXH3_64bits(bytes.data(), bytes.size()));
}

inline void exclude(RowsDigest& digest, const Key& key, const Version& version) {
  --digest.rows;
  digest.sum ^= hash_of(key, version);
}

inline Value value_at(const Statement& statement, int column) {
  if (statement.is_null(column)) return {};
  switch (statement.type(column)) {
    case SQLITE_INTEGER:
      return statement.integer(column);
    case SQLITE_FLOAT:
      return statement.real(column);
    case SQLITE_TEXT:
      return statement.text(column);
    default:
      return statement.blob(column);
  }
}

// What is known of a table, and its statements, prepared when first used.
struct RowStore::Table {
  TableSchema schema;
  std::string physical;  // quoted
  std::string columns;   // ", "a", "b""
  std::map<Partition, RowsDigest> digests;
  std::unique_ptr<Statement> read_version, read_row, write_row, read_promise, write_promise,
      drop_promise, drop_row;

  /// `sql` makes the text, when it is first needed.
  template <class Sql>
  Statement& prepared(std::unique_ptr<Statement>& slot, const Database& database, Sql sql) {
    if (slot == nullptr) slot = std::make_unique<Statement>(database, sql());
    return *slot;
  }
  /// What row_at reads.
  std::string selection() const {
    return "SELECT _part, _key, _version, _dead, _sum" + columns + " FROM " + physical;
  }

  /// The keys of one partition, in their order, and their versions.
  std::string versions(const std::string& more = "") const {
    return "SELECT _key, _version FROM " + physical + " WHERE _part = ?" + more + " ORDER BY _key";
  }

  // The statement stands on a row of selection(). Throws if the row is not what was written.
  StoredRow row_at(const Statement& statement) const {
    StoredRow row{.at = {static_cast<Partition>(statement.integer(0)), text_of(statement.view(1))},
                  .version = decode_version(statement.view(2))};
    if (statement.integer(3) == 0) {
      Row& values = row.values.emplace();
      for (std::size_t i = 0; i < schema.columns.size(); ++i)
        values.push_back(value_at(statement, static_cast<int>(i) + 5));
    }
    if (statement.integer(4) != sum_of(row))
      throw SqlError(SQLITE_CORRUPT, "a row of '" + schema.name + "' is not what was written");
    return row;
  }
};

}  // namespace evenkeel
