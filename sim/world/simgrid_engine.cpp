#include "sim/world/simgrid_engine.h"

#include <simgrid/plugins/energy.h>
#include <xbt/log.h>
#include <simgrid/kernel/Timer.hpp>
#include <simgrid/s4u.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <map>

#include "models/runtime/check.h"
#include "models/runtime/user_error.h"
#include "sim/world/queueing_cpu.h"
#include "sim/world/simgrid_world.h"

namespace evenkeel {

namespace s4u = simgrid::s4u;
using simgrid::kernel::timer::Timer;

namespace {

// A table of routes by pair is what SimGrid's full zone keeps, at 8 bytes each.
constexpr std::size_t max_fluid_nodes = 8000;

// What is under way in SimGrid. Its pointer travels as the activity's user data.
struct Flight {
  simgrid::s4u::ActivityPtr activity;
  Waiter* waiter = nullptr;  // null: nobody waits any more
  void (*failed)(void* context, Waiter& waiter) = nullptr;
  void* context = nullptr;
};

// A link of no stated limit: so wide that it never binds, and finite for SimGrid's arithmetic.
double bytes_per_second(double bandwidth) { return std::min(bandwidth, 1e18) / 8; }

}  // namespace

struct SimgridEngine::State {
  State(SimgridWorld& its_world, const Platform& its_platform, bool is_fluid)
      : world(its_world), platform(its_platform), fluid(is_fluid) {}

  void build();
  void ensure_route(NodeId from, NodeId to);
  Flight& start(simgrid::s4u::ActivityPtr activity, Waiter& waiter);
  void ended(const s4u::Activity& activity);
  void abandon(Flight& flight);
  void cancel(Flight& flight);
  void follow_clock();
  void arm();
  void tick();

