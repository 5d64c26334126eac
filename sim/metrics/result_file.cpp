#include "sim/metrics/result_file.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <xxhash.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "models/runtime/user_error.h"
#include "sim/metrics/hash_digits.h"
#include "sim/metrics/result_schema.h"
#include "sim/metrics/run_rows.h"

namespace evenkeel {
namespace {

namespace fs = std::filesystem;

/// Says more than SQLite would about a file that it could not use.
const std::string& checked_path(const std::string& path, ResultFile::Mode mode) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  const bool writing = mode == ResultFile::Mode::write;
  if (status.type() == fs::file_type::not_found) {
    if (writing) return path;
    throw UserError({.file = path}, "there is no such file");
  }
  if (!fs::is_regular_file(status)) throw UserError({.file = path}, "this is no regular file");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw UserError({.file = path}, "cannot read the file");
  if (file.peek() == std::ifstream::traits_type::eof()) {
    if (writing) return path;
    throw UserError({.file = path}, "the file is empty; a result file is made by run or compare");
  }
  if (!looks_like_result_file(path)) {
    throw UserError({.file = path}, "this is not a result file (it is no SQLite database)");
  }
  return path;
}

/// Whatever SQLite refuses is the file's fault: it came from outside, and may be anything.
[[noreturn]] void tell(const std::string& path, const SqlError& error) {
  const std::string why = error.what();
  switch (error.kind()) {
    case SQLITE_CORRUPT:
    case SQLITE_ERROR:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      throw UserError({.file = path}, "the result file is damaged: " + why);
    case SQLITE_NOTADB:
      throw UserError({.file = path}, "this is not a result file: " + why);
    case SQLITE_CANTOPEN:
      throw UserError({.file = path}, "cannot open the result file: " + why);
    case SQLITE_BUSY:
      throw UserError({.file = path}, "another process holds the result file: " + why);
    default:
      throw UserError({.file = path}, "cannot use the result file: " + why);
  }
}

/// What a database's tables, indices and views are made of.
std::string schema_of(const Database& database) {
  Statement rows(database, "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name");
  std::string schema;
  while (rows.step()) schema += rows.text(0) + ' ' + rows.text(1) + ' ' + rows.text(2) + '\n';
  return schema;
}

std::string expected_schema() {
  Database memory(":memory:", Database::Mode::write);
  memory.execute(result_schema);
  return schema_of(memory);
}

nlohmann::json parsed(const Database& database, const std::string& text) {
  auto json = nlohmann::json::parse(text, nullptr, false);
  if (json.is_discarded()) run_rows::damaged(database, "unreadable JSON in a study");
  return json;
}

std::string dumped(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

bool looks_like_result_file(const std::string& path) {
  using namespace std::string_literals;
  const std::string expected = "SQLite format 3\0"s;
  std::string magic(expected.size(), ' ');
  std::ifstream file(path, std::ios::binary);
  return file.read(magic.data(), static_cast<std::streamsize>(magic.size())) && magic == expected;
}

std::string scenario_hash(const std::string& scenario_text) {
  return hash_digits(XXH3_128bits(scenario_text.data(), scenario_text.size()));
}

RunKey key_of(const RunResult& result) {
  return {.scenario_hash = result.scenario_hash,
          .seed = result.seed,
          .chosen = result.chosen,
          .version = result.version};
}

template <class Work>
auto ResultFile::told(const Work& work) const {
  try {
    return work();
  } catch (const SqlError& error) {
    tell(path(), error);
  }
}

ResultFile::ResultFile(const std::string& path, Mode mode) try
    : database_(checked_path(path, mode), mode) {
  if (mode == Mode::write) create();
  check_format();
} catch (const SqlError& error) {
  tell(path, error);
}

/// Makes the tables in a database that has none: in one transaction, as two may try at once.
void ResultFile::create() {
  if (database_.number("SELECT count(*) FROM sqlite_schema") > 0) return;
  Transaction transaction(database_, Transaction::Kind::write);
  if (database_.number("SELECT count(*) FROM sqlite_schema") > 0) return;
  database_.execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}",
                                result_application_id, result_format));
  database_.execute(result_schema);
  transaction.commit();
}

