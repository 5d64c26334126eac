#include <nlohmann/json.hpp>

#include <array>
#include <cmath>

#include "models/runtime/user_error.h"
#include "sim/metrics/names_of.h"
#include "sim/trace/request_trace.h"

namespace evenkeel {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 4> kinds = {"message", "computation", "wait", "note"};

[[noreturn]] void refuse(const std::string& why) {
  throw UserError("this is no trace of a request: " + why);
}

Json time_or_null(Time at) { return at == never ? Json{} : Json(to_seconds(at)); }

Json step_json(const TraceStep& step) {
  Json json{{"kind", kinds[static_cast<std::size_t>(step.kind)]},
            {"node", index(step.node)},
            {"begin_s", to_seconds(step.begin)},
            {"end_s", time_or_null(step.end)},
            {"cause", static_cast<std::uint32_t>(step.cause)}};
  if (step.to != TraceStep::nobody) json["to"] = index(step.to);
  if (step.amount != 0) json["amount"] = step.amount;
  if (!step.what.empty()) json["what"] = step.what;
  if (!step.detail.empty()) json["detail"] = step.detail;
  if (step.session == 0) return json;
  json["session"] = step.session;
  if (step.kind == TraceStep::Kind::message) {
    json["round"] = step.round;
    json["offline"] = step.is_offline;
  }
  return json;
}

Json record_json(const RequestRecord& record) {
  return {{"end", name_of(record.end)},
          {"ended_s", to_seconds(record.ended)},
          {"deadline_missed", record.deadline_missed},
          {"copies", record.copies},
          {"decision_s", to_seconds(record.decision)},
          {"network_s", to_seconds(record.network)},
          {"queue_s", to_seconds(record.queue)},
          {"compute_s", to_seconds(record.compute)},
          {"reply_s", to_seconds(record.reply)}};
}

/// An object whose members are asked for by name and kind.
class Members {
 public:
  explicit Members(const Json& json) : json_(json) {
    if (!json.is_object()) refuse("an object is missing");
  }

  const Json* find(const char* name) const {
    const auto found = json_.find(name);
    return found == json_.end() || found->is_null() ? nullptr : &*found;
  }
  const Json& at(const char* name) const {
    if (const Json* const found = find(name)) return *found;
    refuse(std::string{"'"} + name + "' is missing");
  }
  template <class T>
  T get(const char* name) const {
    try {
      return at(name).get<T>();
    } catch (const Json::exception&) {
      refuse(std::string{"'"} + name + "' is of another kind");
    }
  }
  template <class T>
  T get(const char* name, T otherwise) const {
    return find(name) == nullptr ? otherwise : get<T>(name);
  }
  std::uint64_t count(const char* name, std::uint64_t below) const {
    const Json& json = at(name);
    if (!json.is_number_unsigned() || json.get<std::uint64_t>() >= below)
      refuse(std::string{"'"} + name + "' is no count, or too large");
    return json.get<std::uint64_t>();
  }
  Time time(const char* name) const {
    constexpr double longest = 1e9;  // seconds
    const auto seconds_since = get<double>(name);
    if (!(seconds_since >= 0 && seconds_since <= longest))
      refuse(std::string{"'"} + name + "' is no time");
    return seconds(seconds_since);
  }

 private:
  const Json& json_;
};

NodeId node_of(const Members& from, const char* name, std::size_t nodes) {
  return NodeId{static_cast<std::uint32_t>(from.count(name, nodes))};
}

TraceStep read_step(const Json& json, std::size_t nodes, std::size_t steps_before) {
  const Members from{json};
  const auto kind = std::ranges::find(kinds, from.get<std::string>("kind"));
  if (kind == kinds.end()) refuse("a step of an unknown kind");
  TraceStep step{.kind = static_cast<TraceStep::Kind>(kind - kinds.begin()),
                 .node = node_of(from, "node", nodes),
                 .begin = from.time("begin_s"),
                 .cause = static_cast<Cause>(from.count("cause", steps_before + 2)),
                 .what = from.get<std::string>("what", {}),
                 .detail = from.get<std::string>("detail", {})};
  if (from.find("to") != nullptr) step.to = node_of(from, "to", nodes);
  if (from.find("end_s") != nullptr) step.end = from.time("end_s");
  if (step.end < step.begin) refuse("a step ends before it begins");
  step.amount = from.get<double>("amount", 0);
  if (!(step.amount >= 0)) refuse("a negative amount");
  step.session = from.get<std::uint64_t>("session", 0);
  if (step.kind == TraceStep::Kind::message) {
    if (step.to == TraceStep::nobody) refuse("a message to nobody");
    if (step.session != 0) {
      step.round = static_cast<std::uint32_t>(from.count("round", std::uint64_t{1} << 32));
      step.is_offline = from.get<bool>("offline");
    }
  }
  return step;
}

RequestRecord read_record(const Json& json, const RequestTrace& trace) {
  const Members from{json};
  const auto end = request_end_named(from.get<std::string>("end"));
  if (!end) refuse("a request cannot end so");
  return {.number = trace.number,
          .end = *end,
          .deadline_missed = from.get<bool>("deadline_missed"),
          .copies = static_cast<std::uint8_t>(from.count("copies", 256)),
          .sent = trace.sent,
          .ended = from.time("ended_s"),
          .decision = from.time("decision_s"),
          .network = from.time("network_s"),
          .queue = from.time("queue_s"),
          .compute = from.time("compute_s"),
          .reply = from.time("reply_s")};
}

}  // namespace

Json to_json(const RequestTrace& trace) {
  Json steps = Json::array();
  for (const TraceStep& step : trace.steps) steps.push_back(step_json(step));
  return {{"request", trace.number},
          {"seed", trace.seed},
          {"class", trace.request_class},
          {"site", trace.site},
          {"server", trace.server},
          {"sent_s", to_seconds(trace.sent)},
          {"record", trace.record ? record_json(*trace.record) : Json{}},
          {"followed_until_s", to_seconds(trace.followed_until)},
          {"nodes", trace.nodes},
          {"steps", std::move(steps)},
          {"steps_left_off", trace.left_off}};
}

RequestTrace parse_request_trace(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) refuse("it is no JSON");
  const Members from{json};
  RequestTrace trace{.number = from.get<std::uint64_t>("request"),
                     .seed = from.get<std::uint64_t>("seed"),
                     .request_class = from.get<std::string>("class"),
                     .site = from.get<std::string>("site"),
                     .sent = from.time("sent_s"),
                     .followed_until = from.time("followed_until_s"),
                     .nodes = from.get<std::vector<std::string>>("nodes"),
                     .server = from.get<std::string>("server"),
                     .left_off = from.get<std::uint64_t>("steps_left_off")};
  if (from.find("record") != nullptr) trace.record = read_record(from.at("record"), trace);
  const Json& steps = from.at("steps");
  if (!steps.is_array() || steps.size() > Trace::most_steps) refuse("a list of steps is missing");
  for (const Json& step : steps)
    trace.steps.push_back(read_step(step, trace.nodes.size(), trace.steps.size()));
  return trace;
}

}  // namespace evenkeel
