// The top level of the table: what is measured, for how long, over which network.
#include "sim/scenario/describe.h"

#include <array>
#include <span>
#include <vector>

#include "sim/report/chart_kinds.h"

namespace evenkeel {
namespace {

constexpr double longest_run_s = 100 * 365.25 * 86400;
constexpr double most_seeds = 10'000;
constexpr double largest_seed = 9'007'199'254'740'992;  // 2^53: every JSON reader keeps it whole

constexpr std::array<std::string_view, 2> models = {"fluid", "latency"};
constexpr std::array<std::string_view, 2> worlds = {"simgrid", "sockets"};
constexpr std::array<std::string_view, 17> metrics = {"mean",
                                                      "p50",
                                                      "p90",
                                                      "p95",
                                                      "p99",
                                                      "p999",
                                                      "max",
                                                      "throughput",
                                                      "goodput",
                                                      "lost",
                                                      "dropped",
                                                      "timed_out",
                                                      "deadline_misses",
                                                      "imbalance",
                                                      "energy",
                                                      "cost",
                                                      "network_bytes"};
std::span<const std::string_view> chart_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const ChartKind& kind : chart_kinds()) all.push_back(kind.name);
    return all;
  }();
  return names;
}

void describe_warm_up(Structure& fields, Scenario& scenario) {
  WarmUp& warm_up = scenario.warm_up;
  Place place;
  const std::array forms = {
      Form{Form::Kind::word, "mser5", "what the rule MSER-5 finds",
           [&](Structure&) {
             warm_up = {true, {}};
           }},
      Form{Form::Kind::bare, "warm_up", "a fixed time",
           [&](Structure& inner) {
             warm_up.mser5 = false;
             inner.duration("warm_up", warm_up.fixed, {"a fixed time", 0, longest_run_s});
           }},
  };
  fields.one_of("warm_up", forms, place,
                {"removed from the start of every series, because the system was still empty"});
  if (!warm_up.mser5 && warm_up.fixed >= scenario.duration)
    fields.refuse("warm_up", "as long as the whole run; make it shorter than the duration");
}

void describe_topology(Structure& fields, TopologyChoice& topology, const Catalogues& from) {
  const auto inside = [&](Structure& inner) {
    inner.choice_here("generate", topology.source, from.topologies, {"where the graph comes from"});
    topology.links.describe(inner);
  };
  fields.group("topology", inside, {"the places and the links between them"});
  fields.required("topology");
}

void describe_network(Structure& fields, NetworkSettings& network) {
  const auto inside = [&](Structure& inner) {
    option(inner, "model", network.model, models,
           {"fluid: transfers share links; latency: they do not, which is much faster"});
    inner.number("small_message", network.small_message, Unit::bytes,
                 {"a message up to this size shares no link, even in fluid", 0, 1e9});
    inner.boolean("tcp_calibration", network.tcp_calibration,
                  {"SimGrid's factors for TCP in a cluster; without them a latency is what a ping "
                   "shows"});
  };
  fields.group("network", inside, {"how transfers are computed"});
}

void describe_world(Structure& fields, Scenario& scenario) {
  option(fields, "world", scenario.world, worlds,
         {"simgrid: virtual time; sockets: real time, real processes and TCP on this machine"});
  SocketChoices& sockets = scenario.sockets;
  const auto inside = [&](Structure& inner) {
    inner.boolean("processes", sockets.processes, {"a process for each node, not a thread"});
    inner.boolean("plain", sockets.plain, {"TCP without TLS"});
    inner.boolean("burn", sockets.burn,
                  {"computations use the processor; else they hold a core and sleep"});
    inner.boolean("netns", sockets.netns,
                  {"a network namespace for each node, and its links in the kernel; needs root"});
    const auto host = [&](Structure& one, Place) {
      SocketChoices::Host& its = sockets.hosts.emplace_back();
      one.name("node", its.node, {"a node of the scenario, as `run` names it"});
      one.required("node");
      one.name("address", its.address, {"where `evenkeel node --listen` waits: 10.0.0.2:7000"});
      one.required("address");
    };
    inner.text("credentials", sockets.credentials,
               {"with hosts: a folder that `evenkeel credentials` made; not with plain"});
    inner.list("hosts", host, {"nodes that were started by hand, on this machine or others"});
  };
  fields.group("sockets", inside, {"how a run on sockets is done"});
}

void describe_compare(Structure& fields, Compare& compare) {
  const auto inside = [&](Structure& inner) {
    inner.axes("vary", compare.vary, {"settings by their path, and the values that each takes"});
    inner.integer("seeds", compare.seeds, {"runs of each combination", 1, most_seeds});
    inner.value("baseline", compare.baseline,
                {"the value that the others are compared with; if not given, the first"});
    inner.option("metric", compare.metric, metrics, {"what the verdict is about"});
    std::string count;
    inner.text("count", count,
               {"instead of 'metric', a count of the run by its name, as 'repair bytes'; less is "
                "better"});
    if (!count.empty()) compare.metric = std::string{count_prefix} + count;
  };
  fields.group("compare", inside, {"what `evenkeel compare` runs"});
}

}  // namespace

void describe(Structure& fields, Scenario& scenario, const Catalogues& from) {
  fields.preamble();
  fields.text("name", scenario.name, {"a title"});
  fields.text("question", scenario.question, {"what the scenario is meant to find out"});
  fields.duration("duration", scenario.duration,
                  {"how long requests keep coming, in the world's time", 1e-6, longest_run_s});
  describe_warm_up(fields, scenario);
  fields.integer("seed", scenario.seed, {"of every random number of the run", 0, largest_seed});
  describe_topology(fields, scenario.topology, from);
  describe_network(fields, scenario.network);
  describe_world(fields, scenario);
  describe_nodes(fields, scenario.nodes);
  describe_devices(fields, scenario.devices, from);
  describe_workload(fields, scenario.workload, from);
  describe_balancing(fields, scenario.balancing, from);
  describe_storage(fields, scenario.storage);
  describe_sharing(fields, scenario.sharing);
  describe_processing(fields, scenario.processing);
  describe_mpc(fields, scenario.mpc, from);
  describe_faults(fields, scenario.faults, from.faults);
  describe_swarm(fields, scenario.swarm, from.faults);
  describe_compare(fields, scenario.compare);
  fields.options("charts", scenario.charts, chart_names(), {"pictures for the report"});
}

}  // namespace evenkeel
