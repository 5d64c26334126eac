// A checksum over a run's rows: SQLite itself does not notice a flipped bit within a value.
#include <xxhash.h>

#include <bit>

#include "models/runtime/user_error.h"
#include "sim/metrics/run_rows.h"

namespace evenkeel::run_rows {
namespace {

/// Every value of every row, each with its kind and length, in order.
std::uint64_t hash_rows(const Database& database, const std::string& query, std::int64_t run,
                        std::uint64_t seed) {
  Statement rows(database, query);
  rows.start(run);
  std::string row;
  while (rows.step()) {
    row.clear();
    for (int column = 0; column < rows.columns(); ++column) {
      if (rows.is_null(column)) {
        row += "-;";
        continue;
      }
      const std::string value = rows.bytes(column);
      row += std::to_string(value.size()) + ":" + value;
    }
    seed = XXH3_64bits_withSeed(row.data(), row.size(), seed + 1);
  }
  return seed;
}

}  // namespace

std::int64_t scalars_checksum(const Database& database, std::int64_t run) {
  std::uint64_t hash = 0;
  for (const char* query :
       {"SELECT scenario, scenario_hash, seed, chosen, version, world, wall_s, fingerprint FROM "
        "runs"
        " WHERE run = ?",
        "SELECT scope, position, name FROM parts WHERE run = ? ORDER BY scope, position",
        "SELECT name, value FROM facts WHERE run = ? ORDER BY name",
        "SELECT scope, subject, name, unit, value FROM scalars WHERE run = ? ORDER BY rowid"}) {
    hash = hash_rows(database, query, run, hash);
  }
  return std::bit_cast<std::int64_t>(hash);
}

std::int64_t details_checksum(const Database& database, std::int64_t run) {
  std::uint64_t hash = 0;
  for (const char* query :
       {"SELECT scope, subject, name, unit, bucket_s, buckets FROM series_keys WHERE run = ?"
        " ORDER BY series",
        "SELECT bucket, value FROM series_keys JOIN series_points USING (series) WHERE run = ?"
        " ORDER BY series, bucket",
        "SELECT scope, subject, low_s, high_s, count FROM histograms WHERE run = ?"
        " ORDER BY rowid",
        "SELECT number, class, site, server, end, deadline_missed, copies, sampled, sent_s,"
        " ended_s, decision_s, network_s, queue_s, compute_s, reply_s FROM requests"
        " WHERE run = ? ORDER BY rowid",
        "SELECT at_s, node, kind, detail FROM events WHERE run = ? ORDER BY rowid"}) {
    hash = hash_rows(database, query, run, hash);
  }
  return std::bit_cast<std::int64_t>(hash);
}

void damaged(const Database& database, const std::string& what) {
  throw UserError({.file = database.path()}, "the result file is damaged: " + what);
}

}  // namespace evenkeel::run_rows
