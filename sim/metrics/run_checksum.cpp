// Checksums over a run's rows.
#include <sqlite3.h>
#include <xxhash.h>

#include "models/runtime/user_error.h"
#include "sim/metrics/run_rows.h"

namespace evenkeel::run_rows {
namespace {

void hash_rows(const Database& database, const char* query, std::int64_t run,
               RowsChecksum& checksum) {
  Statement rows(database, query);
  rows.start(run);
  while (rows.step()) checksum.add(rows);
}

void append(std::string& row, char kind, const void* bytes, std::size_t size) {
  const auto length = static_cast<std::uint32_t>(size);
  row += kind;
  row.append(reinterpret_cast<const char*>(&length), sizeof length);
  row.append(static_cast<const char*>(bytes), size);
}

}  // namespace

void RowsChecksum::add(const Statement& row) {
  row_.clear();
  for (int column = 0; column < row.columns(); ++column) {
    const int type = row.type(column);
    const char kind = static_cast<char>(type);
    if (type == SQLITE_INTEGER) {
      const std::int64_t value = row.integer(column);
      append(row_, kind, &value, sizeof value);
    } else if (type == SQLITE_FLOAT) {
      const double value = row.real(column);
      append(row_, kind, &value, sizeof value);
    } else if (type == SQLITE_NULL) {
      append(row_, kind, "", 0);
    } else {
      const std::span<const std::byte> value = row.view(column);
      append(row_, kind, value.data(), value.size());
    }
  }
  hash_ = XXH3_64bits_withSeed(row_.data(), row_.size(), hash_ + 1);
}

std::int64_t scalars_checksum(const Database& database, std::int64_t run) {
  RowsChecksum checksum;
  for (const char* query :
       {"SELECT scenario, scenario_hash, seed, chosen, version, world, wall_s, fingerprint FROM "
        "runs"
        " WHERE run = ?",
        "SELECT scope, position, name FROM parts WHERE run = ? ORDER BY scope, position",
        "SELECT name, value FROM facts WHERE run = ? ORDER BY name",
        "SELECT scope, subject, name, unit, value FROM scalars WHERE run = ? ORDER BY rowid"}) {
    hash_rows(database, query, run, checksum);
  }
  return checksum.value();
}

std::int64_t details_checksum(const Database& database, std::int64_t run) {
  RowsChecksum checksum;
  for (const char* query :
       {"SELECT scope, subject, name, unit, bucket_s, buckets FROM series_keys WHERE run = ?"
        " ORDER BY series",
        "SELECT bucket, value FROM series_keys JOIN series_points USING (series) WHERE run = ?"
        " ORDER BY series, bucket",
        "SELECT scope, subject, low_s, high_s, count FROM histograms WHERE run = ?"
        " ORDER BY rowid",
        "SELECT at_s, node, kind, detail FROM events WHERE run = ? ORDER BY rowid"}) {
    hash_rows(database, query, run, checksum);
  }
  return checksum.value();
}

std::int64_t requests_checksum(const Database& database, std::int64_t run) {
  RowsChecksum checksum;
  hash_rows(database, requests_query, run, checksum);
  return checksum.value();
}

void damaged(const Database& database, const std::string& what) {
  throw UserError({.file = database.path()}, "the result file is damaged: " + what);
}

}  // namespace evenkeel::run_rows