void ResultFile::check_format() const {
  if (database_.number("PRAGMA application_id") != result_application_id) {
    throw UserError({.file = path()},
                    "this is an SQLite database of another program, not a result file");
  }
  const std::int64_t format = database_.number("PRAGMA user_version");
  if (format > result_format) {
    throw UserError({.file = path()},
                    fmt::format("the file has format {}, of a newer evenkeel; this one reads up to"
                                " format {}",
                                format, result_format));
  }
  if (format > 0 && format < result_format) {
    throw UserError({.file = path()},
                    fmt::format("the file has format {}, of an older evenkeel; this one reads"
                                " format {}: run the study again, into another file",
                                format, result_format));
  }
  if (format != result_format || schema_of(database_) != expected_schema()) {
    run_rows::damaged(database_, "its tables are not those of a result file");
  }
}

void ResultFile::put_study(const StudyInfo& study) {
  told([&] {
    Statement insert(database_,
                     "INSERT OR REPLACE INTO studies(scenario_hash, name, question, scenario_text,"
                     " matrix, charts, baseline, metric, directory)"
                     " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert.run(study.scenario_hash, study.name, study.question, study.scenario_text,
               dumped(study.matrix), dumped(study.charts), study.baseline, study.metric,
               study.directory);
  });
}

namespace {

std::vector<StudyInfo> read_studies(const Database& database) {
  Statement row(database,
                "SELECT scenario_hash, name, question, scenario_text, matrix, charts, baseline,"
                " metric, directory FROM studies ORDER BY rowid");
  std::vector<StudyInfo> result;
  while (row.step()) {
    StudyInfo study{.scenario_hash = row.text(0),
                    .name = row.text(1),
                    .question = row.text(2),
                    .scenario_text = row.text(3),
                    .baseline = row.text(6),
                    .metric = row.text(7),
                    .directory = row.text(8)};
    try {
      parsed(database, row.text(4)).get_to(study.matrix);
      parsed(database, row.text(5)).get_to(study.charts);
    } catch (const nlohmann::json::exception&) {
      run_rows::damaged(database, "unreadable JSON in a study");
    }
    result.push_back(std::move(study));
  }
  return result;
}

/// The number of the run with this key; 0 if there is none.
std::int64_t find_run(const Database& database, const RunKey& key) {
  Statement row(database,
                "SELECT run FROM runs WHERE scenario_hash = ? AND seed = ? AND chosen = ?"
                " AND version = ?");
  row.start(key.scenario_hash, key.seed, run_rows::chosen_text(key.chosen), key.version);
  return row.step() ? row.integer(0) : 0;
}

}  // namespace

std::vector<StudyInfo> ResultFile::studies() const {
  return told([&] { return read_studies(database_); });
}

bool ResultFile::has_run(const RunKey& key) const {
  return told([&] { return find_run(database_, key) != 0; });
}

void ResultFile::add_run(const RunResult& result) {
  told([&] {
    Transaction transaction(database_, Transaction::Kind::write);
    if (const std::int64_t old = find_run(database_, key_of(result)))
      run_rows::erase(database_, old);
    run_rows::write(database_, result);
    transaction.commit();
  });
}

std::vector<std::int64_t> ResultFile::runs() const {
  return told([&] {
    Statement row(database_, "SELECT run FROM runs ORDER BY run");
    std::vector<std::int64_t> result;
    while (row.step()) result.push_back(row.integer(0));
    return result;
  });
}

RunKey ResultFile::key(std::int64_t run) const {
  return told([&] { return run_rows::key(database_, run); });
}

RunResult ResultFile::read_run(std::int64_t run, Detail detail) const {
  return told([&] {
    Transaction transaction(database_, Transaction::Kind::read);
    return run_rows::read(database_, run, detail);
  });
}

}  // namespace evenkeel
