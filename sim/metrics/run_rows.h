// One run as rows of the result file: writing it, reading it, and the checksums over its rows.
// Only result_file.cpp uses these; the caller holds a transaction.
#pragma once

#include <bit>
#include <cstdint>
#include <string>

#include "models/sql/database.h"
#include "sim/metrics/result_file.h"
#include "sim/metrics/run_result.h"

namespace evenkeel::run_rows {

/// As stored in `runs.chosen`: an object with its keys in order.
std::string chosen_text(const std::map<std::string, std::string>& chosen);

/// Inserts all rows of a run that is not there yet, its checksums included.
void write(Database& database, const RunResult& result);
void erase(Database& database, std::int64_t run);
RunKey key(const Database& database, std::int64_t run);
/// Throws UserError where rows are missing, make no sense, or differ from their checksum.
RunResult read(const Database& database, std::int64_t run, ResultFile::Detail detail);

/// Over every value of every row, with its kind and its length, in order: SQLite itself does not
/// notice a flipped bit within a value.
class RowsChecksum {
 public:
  void add(const Statement& row);
  std::int64_t value() const { return std::bit_cast<std::int64_t>(hash_); }

 private:
  std::uint64_t hash_ = 0;
  std::string row_ = {};
};

/// Over the rows of one run: its key, parts and scalars; its series, histograms and events; its
/// requests, of which there may be millions.
std::int64_t scalars_checksum(const Database& database, std::int64_t run);
std::int64_t details_checksum(const Database& database, std::int64_t run);
std::int64_t requests_checksum(const Database& database, std::int64_t run);

/// The requests of run ?1 in the order in which they ended, without a look at the index for each.
inline constexpr const char* requests_query =
    "SELECT number, class, site, server, end, deadline_missed, copies, sampled, sent_s, ended_s,"
    " decision_s, network_s, queue_s, compute_s, reply_s FROM requests WHERE +run = ?1"
    " AND rowid BETWEEN (SELECT min(rowid) FROM requests WHERE run = ?1)"
    " AND (SELECT max(rowid) FROM requests WHERE run = ?1) ORDER BY rowid";

[[noreturn]] void damaged(const Database& database, const std::string& what);

}  // namespace evenkeel::run_rows
