// A continuous query in a disturbed world: sources that make events, a worker, perhaps a standby,
// and, from outside, what was acknowledged and what must come of it.
#pragma once

#include <gmock/gmock.h>

#include "models/processing/event_source.h"
#include "models/processing/stream_job.h"
#include "models/sql/disk_vfs.h"
#include "tests/cluster_world.h"

namespace evenkeel::test {

inline StreamSpec sums_by_device(std::vector<NodeId> sources, ChosenEntry window) {
  StreamSpec spec{.name = "sums", .stream = "readings", .sources = std::move(sources)};
  spec.group_by = {0};
  spec.window = std::move(window);
  spec.aggregates = {{{.name = "sum"}, {1}}, {{.name = "count"}, {1}}};
  spec.watermark = {.bound = seconds(0.5), .idle_after = seconds(60)};
  return spec;
}

/// All that a node of a stream has; made when it boots, gone when it crashes.
struct Station {
  Station(Node& node, const EventLogSettings& settings = {})
      : database(open(node)),
        log(node, *database, settings),
        store(*database),
        service(node, Port::streams),
        source(node, log, service),
        standby(node, store, service) {
    EXPECT_TRUE(log.open());
    EXPECT_TRUE(store.open());
  }
  static std::unique_ptr<Database> open(Node& node) {
    Result<std::unique_ptr<Database>> made = open_on_disk(node.disk(), "streams.db");
    EXPECT_TRUE(made) << (made ? "" : made.error().detail);
    return std::move(*made);
  }

  std::unique_ptr<Database> database;
  EventLog log;
  StreamStore store;
  Service service;
  EventSource source;
  StreamStandby standby;
  std::unique_ptr<StreamJob> job;
};

/// Node 0 works, node 1 stands by, the others make events.
class StreamPlay {
 public:
  struct Settings {
    ClusterWorld::Settings world{.nodes = 4};
    StreamSpec spec =
        sums_by_device({NodeId{2}, NodeId{3}}, {.name = "tumbling", .numbers = {{"size", 2}}});
    StreamJobSettings job{.patience = seconds(0.5), .timeout = seconds(0.2)};
    EventLogSettings log = {};
    Duration makes_for = seconds(20);
    double rate = 40;       // events/s of a source
    double spread_s = 0.4;  // how far event times are out of order
  };

  explicit StreamPlay(const Settings& its_settings)
      : settings(its_settings), world(its_settings.world), stations(world.size()) {
    for (std::uint32_t i = 0; i < world.size(); ++i)
      world.node(i).on_start([this, i](Node& node) { boot(node, i); });
    pending_.resize(world.size());
    expected_next_.resize(world.size());
    world.start();
  }
  ~StreamPlay() { world.stop(); }

  void start_job(std::uint32_t on, std::uint64_t its_epoch, std::optional<NodeId> its_standby) {
    StreamJobSettings job = settings.job;
    job.standby = its_standby;
    Result<StreamPlan> plan = StreamPlan::make(settings.spec);
    ASSERT_TRUE(plan) << plan.error().detail;
    Station& station = *stations[on];
    station.job = std::make_unique<StreamJob>(world.node(on), station.store, *plan, job);
    start_result = station.job->start(its_epoch);
  }

  /// Events of the far future, worth nothing, that close all windows before.
  void flush() {
    flushes_ = true;
    for (std::uint32_t i = 2; i < world.size(); ++i)
      if (world.node(i).is_up()) world.node(i).spawn(make_last(i));
  }

  std::vector<WindowOutput> outputs(std::uint32_t of) {
    return *sql_result([&]() -> Result<std::vector<WindowOutput>> {
      return stations[of]->store.outputs(settings.spec.name);
    });
  }
  std::vector<LateEvent> late(std::uint32_t of) {
    return *sql_result([&]() -> Result<std::vector<LateEvent>> {
      return stations[of]->store.late(settings.spec.name);
    });
  }
  /// What was told in windows and as late, of the store of a node.
  double told(std::uint32_t of) {
    double sum = 0;
    std::map<std::pair<std::string, TimeWindow>, double> last;  // revisions ascend
    for (const WindowOutput& output : outputs(of))
      last[{text_of(output.group), output.window}] =
          output.retracted ? 0 : std::get<double>(output.values.at(0));
    for (const auto& [where, its] : last) sum += its;
    for (const LateEvent& event : late(of)) sum += std::get<double>(event.event.values.at(1));
    return sum;
  }

  Settings settings;
  ClusterWorld world;
  std::vector<std::unique_ptr<Station>> stations;
  Result<Done> start_result{Done{}};
  /// Boots the job again on a restart of node 0, with this epoch.
  std::uint64_t epoch = 1;
  std::optional<NodeId> standby = {};
  double acknowledged = 0;
  std::uint64_t acknowledged_events = 0;
  std::uint64_t refused = 0;

 private:
  void boot(Node& node, std::uint32_t i) {
    stations[i] = nullptr;
    stations[i] = std::make_unique<Station>(node, settings.log);
    if (i == 0) start_job(0, epoch, standby);
    if (i < 2) return;
    settle(i);
    node.spawn(flushes_ ? make_last(i) : make(i));
  }

  // A crash before the answer: the disk says whether the event was kept.
  void settle(std::uint32_t i) {
    if (!pending_[i]) return;
    const Result<EventPage> page = stations[i]->log.read("readings", 0, 0, 0);
    ASSERT_TRUE(page);
    if (page->next > expected_next_[i]) acknowledge(i);
    pending_[i].reset();
  }
  void acknowledge(std::uint32_t i) {
    acknowledged += *pending_[i];
    ++acknowledged_events;
    ++expected_next_[i];
    pending_[i].reset();
  }

  Task<> append(std::uint32_t i, Time at, double value) {
    Row values;
    values.emplace_back(static_cast<std::int64_t>(world.node(i).random().below(3)));
    values.emplace_back(value);
    pending_[i] = value;
    Task<Result<std::uint64_t>> appending =
        stations[i]->log.append("readings", at, std::move(values));
    const Result<std::uint64_t> offset = co_await std::move(appending);
    if (offset) {
      acknowledge(i);
    } else {
      pending_[i].reset();
      ++refused;
    }
  }
  Task<> make(std::uint32_t i) {
    Node& node = world.node(i);
    while (node.now() < settings.makes_for) {
      co_await node.sleep(seconds(node.random().exponential() / settings.rate));
      const double back_s = settings.spread_s * node.random().uniform();
      const double value = 1 + static_cast<double>(node.random().below(1000));
      Task<> appending = append(i, node.now() - seconds(back_s), value);
      co_await std::move(appending);
    }
  }
  Task<> make_last(std::uint32_t i) {
    Task<> appending = append(i, seconds(1000), 0);
    co_await std::move(appending);
  }

  bool flushes_ = false;
  std::vector<std::optional<double>> pending_;
  std::vector<std::uint64_t> expected_next_;
};

}  // namespace evenkeel::test