  SimgridWorld& world;
  const Platform& platform;
  bool fluid;
  Time end = never;
  bool over = false;
  std::unique_ptr<s4u::Engine> engine;
  s4u::NetZone* zone = nullptr;
  std::vector<s4u::Host*> hosts;
  std::vector<s4u::Link*> links;
  std::vector<std::vector<bool>> routed;
  std::deque<Flight> flights;
  std::vector<Flight*> free_flights;
  std::vector<simgrid::s4u::ActivityPtr> parked;  // ended; the kernel may still use them
  std::map<const s4u::Activity*, simgrid::s4u::ActivityPtr> cancelled;  // never iterated
  Timer* timer = nullptr;
  Time armed_for = never;
};

void SimgridEngine::State::build() {
  zone = s4u::create_full_zone("evenkeel");
  if (fluid) {
    for (const PlatformNode& node : platform.nodes()) {
      s4u::Host* host = zone->create_host(node.name, node.speed);
      host->set_core_count(static_cast<int>(node.cores));
      if (node.power) {
        host->set_property(
            "wattage_per_state",
            fmt::format("{}:{}:{}", node.power->idle_w, node.power->idle_w, node.power->busy_w));
        host->set_property("wattage_off", fmt::format("{}", node.power->off_w));
      }
      host->seal();
      hosts.push_back(host);
    }
    // Full duplex: each direction has the bandwidth.
    for (const PlatformLink& spec : platform.links())
      links.push_back(zone->create_split_duplex_link(spec.name, bytes_per_second(spec.bandwidth))
                          ->set_latency(to_seconds(spec.latency))
                          ->seal());
    routed.resize(hosts.size());
  }
  zone->seal();
}

void SimgridEngine::State::ensure_route(NodeId from, NodeId to) {
  std::vector<bool>& row = routed[index(from)];
  if (row.empty()) row.resize(hosts.size());
  if (row[index(to)]) return;
  std::vector<s4u::LinkInRoute> hops;
  for (const Hop& hop : platform.hops(from, to))
    hops.emplace_back(
        static_cast<const s4u::SplitDuplexLink*>(links[hop.link]),
        hop.forward ? s4u::LinkInRoute::Direction::UP : s4u::LinkInRoute::Direction::DOWN);
  zone->add_route(hosts[index(from)]->get_netpoint(), hosts[index(to)]->get_netpoint(), nullptr,
                  nullptr, hops, false);
  row[index(to)] = true;
}

Flight& SimgridEngine::State::start(simgrid::s4u::ActivityPtr activity, Waiter& waiter) {
  if (free_flights.empty()) free_flights.push_back(&flights.emplace_back());
  Flight& flight = *free_flights.back();
  free_flights.pop_back();
  flight.activity = std::move(activity);
  flight.waiter = &waiter;
  flight.activity->set_data(&flight);
  return flight;
}

void SimgridEngine::State::ended(const s4u::Activity& activity) {
  auto* flight = activity.get_data<Flight>();
  if (flight == nullptr) {  // abandoned, or the second of two signals
    if (activity.get_state() != s4u::Activity::State::FAILED) return;
    if (auto own = cancelled.extract(&activity)) parked.push_back(std::move(own.mapped()));
    return;
  }
  follow_clock();
  Waiter& waiter = *flight->waiter;
  const bool finished = activity.get_state() == s4u::Activity::State::FINISHED;
  const auto failed = flight->failed;
  void* const context = flight->context;
  abandon(*flight);
  if (finished)
    waiter.wake();
  else if (failed != nullptr)
    failed(context, waiter);
  arm();  // what was woken may have set an earlier timer
}

void SimgridEngine::State::abandon(Flight& flight) {
  flight.activity->set_data(nullptr);
  parked.push_back(std::move(flight.activity));
  flight = {};
  free_flights.push_back(&flight);
}

// The kernel says so twice, the second time (FAILED) when it next looks at what has ended: until
// then the activity must stay, or that signal is for whatever has its place in memory by then.
void SimgridEngine::State::cancel(Flight& flight) {
  const simgrid::s4u::ActivityPtr activity = flight.activity;
  abandon(flight);
  cancelled.emplace(activity.get(), activity);
  activity->cancel();
}

void SimgridEngine::State::follow_clock() {
  world.now_ = std::max(world.now_, seconds(s4u::Engine::get_clock()));
  parked.clear();
}

void SimgridEngine::State::arm() {
  const Time next = std::min(world.events_.next(), end);
  if (timer != nullptr && armed_for <= next) return;  // too early does no harm
  if (timer != nullptr) timer->remove();
  armed_for = next;
  const double date = std::max(to_seconds(next), s4u::Engine::get_clock());
  timer = Timer::set(date, [this] { tick(); });
}

void SimgridEngine::State::tick() {
  timer = nullptr;
  if (over) return;
  // Without activities nothing else can happen in SimGrid, and we need not go back to it.
  const Time until = fluid ? std::min(armed_for, end) : end;
  if (fluid) parked.clear();
  world.run_events(until);
  if (until == end && (!fluid || world.events_.next() > end)) {
    world.now_ = end;
    over = true;
    return;
  }
  arm();
}

namespace {

// Quiet, exact network: see the comment on WorldSettings::tcp_calibration.
std::vector<std::string> engine_options(const WorldSettings& settings) {
  std::vector<std::string> options{"evenkeel", "--log=root.thres:error",
                                   "--cfg=surf/precision:1e-9", "--cfg=network/crosstraffic:0",
                                   "--cfg=debug/clean-atexit:off"};
  if (!settings.tcp_calibration)
    options.insert(options.end(),
                   {"--cfg=network/latency-factor:1", "--cfg=network/bandwidth-factor:1",
                    "--cfg=network/weight-S:0", "--cfg=network/TCP-gamma:0"});
  return options;
}

std::unique_ptr<s4u::Engine> make_engine(const WorldSettings& settings) {
  std::vector<std::string> options = engine_options(settings);
  std::vector<char*> arguments;
  for (std::string& option : options) arguments.push_back(option.data());
  int count = static_cast<int>(arguments.size());
  arguments.push_back(nullptr);
  return std::make_unique<s4u::Engine>(&count, arguments.data());
}

// Executions that SimGrid runs. First come, first served, at most `cores` of them are SimGrid's at
// once, since its list of activities is searched from end to end.
class ExecCpu final : public QueueingCpu {
 public:
  using Launch = std::function<Flight&(double operations, Waiter& waiter)>;

  ExecCpu(World& its_world, const Shape& its_shape, Launch launch,
          std::function<void(Flight&)> cancel)
      : QueueingCpu(its_world, its_shape,
                    its_shape.processor_sharing ? ~std::uint32_t{0} : its_shape.cores),
        launch_(std::move(launch)),
        cancel_(std::move(cancel)) {}

