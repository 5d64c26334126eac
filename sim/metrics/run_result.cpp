#include "sim/metrics/run_result.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "models/runtime/check.h"
#include "sim/metrics/result_fields.h"

namespace evenkeel {
namespace {

using Json = nlohmann::json;

/// Puts each visited scalar at its dotted name in an object.
class JsonFields {
 public:
  explicit JsonFields(Json& object) : object_(object) {}

  template <class T>
  void operator()(std::string_view name, std::string_view, const T& value) const {
    Json* at = &object_;
    while (true) {
      const std::size_t dot = name.find('.');
      at = &(*at)[std::string(name.substr(0, dot))];
      if (dot == std::string_view::npos) break;
      name.remove_prefix(dot + 1);
    }
    *at = value;
    if constexpr (std::is_same_v<T, double>) {
      if (!std::isfinite(value)) *at = nullptr;
    }
  }

 private:
  Json& object_;
};

template <class Part, class VisitFields>
Json list_of(const std::vector<Part>& parts, VisitFields visit_fields) {
  Json list = Json::array();
  for (const Part& part : parts) {
    Json object = {{"name", part.name}};
    visit_fields(part, JsonFields(object));
    list.push_back(std::move(object));
  }
  return list;
}

void check_tally(const Tally& tally) {
  EVENKEEL_CHECK(
      tally.sent == tally.completed + tally.dropped + tally.timed_out + tally.in_flight,
      "requests are not conserved: sent is not completed + dropped + timed out + in flight");
  EVENKEEL_CHECK(tally.deadline_misses <= tally.completed, "more late requests than completed");
}

void check_phases(const PhaseMeans& phases, const LatencySummary& latency) {
  if (latency.samples == 0) return;
  const double sum =
      phases.decision + phases.network + phases.queue + phases.compute + phases.reply;
  EVENKEEL_CHECK(std::abs(sum - latency.mean) <= 1e-9 * latency.mean + 1e-15,
                 "the mean phases do not add up to the mean latency");
}

template <class Part>
void check_sum(const RunResult& result, const std::vector<Part>& parts, const char* message) {
  Tally sum;
  for (const Part& part : parts) {
    check_tally(part.tally);
    sum.sent += part.tally.sent;
    sum.completed += part.tally.completed;
    sum.dropped += part.tally.dropped;
    sum.timed_out += part.tally.timed_out;
    sum.in_flight += part.tally.in_flight;
  }
  const Tally& whole = result.tally;
  EVENKEEL_CHECK(sum.sent == whole.sent && sum.completed == whole.completed &&
                     sum.dropped == whole.dropped && sum.timed_out == whole.timed_out &&
                     sum.in_flight == whole.in_flight,
                 message);
}

}  // namespace

void set_wall_time(RunResult& result, double wall_s) {
  result.wall_s = wall_s;
  result.requests_per_wall_s =
      wall_s > 0 ? static_cast<double>(result.requests_in_all) / wall_s : 0;
}

nlohmann::json to_json(const RunResult& result) {
  Json object = {{"scenario", result.scenario},
                 {"scenario_hash", result.scenario_hash},
                 {"seed", result.seed},
                 {"chosen", result.chosen},
                 {"version", result.version},
                 {"world", result.world},
                 {"fingerprint", result.fingerprint}};
  visit_run(result, JsonFields(object));
  if (!result.mpc.protocol.empty()) {
    visit_facts(result.mpc, [&object](const char* name, const std::string& fact) {
      object["mpc"][name] = fact;
    });
    object["mpc"]["failures"] = Json::object();
    for (const CountResult& count : result.counts)
      if (count.name.starts_with(mpc_failures))
        object["mpc"]["failures"][count.name.substr(mpc_failures.size())] = count.total;
  }
  object["classes"] =
      list_of(result.classes, [](const auto& p, const auto& visit) { visit_class(p, visit); });
  object["sites"] =
      list_of(result.sites, [](const auto& p, const auto& visit) { visit_site(p, visit); });
  object["nodes"] =
      list_of(result.nodes, [](const auto& p, const auto& visit) { visit_node(p, visit); });
  object["links"] =
      list_of(result.links, [](const auto& p, const auto& visit) { visit_link(p, visit); });
  object["counts"] = Json::object();
  for (const CountResult& count : result.counts) object["counts"][count.name] = count.total;
  return object;
}

void check_conservation(const RunResult& result) {
  check_tally(result.tally);
  check_phases(result.phases, result.latency);
  check_sum(result, result.classes, "the classes do not add up to the whole");
  check_sum(result, result.sites, "the sites do not add up to the whole");
  for (const ClassResult& part : result.classes) check_phases(part.phases, part.latency);
  std::uint64_t served = 0;
  for (const NodeResult& node : result.nodes) served += node.completed;
  EVENKEEL_CHECK(served == result.tally.completed, "the nodes did not complete what was completed");
}

}  // namespace evenkeel
