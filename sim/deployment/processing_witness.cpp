// What the witness is told of streams when a run is over: what their windows came to, what was
// late, and what is still on its way, so that nothing is missing and nothing is there twice (I11).
#include <algorithm>
#include <tuple>

#include "sim/deployment/processing_nodes.h"

namespace evenkeel {

void ProcessingNodes::be_seen_by(Witness& witness) {
  if (empty()) return;
  witness_ = &witness;
  for (const PlacedStream& stream : streams_)
    if (stream.into) witness.promise(stream.into->name, {.linearizable = true});
  witness.at_end([this](Witness& seen) {
    // A stream that drops events promises nothing.
    if (scenario_.processing->when_full == ProcessingChoice::WhenFull::refuse)
      for (const PlacedStream& stream : streams_) look_at(stream, seen);
    for (const PlacedStream& stream : streams_)
      if (stream.into) data_.look_at(*stream.into, seen);
  });
}

StreamStation* ProcessingNodes::station_at(NodeId node) const {
  const Modules* modules = nodes_[index(node)].get();
  if (modules == nullptr || modules->station == nullptr || !modules->station->node().is_up())
    return nullptr;
  return modules->station.get();
}

// Nothing is said of a stream of which some node is down, or cannot read its disk.
void ProcessingNodes::look_at(const PlacedStream& stream, Witness& witness) const {
  // What a grant hides is in no window.
  const bool is_hidden = std::ranges::any_of(stream.jobs, [&](const PlacedJob& job) {
    return sharing_.is_foreign(job.owner, stream.table) ||
           (job.standby && sharing_.is_foreign(*job.standby, stream.table));
  });
  if (is_hidden) return;
  std::vector<EmittedWindow> found;
  for (const PlacedJob& job : stream.jobs)
    if (!look_at(stream, job, found)) return;
  // A stream's owners have parts of the same windows.
  std::map<std::tuple<bool, std::string, Time>, std::int64_t> windows;
  for (const EmittedWindow& window : found)
    windows[{window.is_late, window.group, window.window}] += window.amount;
  for (const auto& [which, amount] : windows) {
    const auto& [is_late, group, window] = which;
    witness.window_output(stream.name, {.query = stream.name,
                                        .window = window,
                                        .group = group,
                                        .amount = amount,
                                        .is_late = is_late});
  }
}

namespace {

constexpr std::size_t all_windows = ~std::size_t{0};

/// An event that is in no window yet, or was put aside: of so many of its windows, from the first.
void add_event(const PlacedStream& stream, Time at, const Row& values, std::size_t windows,
               std::vector<EmittedWindow>& found) {
  std::vector<std::string> groups = witness_groups(stream.plan, values, at, stream.is_by_window());
  for (std::size_t i = 0; i < std::min(windows, groups.size()); ++i)
    found.push_back({.group = std::move(groups[i]), .amount = 1, .is_late = true});
}

/// Windows as they stand: the last revisions, and in place of those the windows that are open.
std::map<std::pair<std::string, TimeWindow>, std::int64_t> windows_in(StreamStore& store,
                                                                      const std::string& job) {
  std::map<std::pair<std::string, TimeWindow>, std::int64_t> rows;
  for (const WindowOutput& output : store.outputs(job))  // revisions ascend
    rows[{text_of(output.group), output.window}] =
        output.retracted ? 0 : static_cast<std::int64_t>(output.rows);
  for (const OpenWindow& open : store.all_open(job))
    rows[{text_of(open.group), open.window}] = static_cast<std::int64_t>(open.rows);
  return rows;
}

}  // namespace

// Of the two nodes that may have it the one with the later owner's state.
bool ProcessingNodes::look_at(const PlacedStream& stream, const PlacedJob& job,
                              std::vector<EmittedWindow>& found) const {
  const std::string& name = job.plan.spec.name;
  StreamStation* first = station_at(job.owner);
  StreamStation* second = job.standby ? station_at(*job.standby) : nullptr;
  if (first == nullptr || (job.standby && second == nullptr)) return false;
  const Result<bool> looked = sql_result([&]() -> Result<bool> {
    StreamStation* station = first;
    if (second != nullptr) {
      const JobHead here = first->store().head(name);
      const JobHead there = second->store().head(name);
      if (std::pair{there.epoch, there.step} > std::pair{here.epoch, here.step}) station = second;
    }
    StreamStore& store = station->store();
    for (const auto& [where, rows] : windows_in(store, name))
      found.push_back(
          {.window = where.second.start,
           .group = witness_group(blob_of(where.first), where.second, stream.is_by_window()),
           .amount = rows,
           .is_late = stream.plan.windowing->merges()});
    for (const LateEvent& late : store.late(name))
      add_event(stream, late.event.at, late.event.values, late.missed, found);
    const std::vector<SourcePosition> positions = store.positions(name);
    for (const NodeId source : job.plan.spec.sources)
      if (!look_at_source(stream, positions, source, found) ||
          !look_at_table(stream, source, found))
        return false;
    return true;
  });
  return looked && *looked;
}

// Events that were not read yet.
bool ProcessingNodes::look_at_source(const PlacedStream& stream,
                                     const std::vector<SourcePosition>& positions, NodeId source,
                                     std::vector<EmittedWindow>& found) const {
  StreamStation* station = station_at(source);
  if (station == nullptr) return false;
  const auto position = std::ranges::find(positions, source, &SourcePosition::source);
  constexpr std::uint32_t page_events = 1000;
  std::uint64_t next = 0;
  while (true) {
    const Result<EventPage> page =
        station->log().read(stream.name, next, page_events, std::uint32_t{4} << 20);
    if (!page) return false;
    const bool is_same = position != positions.end() && position->log == page->log;
    if (next == 0) next = std::max(page->start, is_same ? position->next : 0);
    for (const Event& event : page->events)
      if (event.offset >= next) add_event(stream, event.at, event.values, all_windows, found);
    if (!page->events.empty()) next = std::max(next, page->events.back().offset + 1);
    if (next >= page->next) return true;
  }
}

// Rows that some replica has, and their first one has not told yet.
bool ProcessingNodes::look_at_table(const PlacedStream& stream, NodeId source,
                                    std::vector<EmittedWindow>& found) const {
  if (stream.table.empty()) return true;
  StreamStation* station = station_at(source);
  if (station == nullptr) return false;
  for (std::size_t p = 0; p < partitions; ++p) {
    const auto partition = static_cast<Partition>(p);
    const std::vector<NodeId>& replicas = data_.placement(source)->readable().replicas[p];
    if (replicas.front() != source) continue;
    for (const StoredRow& row : data_.newest_rows(stream.columns, partition)) {
      const Result<bool> told = station->log().knows(stream.name, TableFeed::name_of(row));
      if (!told) return false;
      if (*told || !row.values) continue;
      const FedStream fed{.plan = stream.plan, .time_column = stream.time_column};
      add_event(stream, fed.time_of(*row.values, Time{}), *row.values, all_windows, found);
    }
  }
  return true;
}

}  // namespace evenkeel
