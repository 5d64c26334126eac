// Writes a run's rows.
#include <nlohmann/json.hpp>

#include "sim/metrics/names_of.h"
#include "sim/metrics/result_fields.h"
#include "sim/metrics/run_rows.h"

namespace evenkeel::run_rows {
namespace {

class Writer {
 public:
  Writer(Database& database, const RunResult& result) : database_(database), result_(result) {}

  void write() {
    write_run();
    write_parts();
    write_facts();
    write_scalars();
    write_counts();
    write_series();
    write_histograms();
    write_requests();
    write_events();
  }
  std::int64_t run() const { return run_; }

 private:
  void write_run();
  void write_parts();
  void write_facts();
  void write_scalars();
  void write_counts();
  void write_series();
  void write_histograms();
  void write_requests();
  void write_events();

  template <class Part>
  void write_names(Statement& insert, Scope scope, const std::vector<Part>& parts) {
    int position = 0;
    for (const Part& part : parts) insert.run(run_, name_of(scope), position++, part.name);
  }

  Database& database_;
  const RunResult& result_;
  std::int64_t run_ = 0;
};

void Writer::write_run() {
  Statement insert(database_,
                   "INSERT INTO runs(scenario, scenario_hash, seed, chosen, version, world, wall_s,"
                   " fingerprint) VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
  insert.run(result_.scenario, result_.scenario_hash, result_.seed, chosen_text(result_.chosen),
             result_.version, result_.world, result_.wall_s, result_.fingerprint);
  run_ = database_.number("SELECT last_insert_rowid()");
}

void Writer::write_parts() {
  Statement insert(database_, "INSERT INTO parts(run, scope, position, name) VALUES(?, ?, ?, ?)");
  write_names(insert, Scope::request_class, result_.classes);
  write_names(insert, Scope::site, result_.sites);
  write_names(insert, Scope::node, result_.nodes);
  write_names(insert, Scope::link, result_.links);
  write_names(insert, Scope::count, result_.counts);
}

void Writer::write_facts() {
  if (result_.mpc.protocol.empty()) return;
  Statement insert(database_, "INSERT INTO facts(run, name, value) VALUES(?, ?, ?)");
  visit_facts(result_.mpc, [&](const char* name, const std::string& fact) {
    insert.run(run_, std::string("mpc.") + name, fact);
  });
}

void Writer::write_scalars() {
  Statement insert(database_,
                   "INSERT INTO scalars(run, scope, subject, name, unit, value)"
                   " VALUES(?, ?, ?, ?, ?, ?)");
  const auto scalar = [&](Scope scope, const std::string& subject) {
    return [this, &insert, scope, &subject](const char* name, const char* unit, auto value) {
      insert.run(run_, name_of(scope), subject, name, unit, static_cast<double>(value));
    };
  };
  visit_run(result_, scalar(Scope::run, {}));
  for (const auto& part : result_.classes) {
    visit_class(part, scalar(Scope::request_class, part.name));
  }
  for (const auto& part : result_.sites) visit_site(part, scalar(Scope::site, part.name));
  for (const auto& part : result_.nodes) visit_node(part, scalar(Scope::node, part.name));
  for (const auto& part : result_.links) visit_link(part, scalar(Scope::link, part.name));
}

void Writer::write_counts() {
  Statement insert(database_,
                   "INSERT INTO scalars(run, scope, subject, name, unit, value)"
                   " VALUES(?, ?, ?, ?, '1', ?)");
  for (const CountResult& count : result_.counts) {
    insert.run(run_, name_of(Scope::count), count.name, "total", count.total);
    for (const auto& [node, amount] : count.nodes) {
      insert.run(run_, name_of(Scope::node), node, "count." + count.name, amount);
    }
  }
}

void Writer::write_series() {
  Statement key(database_,
                "INSERT INTO series_keys(run, scope, subject, name, unit, bucket_s, buckets)"
                " VALUES(?, ?, ?, ?, ?, ?, ?)");
  Statement point(database_, "INSERT INTO series_points(series, bucket, value) VALUES(?, ?, ?)");
  for (const Series& series : result_.series) {
    key.run(run_, name_of(series.scope), series.subject, series.name, series.unit, result_.bucket_s,
            series.values.size());
    const std::int64_t id = database_.number("SELECT last_insert_rowid()");
    for (std::size_t bucket = 0; bucket < series.values.size(); ++bucket) {
      const double value = series.values[bucket];
      if (value == value) point.run(id, bucket, value);  // what is NaN has no row
    }
  }
}

void Writer::write_histograms() {
  Statement insert(database_,
                   "INSERT INTO histograms(run, scope, subject, low_s, high_s, count)"
                   " VALUES(?, ?, ?, ?, ?, ?)");
  for (const LatencyHistogram& histogram : result_.histograms) {
    for (const HistogramBin& bin : histogram.bins) {
      insert.run(run_, name_of(histogram.scope), histogram.subject, bin.low_s, bin.high_s,
                 bin.count);
    }
  }
}

void Writer::write_requests() {
  Statement insert(database_,
                   "INSERT INTO requests(run, number, class, site, server, end, deadline_missed,"
                   " copies, sampled, sent_s, ended_s, decision_s, network_s, queue_s, compute_s,"
                   " reply_s) VALUES(?, ?, ?, ?, NULLIF(?, -1), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (const auto& [record, sampled] : result_.requests) {
    insert.run(run_, record.number, std::int64_t{record.request_class}, std::int64_t{record.site},
               record.end == RequestEnd::completed ? std::int64_t{index(record.server)} : -1,
               name_of(record.end), record.deadline_missed, std::int64_t{record.copies}, sampled,
               to_seconds(record.sent), to_seconds(record.ended), to_seconds(record.decision),
               to_seconds(record.network), to_seconds(record.queue), to_seconds(record.compute),
               to_seconds(record.reply));
  }
}

void Writer::write_events() {
  Statement insert(database_,
                   "INSERT INTO events(run, at_s, node, kind, detail) VALUES(?, ?, ?, ?, ?)");
  for (const RunEvent& event : result_.events) {
    insert.run(run_, event.at_s, event.node, event.kind, event.detail);
  }
}

}  // namespace

std::string chosen_text(const std::map<std::string, std::string>& chosen) {
  using Handler = nlohmann::json::error_handler_t;
  return nlohmann::json(chosen).dump(-1, ' ', false, Handler::replace);
}

void write(Database& database, const RunResult& result) {
  Writer writer(database, result);
  writer.write();
  Statement update(database,
                   "UPDATE runs SET scalars_checksum = ?, details_checksum = ?,"
                   " requests_checksum = ? WHERE run = ?");
  const std::int64_t run = writer.run();
  const std::int64_t scalars = scalars_checksum(database, run);
  const std::int64_t details = details_checksum(database, run);
  update.run(scalars, details, requests_checksum(database, run), run);
}

void erase(Database& database, std::int64_t run) {
  const std::string where = " WHERE run = " + std::to_string(run);
  database.execute("DELETE FROM series_points WHERE series IN (SELECT series FROM series_keys" +
                   where + ")");
  for (const char* table :
       {"runs", "parts", "facts", "scalars", "series_keys", "histograms", "requests", "events"}) {
    database.execute(std::string("DELETE FROM ") + table + where);
  }
}

}  // namespace evenkeel::run_rows
