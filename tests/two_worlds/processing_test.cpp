// Continuous queries and batches in every world.
#include "models/processing/batch.h"
#include "models/processing/batch_worker.h"
#include "models/processing/event_source.h"
#include "models/processing/stream_job.h"
#include "models/sql/disk_vfs.h"
#include "tests/two_worlds/worlds.h"

namespace evenkeel::test {
namespace {

constexpr int events = 200;

StreamSpec sums() {
  StreamSpec spec{.name = "sums", .stream = "readings", .sources = {a}};
  spec.group_by = {0};
  spec.window = {.name = "tumbling", .numbers = {{"size", 10}}};
  spec.aggregates = {{{.name = "sum"}, {1}}};
  spec.watermark.bound = seconds(1);
  return spec;
}

Row reading(std::int64_t device, double value) {
  Row row;
  row.emplace_back(device);
  row.emplace_back(value);
  return row;
}

/// Lives in the frame of a task that ends with the node, after all others.
struct StreamStation {
  explicit StreamStation(Node& node)
      : database(std::move(*open_on_disk(node.disk(), "streams.db"))),
        log(node, *database),
        store(*database),
        service(node, Port::streams),
        source(node, log, service),
        standby(node, store, service) {
    EVENKEEL_CHECK(log.open() && store.open(), "no store");
  }
  std::unique_ptr<Database> database;
  EventLog log;
  StreamStore store;
  Service service;
  EventSource source;
  StreamStandby standby;
};

Task<> be_source(Node& node) {
  StreamStation station{node};
  for (int i = 0; i < events; ++i) {
    Row row = reading(i % 3, i);
    Task<Result<std::uint64_t>> appending =
        station.log.append("readings", seconds(0.1 * i), std::move(row));
    const Result<std::uint64_t> offset = co_await std::move(appending);
    EVENKEEL_CHECK(offset.has_value(), "an event was refused");
  }
  Row last = reading(0, 0);
  Task<Result<std::uint64_t>> appending =
      station.log.append("readings", seconds(1000), std::move(last));
  static_cast<void>(co_await std::move(appending));
  co_await node.sleep(never);
}

std::string sum_in(StreamStore& store) {
  double sum = 0;
  for (const WindowOutput& output : store.outputs("sums"))
    sum += std::get<double>(output.values[0]);
  return to_text(Value{sum});
}

Task<> tell_sums(Node& node, StreamStore& store, const char* who, Notes& notes) {
  const std::string wanted = to_text(Value{events * (events - 1) / 2.0});
  while (sum_in(store) != wanted) co_await node.sleep(milliseconds{20});
  notes.add(who + sum_in(store));
}

Task<> be_worker(Node& node, std::optional<NodeId> standby, Notes& notes) {
  StreamStation station{node};
  StreamJobSettings settings{.patience = seconds(0.3), .standby = standby};
  StreamJob job{node, station.store, *StreamPlan::make(sums()), settings};
  EVENKEEL_CHECK(job.start(1).has_value(), "the job did not start");
  Task<> telling = tell_sums(node, station.store, "worker ", notes);
  co_await std::move(telling);
  co_await node.sleep(never);
}

Task<> be_standby(Node& node, Notes& notes) {
  StreamStation station{node};
  Task<> telling = tell_sums(node, station.store, "standby ", notes);
  co_await std::move(telling);
  co_await node.sleep(never);
}

TEST_P(TwoWorlds, AStreamJobTellsEachWindowAndItsStandbyHasThem) {
  in_world([this] {
    Notes notes;
    play({.boots = {{a, [&](Node& node) { node.spawn(be_source(node)); }},
                    {b, [&](Node& node) { node.spawn(be_standby(node, notes)); }},
                    {c, [&](Node& node) { node.spawn(be_worker(node, b, notes)); }}},
          .length = seconds(4)});
    EXPECT_THAT(notes.all(), testing::UnorderedElementsAre("worker 19900", "standby 19900"));
  });
}

Task<> be_mapper(Node& node) {
  ChunkLines lines{[](const std::string&, std::uint32_t part) -> Result<Blob> {
    return blob_of("part " + std::to_string(part) + "\nand so on");
  }};
  Service service{node, Port::jobs};
  BatchWorker worker{node, lines, service};
  co_await node.sleep(never);
}

Task<> be_runner(Node& node, Notes& notes) {
  BatchRunner runner{node};
  BatchSpec spec{.input = "texts", .mapper = {.name = "words"}};
  spec.reduce = {{{.name = "count"}, {0}}};
  spec.reducers = 2;
  std::vector<BatchPart> parts;
  for (std::uint32_t part = 0; part < 6; ++part) parts.push_back({part, {b, c}});
  std::vector<NodeId> reducers{c, b};
  Task<Result<BatchResult>> running =
      runner.run(std::move(spec), std::move(parts), std::move(reducers));
  const Result<BatchResult> result = co_await std::move(running);
  if (!result) {
    notes.add(result.error().detail);
    co_return;
  }
  for (const GroupResult& group : result->groups)
    if (std::get<std::string>(group.key[0]).size() > 1)
      notes.add(to_text(group.key[0]) + " " + to_text(group.values[0]));
}

TEST_P(TwoWorlds, ABatchCountsWordsWhereTheyAre) {
  in_world([this] {
    Notes notes;
    play({.boots = {{a, [&](Node& node) { node.spawn(be_runner(node, notes)); }},
                    {b, [&](Node& node) { node.spawn(be_mapper(node)); }},
                    {c, [&](Node& node) { node.spawn(be_mapper(node)); }}},
          .length = seconds(2)});
    EXPECT_THAT(notes.all(), testing::UnorderedElementsAre("part 6", "and 6", "so 6", "on 6"));
  });
}

}  // namespace
}  // namespace evenkeel::test
