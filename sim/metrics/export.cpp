#include "sim/metrics/export.h"

#include <algorithm>
#include <ostream>
#include <set>

#include "sim/metrics/names_of.h"
#include "sim/metrics/result_fields.h"
#include "sim/metrics/table_writer.h"

namespace evenkeel {
namespace {

using Columns = std::vector<std::string>;

Columns own_columns(ExportWhat what) {
  switch (what) {
    case ExportWhat::scalars:
      return {"scope", "subject", "name", "unit", "value"};
    case ExportWhat::facts:
      return {"name", "value"};
    case ExportWhat::series:
      return {"scope", "subject", "name", "unit", "bucket_start_s", "value"};
    case ExportWhat::histograms:
      return {"scope", "subject", "low_s", "high_s", "count"};
    case ExportWhat::requests:
      break;
  }
  return {"number",    "class",   "site",      "server",  "end",       "deadline_missed",
          "copies",    "sampled", "sent_s",    "ended_s", "latency_s", "decision_s",
          "network_s", "queue_s", "compute_s", "reply_s"};
}

/// Every path that any run chose a value for.
std::set<std::string> chosen_paths(const ResultFile& file) {
  std::set<std::string> paths;
  for (const std::int64_t run : file.runs()) {
    for (const auto& [path, value] : file.key(run).chosen) paths.insert(path);
  }
  return paths;
}

Columns all_columns(ExportWhat what, const std::set<std::string>& paths) {
  Columns columns = {"run", "scenario", "seed", "version", "world"};
  const Columns own = own_columns(what);
  for (const std::string& path : paths) {
    const bool taken = std::count(columns.begin(), columns.end(), path) > 0 ||
                       std::count(own.begin(), own.end(), path) > 0;
    columns.push_back(taken ? "set." + path : path);
  }
  columns.insert(columns.end(), own.begin(), own.end());
  return columns;
}

/// The rows of one run.
class RunTable {
 public:
  RunTable(TableWriter& table, const RunResult& result, std::vector<Cell> first)
      : table_(table), result_(result), first_(std::move(first)) {}

  void write(ExportWhat what) {
    switch (what) {
      case ExportWhat::scalars:
        return write_scalars();
      case ExportWhat::facts:
        return write_facts();
      case ExportWhat::series:
        return write_series();
      case ExportWhat::requests:
        return write_requests();
      case ExportWhat::histograms:
        return write_histograms();
    }
  }

 private:
  void row(std::initializer_list<Cell> own) {
    std::vector<Cell> cells = first_;
    cells.insert(cells.end(), own.begin(), own.end());
    table_.row(cells);
  }
  auto scalar(Scope scope, std::string subject) {
    return [this, scope, subject](const char* name, const char* unit, auto value) {
      row({std::string(name_of(scope)), subject, name, unit, value});
    };
  }
  void write_scalars();
  void write_facts();
  void write_series();
  void write_requests();
  void write_histograms();

  TableWriter& table_;
  const RunResult& result_;
  std::vector<Cell> first_;
};

void RunTable::write_scalars() {
  visit_run(result_, scalar(Scope::run, ""));
  for (const auto& part : result_.classes) {
    visit_class(part, scalar(Scope::request_class, part.name));
  }
  for (const auto& part : result_.sites) visit_site(part, scalar(Scope::site, part.name));
  for (const auto& part : result_.nodes) visit_node(part, scalar(Scope::node, part.name));
  for (const auto& part : result_.links) visit_link(part, scalar(Scope::link, part.name));
  for (const auto& count : result_.counts) {
    scalar(Scope::count, count.name)("total", "1", count.total);
    for (const auto& [node, amount] : count.nodes) {
      row({std::string(name_of(Scope::node)), node, "count." + count.name, "1", amount});
    }
  }
}

void RunTable::write_facts() {
  if (result_.mpc.protocol.empty()) return;
  visit_facts(result_.mpc, [this](const char* name, const std::string& fact) {
    row({std::string("mpc.") + name, fact});
  });
}

void RunTable::write_series() {
  for (const Series& series : result_.series) {
    for (std::size_t bucket = 0; bucket < series.values.size(); ++bucket) {
      const double start = static_cast<double>(bucket) * result_.bucket_s;
      row({std::string(name_of(series.scope)), series.subject, series.name, series.unit, start,
           series.values[bucket]});
    }
  }
}

void RunTable::write_requests() {
  for (const auto& [record, sampled] : result_.requests) {
    const bool completed = record.end == RequestEnd::completed;
    const Cell server = completed ? Cell(result_.nodes[index(record.server)].name) : Cell();
    row({record.number, result_.classes[record.request_class].name, result_.sites[record.site].name,
         server, std::string(name_of(record.end)), record.deadline_missed,
         std::uint64_t{record.copies}, sampled, to_seconds(record.sent), to_seconds(record.ended),
         to_seconds(record.latency()), to_seconds(record.decision), to_seconds(record.network),
         to_seconds(record.queue), to_seconds(record.compute), to_seconds(record.reply)});
  }
}

void RunTable::write_histograms() {
  for (const LatencyHistogram& histogram : result_.histograms) {
    for (const HistogramBin& bin : histogram.bins) {
      row({std::string(name_of(histogram.scope)), histogram.subject, bin.low_s, bin.high_s,
           bin.count});
    }
  }
}

}  // namespace

std::optional<ExportWhat> export_what_named(std::string_view name) {
  if (name == "scalars") return ExportWhat::scalars;
  if (name == "facts") return ExportWhat::facts;
  if (name == "series") return ExportWhat::series;
  if (name == "requests") return ExportWhat::requests;
  if (name == "histograms") return ExportWhat::histograms;
  return std::nullopt;
}

std::optional<ExportFormat> export_format_named(std::string_view name) {
  if (name == "csv") return ExportFormat::csv;
  if (name == "json") return ExportFormat::json;
  return std::nullopt;
}

void export_result(const ResultFile& file, ExportWhat what, ExportFormat format,
                   std::ostream& out) {
  const std::set<std::string> paths = chosen_paths(file);
  const Columns columns = all_columns(what, paths);
  const auto table =
      format == ExportFormat::csv ? csv_table(out, columns) : json_table(out, columns);
  const auto detail = what == ExportWhat::scalars || what == ExportWhat::facts
                          ? ResultFile::Detail::scalars
                          : ResultFile::Detail::all;
  for (const std::int64_t run : file.runs()) {
    const RunResult result = file.read_run(run, detail);
    std::vector<Cell> first = {run, result.scenario, result.seed, result.version, result.world};
    for (const std::string& path : paths) {
      const auto found = result.chosen.find(path);
      first.push_back(found == result.chosen.end() ? Cell() : Cell(found->second));
    }
    RunTable(*table, result, std::move(first)).write(what);
  }
  table->end();
}

}  // namespace evenkeel
