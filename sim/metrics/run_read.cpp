// Reads a run's rows back, and believes nothing in them.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/metrics/names_of.h"
#include "sim/metrics/result_fields.h"
#include "sim/metrics/run_rows.h"

namespace evenkeel::run_rows {
namespace {

constexpr std::int64_t series_values_limit = 50'000'000;

/// Assigns `value` to the scalar of a given name.
class Assign {
 public:
  Assign(std::string_view name, double value) : name_(name), value_(value) {}

  void operator()(std::string_view name, std::string_view, double& member) {
    if (name == name_) member = value_;
  }
  void operator()(std::string_view name, std::string_view, std::uint64_t& member) {
    constexpr double largest = 9e15;  // whole numbers up to here are exact
    if (name == name_ && value_ >= 0 && value_ <= largest) {
      member = static_cast<std::uint64_t>(value_);
    }
  }
  void operator()(std::string_view name, std::string_view, bool& member) {
    if (name == name_) member = value_ != 0;
  }

 private:
  std::string_view name_;
  double value_;
};

class Reader {
 public:
  Reader(const Database& database, std::int64_t run) : database_(database), run_(run) {}

  RunResult read(ResultFile::Detail detail) {
    const bool details = detail != ResultFile::Detail::scalars;
    read_run(details);
    read_parts();
    read_facts();
    read_scalars();
    if (details) {
      read_series();
      read_histograms();
      if (detail == ResultFile::Detail::all) read_requests();
      read_events();
    }
    return std::move(result_);
  }

 private:
  void read_run(bool details);
  void read_parts();
  void read_facts();
  void read_scalars();
  void read_scalar(Scope scope, const std::string& subject, const std::string& name, double value);
  void read_series();
  std::vector<double> read_points(std::int64_t series, std::int64_t buckets);
  void read_histograms();
  void read_requests();
  void read_events();

  Scope scope(const Statement& row, int column) const {
    const auto found = scope_named(row.text(column));
    if (!found) damaged(database_, "there is no scope '" + row.text(column) + "'");
    return *found;
  }
  Duration span(const Statement& row, int column) const { return seconds(row.real(column)); }
  std::uint32_t position(const Statement& row, int column, std::size_t count) const {
    const std::int64_t value = row.integer(column);
    if (value < 0 || static_cast<std::uint64_t>(value) >= count) {
      damaged(database_, "a request names class, site or node " + std::to_string(value) + " of " +
                             std::to_string(count));
    }
    return static_cast<std::uint32_t>(value);
  }

  [[noreturn]] void damage() const {
    damaged(database_, "run " + std::to_string(run_) + " is not what was written");
  }

  const Database& database_;
  std::int64_t run_;
  std::int64_t requests_checksum_ = 0;
  RunResult result_;
  std::size_t last_ = 0;  // where find_part() was successful
};

void Reader::read_run(bool details) {
  const RunKey key = run_rows::key(database_, run_);
  Statement row(database_,
                "SELECT scenario, fingerprint, scalars_checksum, details_checksum, world,"
                " requests_checksum FROM runs WHERE run = ?");
  row.start(run_);
  if (!row.step() || row.integer(2) != scalars_checksum(database_, run_) ||
      (details && row.integer(3) != details_checksum(database_, run_))) {
    damage();
  }
  requests_checksum_ = row.integer(5);
  result_.scenario_hash = key.scenario_hash;
  result_.seed = key.seed;
  result_.chosen = key.chosen;
  result_.version = key.version;
  result_.scenario = row.text(0);
  result_.fingerprint = row.text(1);
  result_.world = row.text(4);
}

void Reader::read_parts() {
  Statement row(database_,
                "SELECT scope, position, name FROM parts WHERE run = ? ORDER BY scope, position");
  row.start(run_);
  const auto append = [&](auto& parts) {
    if (row.integer(1) != static_cast<std::int64_t>(parts.size())) {
      damaged(database_, "parts of run " + std::to_string(run_) + " are missing");
    }
    parts.emplace_back().name = row.text(2);
  };
  while (row.step()) {
    switch (scope(row, 0)) {
      case Scope::request_class:
        append(result_.classes);
        break;
      case Scope::site:
        append(result_.sites);
        break;
      case Scope::node:
        append(result_.nodes);
        break;
      case Scope::link:
        append(result_.links);
        break;
      case Scope::count:
        append(result_.counts);
        break;
      case Scope::run:
        damaged(database_, "a run is no part of itself");
    }
  }
}

// Before the scalars, some of which only a run with a protocol has.
void Reader::read_facts() {
  Statement row(database_, "SELECT name, value FROM facts WHERE run = ? ORDER BY name");
  row.start(run_);
  while (row.step()) {
    const std::string name = row.text(0);
    visit_facts(result_.mpc, [&](const char* known, std::string& fact) {
      if (name == std::string("mpc.") + known) fact = row.text(1);
    });
  }
}

void Reader::read_scalars() {
  Statement row(database_,
                "SELECT scope, subject, name, value FROM scalars WHERE run = ? ORDER BY rowid");
  row.start(run_);
  while (row.step()) read_scalar(scope(row, 0), row.text(1), row.text(2), row.real(3));
}

/// Rows come grouped by part, in order: `last` and the one after it are tried first.
template <class Part>
Part* find_part(std::vector<Part>& parts, const std::string& name, std::size_t& last) {
  for (std::size_t i = last; i < std::min(last + 2, parts.size()); ++i) {
    if (parts[i].name == name) return &parts[last = i];
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].name == name) return &parts[last = i];
  }
  return nullptr;
}

