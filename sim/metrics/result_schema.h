// The tables of the result file. In `scalars`, `series_keys` and `histograms`, scope is one of run,
// class, site, node, link, count, and subject the name of the one meant (empty for the run).
#pragma once

#include <cstdint>
#include <string_view>

namespace evenkeel {

inline constexpr std::int64_t result_application_id = 0x45564b4c;  // "EVKL"
inline constexpr std::int64_t result_format = 5;                   // PRAGMA user_version

inline constexpr const char* result_schema = R"sql(
CREATE TABLE studies(
  scenario_hash TEXT PRIMARY KEY, name TEXT NOT NULL, question TEXT NOT NULL,
  scenario_text TEXT NOT NULL, matrix TEXT NOT NULL, charts TEXT NOT NULL,
  baseline TEXT NOT NULL, metric TEXT NOT NULL, directory TEXT NOT NULL);
CREATE TABLE runs(
  run INTEGER PRIMARY KEY, scenario TEXT NOT NULL, scenario_hash TEXT NOT NULL,
  seed INTEGER NOT NULL, chosen TEXT NOT NULL, version TEXT NOT NULL, world TEXT NOT NULL,
  wall_s REAL,
  fingerprint TEXT NOT NULL, scalars_checksum INTEGER, details_checksum INTEGER,
  requests_checksum INTEGER,
  UNIQUE(scenario_hash, seed, chosen, version));
CREATE TABLE parts(
  run INTEGER NOT NULL, scope TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL,
  PRIMARY KEY(run, scope, position)) WITHOUT ROWID;
CREATE TABLE facts(
  run INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(run, name));
CREATE TABLE scalars(
  run INTEGER NOT NULL, scope TEXT NOT NULL, subject TEXT NOT NULL, name TEXT NOT NULL,
  unit TEXT NOT NULL, value REAL);
CREATE INDEX scalars_of_run ON scalars(run);
CREATE TABLE series_keys(
  series INTEGER PRIMARY KEY, run INTEGER NOT NULL, scope TEXT NOT NULL, subject TEXT NOT NULL,
  name TEXT NOT NULL, unit TEXT NOT NULL, bucket_s REAL NOT NULL, buckets INTEGER NOT NULL);
CREATE INDEX series_of_run ON series_keys(run);
CREATE TABLE series_points(
  series INTEGER NOT NULL, bucket INTEGER NOT NULL, value REAL NOT NULL,
  PRIMARY KEY(series, bucket)) WITHOUT ROWID;
CREATE VIEW series AS
  SELECT run, scope, subject, name, unit, bucket * bucket_s AS bucket_start_s, value
  FROM series_keys JOIN series_points USING (series);
CREATE TABLE histograms(
  run INTEGER NOT NULL, scope TEXT NOT NULL, subject TEXT NOT NULL, low_s REAL NOT NULL,
  high_s REAL NOT NULL, count INTEGER NOT NULL);
CREATE INDEX histograms_of_run ON histograms(run);
CREATE TABLE requests(
  run INTEGER NOT NULL, number INTEGER NOT NULL, class INTEGER NOT NULL, site INTEGER NOT NULL,
  server INTEGER, end TEXT NOT NULL, deadline_missed INTEGER NOT NULL, copies INTEGER NOT NULL,
  sampled INTEGER NOT NULL, sent_s REAL NOT NULL, ended_s REAL NOT NULL,
  decision_s REAL NOT NULL, network_s REAL NOT NULL, queue_s REAL NOT NULL,
  compute_s REAL NOT NULL, reply_s REAL NOT NULL);
CREATE INDEX requests_of_run ON requests(run);
CREATE TABLE events(
  run INTEGER NOT NULL, at_s REAL NOT NULL, node TEXT NOT NULL, kind TEXT NOT NULL,
  detail TEXT NOT NULL);
CREATE INDEX events_of_run ON events(run);
)sql";

}  // namespace evenkeel
