// Continuous queries, batches and offloaded models in every world.
#include "models/processing/batch.h"
#include "models/processing/batch_server.h"
#include "models/processing/batch_worker.h"
#include "models/processing/event_intake.h"
#include "models/processing/event_source.h"
#include "models/processing/offload.h"
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

struct NobodyKnows final : LoadOracle {
  double load(ServerIndex) const override { return 0; }
};

/// The input "texts" beside what is brought to the node.
class Texts final : public StoredRows {
 public:
  explicit Texts(KeptRows& kept) : kept_(kept) {}
  Result<std::vector<Row>> read(const std::string& input, std::uint32_t part, std::size_t limit,
                                const std::string& filter) override {
    if (input != "texts") return kept_.read(input, part, limit, filter);
    Row text;
    text.emplace_back(std::string{"so and so"});
    return std::vector<Row>{text};
  }
  bool is_own(const std::string& input) const override { return kept_.is_own(input); }

 private:
  KeptRows& kept_;
};

/// A node that serves jobs: models, and batches over rows that it keeps.
Task<> be_job_server(Node& node) {
  Service service{node, Port::jobs};
  ModelStore models{node, service};
  if (node.id() == c)
    EVENKEEL_CHECK(models.publish({"line", 1e6, LinearModel{1, {2}}}).has_value(), "no model");
  KeptRows rows{nullptr, node.id(), nullptr, nullptr};
  Texts texts{rows};
  BatchWorker worker{node, texts, service};
  const ServerGroup group;
  Server server{node, {}, group};
  JobServer jobs{node, server};
  ModelServer model_server{node, jobs, models};
  BatchServer batch_server{node, jobs, rows};
  co_await node.sleep(never);
}

Task<> ask_for_jobs(Node& node, Notes& notes) {
  co_await node.sleep(milliseconds{100});
  ServerSet servers{.candidates = {{.name = "b"}, {.name = "c", .cloud = true}},
                    .nodes = {b, c},
                    .everyone = {0, 1},
                    .index_of = {ServerSet::none_such, 0, 1},
                    .oracle = std::make_unique<NobodyKnows>()};
  const Choices choices{.servers = &servers, .round_trips = {seconds(0.01), seconds(0.02)}};
  BalancerSettings settings;
  settings.policy = *make_chosen<MakePolicy>(policies(), {.name = "round_robin"});
  settings.knowledge = *make_chosen<MakeKnowledge>(knowledge(), {.name = "own"});
  Balancer balancer{node, settings, choices, 0};
  Service service{node, Port::jobs};
  ModelStore models{node, service};
  Offloader offloader{node, models};
  for (int i = 0; i < 2; ++i) {
    OffloadRequest request{.model = "line", .home = c, .work = 1e6, .deadline = seconds(2)};
    request.input.emplace_back(20.0 + i);
    Task<Result<OffloadAnswer>> running = offloader.run(balancer, std::move(request));
    const Result<OffloadAnswer> answer = co_await std::move(running);
    notes.add(answer ? "model " + to_text(answer->output[0]) : answer.error().detail);
  }
  for (const bool brings : {false, true}) {
    BatchQuestion question{.spec = {.input = "texts", .mapper = {.name = "words"}},
                           .parts = {{0, {b}}},
                           .brings = brings};
    question.spec.reduce = {{{.name = "count"}, {0}}};
    const Blob body = job_body(JobKind::batch, question);
    Blob answer_body;
    const Request request{.body = body};
    const Sending how{.give_up_at = node.now() + seconds(2), .answer_body = &answer_body};
    Task<Answer> dispatching = balancer.dispatch(request, how);
    const Answer answer = co_await std::move(dispatching);
    if (answer.end != RequestEnd::completed) notes.add("no answer");
    const Result<BatchAnswer> result = result_of_job<BatchAnswer>(answer_body);
    if (!result) notes.add(result.error().detail);
    if (result)
      for (const GroupResult& one : result->groups)
        notes.add(to_text(one.key[0]) + " " + to_text(one.values[0]));
  }
  co_await node.sleep(never);
}

TEST_P(TwoWorlds, ModelsAndBatchesRunWhereTheBalancerChooses) {
  in_world([this] {
    Notes notes;
    play({.boots = {{a, [&](Node& node) { node.spawn(ask_for_jobs(node, notes)); }},
                    {b, [&](Node& node) { node.spawn(be_job_server(node)); }},
                    {c, [&](Node& node) { node.spawn(be_job_server(node)); }}},
          .length = seconds(3)});
    EXPECT_THAT(notes.all(), testing::UnorderedElementsAre("model 41", "model 43", "and 1", "so 2",
                                                           "and 1", "so 2"));
  });
}

Task<> take_events(Node& node) {
  const auto database = std::move(*open_on_disk(node.disk(), "streams.db"));
  EventLog log{node, *database};
  EVENKEEL_CHECK(log.open().has_value(), "no log");
  Service service{node, Port::streams};
  EventIntake intake{node, log, service, 1000};
  intake.take_stream({.name = "readings",
                      .columns = {{"device", ColumnType::integer}, {"value", ColumnType::real}}});
  co_await node.sleep(never);
}

Task<> send_events(Node& node, Notes& notes) {
  co_await node.sleep(milliseconds{100});
  for (int i = 0; i < 3; ++i) {
    const AppendEvent event{"readings", seconds(i), reading(i, i)};
    Task<Result<std::uint64_t>> asked = ask(node, b, Port::streams, event, seconds(1));
    const Result<std::uint64_t> offset = co_await std::move(asked);
    notes.add(offset ? "offset " + std::to_string(*offset) : offset.error().detail);
  }
}

TEST_P(TwoWorlds, EventsAreAcknowledgedWithTheirOffsets) {
  in_world([this] {
    Notes notes;
    play({.boots = {{a, [&](Node& node) { node.spawn(send_events(node, notes)); }},
                    {b, [&](Node& node) { node.spawn(take_events(node)); }}},
          .length = seconds(2)});
    EXPECT_THAT(notes.all(), testing::ElementsAre("offset 0", "offset 1", "offset 2"));
  });
}

}  // namespace
}  // namespace evenkeel::test
