#include "sim/deployment/placed_streams.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/processing/stream_outlet.h"

namespace evenkeel {

std::optional<NodeId> nearest_of(const Platform& platform, NodeId from,
                                 const std::vector<NodeId>& candidates) {
  std::optional<NodeId> best;
  for (const NodeId candidate : candidates)
    if (platform.latency(from, candidate) != never &&
        (!best || platform.latency(from, candidate) < platform.latency(from, *best)))
      best = candidate;
  return best;
}

std::vector<std::uint32_t> places_of(const std::vector<Column>& columns,
                                     const std::vector<Name>& names, const std::string& what) {
  std::vector<std::uint32_t> places;
  for (const Name& name : names) {
    const auto found = std::ranges::find(columns, name.text, &Column::name);
    if (found == columns.end()) {
      std::vector<std::string> known;
      for (const Column& column : columns) known.push_back(column.name);
      throw UserError(name.place, fmt::format("{} has no column '{}'{}", what, name.text,
                                              suggestion(name.text, known)));
    }
    places.push_back(static_cast<std::uint32_t>(found - columns.begin()));
  }
  return places;
}

std::vector<AggregateOf> aggregates_of(const std::vector<AggregateChoice>& chosen,
                                       const std::vector<Column>& columns,
                                       const std::string& what) {
  std::vector<AggregateOf> all;
  for (const AggregateChoice& one : chosen)
    all.push_back({one.kind, places_of(columns, one.of, what)});
  return all;
}

namespace {

class StreamPlacer {
 public:
  StreamPlacer(const Scenario& scenario, const Deployment& deployment, const Platform& platform,
               const StreamChoice& choice)
      : scenario_(scenario), deployment_(deployment), platform_(platform), choice_(choice) {}

  PlacedStream place(const std::vector<NodeId>& table_sources) {
    placed_.name = choice_.name;
    placed_.table = choice_.table.text;
    placed_.purpose = choice_.purpose;
    placed_.columns = columns();
    const std::string what = "stream '" + choice_.name + "'";
    const std::vector<Column>& columns = placed_.columns.columns;
    if (!choice_.time.text.empty())
      placed_.time_column = places_of(columns, {choice_.time}, what).front();
    placed_.sources =
        placed_.table.empty() ? nodes_of_kinds(scenario_, deployment_, choice_.on) : table_sources;
    if (placed_.sources.empty()) fail("nobody takes its events; add 'on' with a node kind");
    spec_ = {.name = choice_.name,
             .stream = choice_.name,
             .sources = placed_.sources,
             .group_by = places_of(columns, choice_.group_by, what),
             .window = choice_.window,
             .aggregates = aggregates_of(choice_.aggregates, columns, what),
             .watermark = {.bound = choice_.out_of_order, .idle_after = choice_.idle_after},
             .lateness = choice_.lateness};
    placed_.plan = plan(spec_);
    place_jobs();
    if (!choice_.into.text.empty()) {
      placed_.into = outlet_table(choice_.into.text, placed_.plan, columns);
      placed_.into->regions = static_cast<std::uint8_t>(scenario_.storage->homes.size() + 1);
      if (const Result<Done> fits = check_schema(*placed_.into); !fits) fail(fits.error().detail);
    }
    return std::move(placed_);
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw UserError(choice_.place, fmt::format("stream '{}': {}", choice_.name, why));
  }

  TableSchema columns() const {
    if (choice_.table.text.empty()) {
      TableSchema events{.name = choice_.name, .columns = choice_.columns};
      if (const Result<Done> fits = check_schema(events); !fits) fail(fits.error().detail);
      return events;
    }
    const std::vector<TableSchema>& tables = scenario_.storage->tables;  // it is there: checked
    const TableSchema& table = *std::ranges::find(tables, choice_.table.text, &TableSchema::name);
    if (!scenario_.storage->changes.empty())
      fail(
          "the first replicas of a table tell its rows, so they must stay: write no 'changes' in "
          "'storage', or let devices send events");
    if (table.kind == TableKind::cas)
      fail("rows of a table with 'cas' are no events: what was proposed may not be chosen");
    return table;
  }

  StreamPlan plan(const StreamSpec& spec) const {
    Result<StreamPlan> made = StreamPlan::make(spec);
    if (!made) fail(made.error().detail);
    return std::move(*made);
  }

  // Each source is read by one owner.
  void place_jobs() {
    const std::vector<NodeId> owners = nodes_of_kinds(scenario_, deployment_, choice_.owners);
    const std::vector<NodeId> standbys = nodes_of_kinds(scenario_, deployment_, choice_.standbys);
    std::map<NodeId, std::vector<NodeId>> sources;
    for (const NodeId source : placed_.sources)
      if (const auto owner = nearest_of(platform_, source, owners))
        sources[*owner].push_back(source);
    for (auto& [owner, its] : sources) {
      StreamSpec spec = spec_;
      spec.name = choice_.name + "@" + platform_.node(owner).name;
      spec.sources = std::move(its);
      PlacedJob job{.plan = plan(spec), .owner = owner};
      std::vector<NodeId> others = standbys;
      std::erase(others, owner);
      job.standby = nearest_of(platform_, owner, others);
      if (!choice_.standbys.empty() && !job.standby)
        fail("no node can stand by for " + platform_.node(owner).name);
      placed_.jobs.push_back(std::move(job));
    }
    if (placed_.jobs.empty()) fail("none of its owners can reach its sources");
  }

  const Scenario& scenario_;
  const Deployment& deployment_;
  const Platform& platform_;
  const StreamChoice& choice_;
  StreamSpec spec_;
  PlacedStream placed_;
};

}  // namespace

std::vector<PlacedStream> place_streams(const Scenario& scenario, const Deployment& deployment,
                                        const Platform& platform,
                                        const std::vector<NodeId>& table_sources) {
  std::vector<PlacedStream> all;
  if (!scenario.processing) return all;
  for (const StreamChoice& choice : scenario.processing->streams)
    all.push_back(StreamPlacer{scenario, deployment, platform, choice}.place(table_sources));
  return all;
}

}  // namespace evenkeel
