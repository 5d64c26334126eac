#include "sim/study/trace_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/study/deaf_probe.h"
#include "sim/study/progress_ticks.h"
#include "sim/study/simulation.h"

namespace evenkeel {
namespace {

/// Everything to be told was seen.
struct FollowedToTheEnd {};

// Looks out for the one request, and ends the run some time after it.
class Lookout final : public DeafProbe, public Waiter {
 public:
  explicit Lookout(std::uint64_t request) : request_(request) {}
  void watch(World& world) { world_ = &world; }

  void request_sent(std::uint32_t request_class, std::uint32_t site, Time at) override {
    ++sent_in_all_;
    if (Trace::cause() == Cause::request)
      first_seen_ = RequestRecord{
          .number = request_, .request_class = request_class, .site = site, .sent = at};
  }
  void request_ended(const RequestRecord& record) override {
    if (record.number != request_) return;
    ended_ = record;
    constexpr Duration least = std::chrono::milliseconds{10};
    world_->set_timer(time_after(record.ended, std::max(record.latency(), least)), *this);
  }

  void wake() override { throw FollowedToTheEnd{}; }

  std::uint64_t sent_in_all() const { return sent_in_all_; }
  const std::optional<RequestRecord>& first_seen() const { return first_seen_; }
  const std::optional<RequestRecord>& ended() const { return ended_; }

 private:
  std::uint64_t request_;
  World* world_ = nullptr;
  std::uint64_t sent_in_all_ = 0;
  std::optional<RequestRecord> first_seen_;
  std::optional<RequestRecord> ended_;
};

/// Names the nodes that have a part in it, and calls them by their places among these.
void name_nodes(RequestTrace& trace, const Platform& platform) {
  std::map<NodeId, NodeId> places;
  const auto rename = [&](NodeId& node) {
    if (node == TraceStep::nobody) return;
    const auto [place, fresh] =
        places.try_emplace(node, NodeId{static_cast<std::uint32_t>(trace.nodes.size())});
    if (fresh) trace.nodes.push_back(platform.node(node).name);
    node = place->second;
  };
  for (TraceStep& step : trace.steps) {
    rename(step.node);
    rename(step.to);
  }
}

std::string site_name(const Setup& setup, std::uint32_t site) {
  return setup.platform.graph().place(setup.deployment.sites[site].vertex).name;
}

}  // namespace

RequestTrace trace_request(const Scenario& scenario, const TraceWish& wish) {
  if (scenario.world != WorldKind::simgrid)
    throw UserError(
        "a run on sockets does not repeat itself, so none of its requests can be "
        "followed; with 'world: simgrid' they can");
  const Setup setup = set_up(scenario);
  Lookout lookout{wish.request};
  Simulation simulation{scenario, setup, wish.seed, lookout};
  lookout.watch(simulation.world);
  const ProgressTicks ticks{simulation.world, scenario.duration, wish.on_progress};
  const Trace followed{wish.request};
  try {
    simulation.world.run(scenario.duration);
  } catch (const FollowedToTheEnd&) {
  }
  const std::optional<RequestRecord>& first_seen = lookout.first_seen();
  if (!first_seen)
    throw UserError(fmt::format("there is no request {}: the run sends {}, from 0", wish.request,
                                lookout.sent_in_all()));
  RequestTrace trace{.number = wish.request,
                     .seed = wish.seed,
                     .request_class = scenario.workload[first_seen->request_class].name,
                     .site = site_name(setup, first_seen->site),
                     .sent = first_seen->sent,
                     .record = lookout.ended(),
                     .followed_until = simulation.world.now(),
                     .steps = followed.steps(),
                     .left_off = followed.left_off()};
  if (trace.record && trace.record->end == RequestEnd::completed)
    trace.server = setup.platform.node(trace.record->server).name;
  name_nodes(trace, setup.platform);
  return trace;
}

}  // namespace evenkeel
