// One run as rows of the result file: writing it, reading it, and the checksums over its rows.
// Only result_file.cpp uses these; the caller holds a transaction.
#pragma once

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

/// Over the rows of one run: its key, parts and scalars; and all the others.
std::int64_t scalars_checksum(const Database& database, std::int64_t run);
std::int64_t details_checksum(const Database& database, std::int64_t run);

[[noreturn]] void damaged(const Database& database, const std::string& what);

}  // namespace evenkeel::run_rows