void Reader::read_scalar(Scope scope, const std::string& subject, const std::string& name,
                         double value) {
  Assign assign(name, value);
  constexpr std::string_view count_prefix = "count.";
  if (scope == Scope::run) {
    visit_run(result_, assign);
  } else if (scope == Scope::request_class) {
    if (auto* part = find_part(result_.classes, subject, last_)) visit_class(*part, assign);
  } else if (scope == Scope::site) {
    if (auto* part = find_part(result_.sites, subject, last_)) visit_site(*part, assign);
  } else if (scope == Scope::link) {
    if (auto* part = find_part(result_.links, subject, last_)) visit_link(*part, assign);
  } else if (scope == Scope::count) {
    if (auto* part = find_part(result_.counts, subject, last_)) part->total = value;
  } else if (name.starts_with(count_prefix)) {
    auto* part = find_part(result_.counts, name.substr(count_prefix.size()), last_);
    if (part) part->nodes[subject] = value;
  } else if (auto* part = find_part(result_.nodes, subject, last_)) {
    visit_node(*part, assign);
  }
}

void Reader::read_series() {
  Statement row(database_,
                "SELECT series, scope, subject, name, unit, buckets FROM series_keys"
                " WHERE run = ? ORDER BY series");
  row.start(run_);
  std::int64_t values = 0;
  while (row.step()) {
    const std::int64_t buckets = row.integer(5);
    if (buckets < 0 || buckets > series_values_limit - values) {
      damaged(database_, "series of an impossible length");
    }
    values += buckets;
    result_.series.push_back({.name = row.text(3),
                              .unit = row.text(4),
                              .scope = scope(row, 1),
                              .subject = row.text(2),
                              .values = read_points(row.integer(0), buckets)});
  }
}

std::vector<double> Reader::read_points(std::int64_t series, std::int64_t buckets) {
  std::vector<double> values(static_cast<std::size_t>(buckets), no_value);
  Statement row(database_, "SELECT bucket, value FROM series_points WHERE series = ?");
  row.start(series);
  while (row.step()) {
    const std::int64_t bucket = row.integer(0);
    if (bucket < 0 || bucket >= buckets) damaged(database_, "a bucket outside its series");
    values[static_cast<std::size_t>(bucket)] = row.real(1);
  }
  return values;
}

void Reader::read_histograms() {
  // One for the whole run and one a class, those without any latency included.
  result_.histograms.push_back({.scope = Scope::run});
  for (const ClassResult& part : result_.classes) {
    result_.histograms.push_back({.scope = Scope::request_class, .subject = part.name});
  }
  Statement row(database_,
                "SELECT scope, subject, low_s, high_s, count FROM histograms WHERE run = ?"
                " ORDER BY rowid");
  row.start(run_);
  while (row.step()) {
    const Scope which = scope(row, 0);
    const std::string subject = row.text(1);
    const auto found =
        std::find_if(result_.histograms.begin(), result_.histograms.end(),
                     [&](const auto& one) { return one.scope == which && one.subject == subject; });
    if (found == result_.histograms.end()) damaged(database_, "a histogram of nothing");
    if (row.integer(4) < 0) damaged(database_, "a bin with a negative count");
    found->bins.push_back({.low_s = row.real(2),
                           .high_s = row.real(3),
                           .count = static_cast<std::uint64_t>(row.integer(4))});
  }
}

void Reader::read_requests() {
  Statement row(database_, requests_query);
  row.start(run_);
  RowsChecksum checksum;
  while (row.step()) {
    checksum.add(row);
    const auto end = request_end_named(row.text(4));
    if (!end) damaged(database_, "a request cannot end as '" + row.text(4) + "'");
    const bool completed = *end == RequestEnd::completed;
    RequestRecord record{.number = static_cast<std::uint64_t>(row.integer(0)),
                         .request_class = position(row, 1, result_.classes.size()),
                         .site = position(row, 2, result_.sites.size()),
                         .end = *end,
                         .deadline_missed = row.integer(5) != 0,
                         .copies = static_cast<std::uint8_t>(row.integer(6) & 0xff),
                         .sent = span(row, 8),
                         .ended = span(row, 9),
                         .decision = span(row, 10),
                         .network = span(row, 11),
                         .queue = span(row, 12),
                         .compute = span(row, 13),
                         .reply = span(row, 14)};
    if (completed) record.server = NodeId{position(row, 3, result_.nodes.size())};
    result_.requests.push_back({.record = record, .sampled = row.integer(7) != 0});
  }
  if (checksum.value() != requests_checksum_) damage();
}

void Reader::read_events() {
  Statement row(database_,
                "SELECT at_s, node, kind, detail FROM events WHERE run = ? ORDER BY rowid");
  row.start(run_);
  while (row.step()) {
    result_.events.push_back(
        {.at_s = row.real(0), .node = row.text(1), .kind = row.text(2), .detail = row.text(3)});
  }
}

}  // namespace

RunKey key(const Database& database, std::int64_t run) {
  Statement row(database, "SELECT scenario_hash, seed, chosen, version FROM runs WHERE run = ?");
  row.start(run);
  if (!row.step()) damaged(database, "there is no run " + std::to_string(run));
  RunKey key{.scenario_hash = row.text(0),
             .seed = static_cast<std::uint64_t>(row.integer(1)),
             .version = row.text(3)};
  const auto chosen = nlohmann::json::parse(row.text(2), nullptr, false);
  if (!chosen.is_object()) damaged(database, "the chosen values are no object");
  for (const auto& [path, value] : chosen.items()) {
    if (!value.is_string()) damaged(database, "a chosen value is no text");
    key.chosen[path] = value.get<std::string>();
  }
  return key;
}

RunResult read(const Database& database, std::int64_t run, ResultFile::Detail detail) {
  return Reader(database, run).read(detail);
}

}  // namespace evenkeel::run_rows