 private:
  void launch(Job& job) override {
    if (job.work > 0)
      job.activity = &launch_(job.work * shape().speed / speed(), job);
    else
      job.timer = world().set_timer(world().now(), job);
  }

  void abort(Job& job) override {
    world().cancel_timer(job.timer);
    if (job.activity == nullptr) return;
    cancel_(*static_cast<Flight*>(job.activity));
  }

  Launch launch_;
  std::function<void(Flight&)> cancel_;
};

}  // namespace

SimgridEngine::SimgridEngine(SimgridWorld& world, const Platform& platform,
                             const WorldSettings& settings) {
  static bool one_exists = false;
  EVENKEEL_CHECK(!std::exchange(one_exists, true), "a second SimGrid engine in one process");
  const bool fluid = settings.network == WorldSettings::Network::fluid;
  if (fluid && platform.size() > max_fluid_nodes)
    throw UserError(
        fmt::format("{} nodes are too many for network model fluid (at most {}); use "
                    "network: {{model: latency}}",
                    platform.size(), max_fluid_nodes));
  state_ = std::make_unique<State>(world, platform, fluid);
  const bool measures = fluid && std::ranges::any_of(platform.nodes(), [](const auto& node) {
                          return node.power.has_value();
                        });
  if (measures) sg_host_energy_plugin_init();  // before the engine
  state_->engine = make_engine(settings);
  state_->build();
  s4u::Activity::on_completion_cb(
      [state = state_.get()](const s4u::Activity& activity) { state->ended(activity); });
}

SimgridEngine::~SimgridEngine() {
  // The engine stays until the process ends: SimGrid cannot take it down and go on.
  State& state = *state_;
  for (Flight& flight : state.flights)
    if (flight.activity) state.abandon(flight);
  state.engine.release();
  if (!state.parked.empty() || !state.cancelled.empty() || state.timer != nullptr) state_.release();
}

void SimgridEngine::run(Time end) {
  state_->end = end;
  state_->arm();
  // Stops up to 10 us early: what is left of our own events runs here.
  state_->engine->run_until(to_seconds(end));
  if (!std::exchange(state_->over, true)) state_->world.run_events(end);
}

bool SimgridEngine::start_transfer(Waiter& transfer, NodeId from, NodeId to, double bytes) {
  State& state = *state_;
  if (!state.hosts[index(from)]->is_on() || !state.hosts[index(to)]->is_on()) return false;
  state.ensure_route(from, to);
  auto comm = s4u::Comm::sendto_init(state.hosts[index(from)], state.hosts[index(to)]);
  comm->set_payload_size(static_cast<std::uint64_t>(bytes));
  Flight& flight = state.start(comm, transfer);
  flight.context = &state.world;
  flight.failed = [](void* world, Waiter& lost) {
    static_cast<SimgridWorld*>(world)->lose(static_cast<SimgridWorld::Transfer&>(lost));
  };
  comm->start();
  return true;
}

std::unique_ptr<Cpu> SimgridEngine::make_cpu(World& world, const Cpu::Shape& shape) {
  State& state = *state_;
  s4u::Host* host = state.hosts[index(shape.node)];
  return std::make_unique<ExecCpu>(
      world, shape,
      [&state, host](double operations, Waiter& waiter) -> Flight& {
        const s4u::ExecPtr exec = s4u::Exec::init();
        exec->set_flops_amount(operations)->set_host(host);
        Flight& flight = state.start(exec, waiter);
        exec->start();
        return flight;
      },
      [&state](Flight& flight) { state.cancel(flight); });
}

void SimgridEngine::turn_off(NodeId id) {
  if (state_->fluid) state_->hosts[index(id)]->turn_off();
}

void SimgridEngine::turn_on(NodeId id) {
  if (state_->fluid) state_->hosts[index(id)]->turn_on();
}

void SimgridEngine::cut(PlatformLinkId link) {
  if (state_->fluid) state_->links[link]->turn_off();
}

void SimgridEngine::mend(PlatformLinkId link) {
  if (state_->fluid) state_->links[link]->turn_on();
}

double SimgridEngine::energy_j(NodeId id) const {
  return sg_host_get_consumed_energy(state_->hosts[index(id)]);
}

}  // namespace evenkeel
