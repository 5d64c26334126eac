// The table's part about streams, models and batches.
#include <array>

#include "models/processing/mapper.h"
#include "sim/scenario/describe.h"

namespace evenkeel {
namespace {

constexpr double longest_s = 1e7;
constexpr std::array<std::string_view, 2> when_full = {"refuse", "drop_oldest"};
constexpr std::array<std::string_view, 2> wheres = {"data", "here"};

// All that registers has done so before a scenario is read.
const Catalogue& windows_to_choose() {
  static const Catalogue all = entries_to_choose(windowings());
  return all;
}
const Catalogue& aggregates_to_choose() {
  static const Catalogue all = entries_to_choose(aggregates());
  return all;
}
const Catalogue& mappers_to_choose() {
  static const Catalogue all = entries_to_choose(mappers());
  return all;
}

ChosenEntry entry_of(const Chosen& chosen) {
  const auto* entry = std::any_cast<ChosenEntry>(&chosen.made);
  return entry != nullptr ? *entry : ChosenEntry{};
}

void describe_aggregates(Structure& fields, std::vector<AggregateChoice>& aggregates) {
  const auto item = [&](Structure& inner, Place place) {
    AggregateChoice& added = aggregates.emplace_back();
    added.place = std::move(place);
    Chosen kind;
    inner.choice_here("aggregate", kind, aggregates_to_choose(), {"what the values come to"});
    added.kind = entry_of(kind);
    inner.names("of", added.of, {"the columns that it takes"});
    inner.required("of");
  };
  fields.list("aggregates", item, {"what the rows of a group come to"});
  fields.required("aggregates");
}

void describe_stream(Structure& fields, StreamChoice& stream) {
  fields.name("table", stream.table, {"its rows are the events, as they are written"});
  read_columns(
      fields, "events", stream.columns,
      {"events that devices send (does: event), by their columns: device text, watts real"});
  fields.exactly_one({"table", "events"});
  fields.text("purpose", stream.purpose,
              {"what another party's table is read for, as the grant demands it"});
  fields.names("on", stream.on, {"node kinds that take events and keep them until they are read"});
  fields.name("time", stream.time,
              {"column with the event's time in ms; if not given, when it was sent or found"});
  fields.names("owners", stream.owners,
               {"node kinds that compute it, each from the sources nearest to it"});
  fields.required("owners");
  fields.names("standbys", stream.standbys,
               {"node kinds that take over when an owner is not heard of; needs 'storage'"});
  Chosen window{.name = "tumbling"};
  fields.optional_choice("window", window, windows_to_choose(), {"over event time"});
  stream.window = entry_of(window);
  fields.duration("lateness", stream.lateness,
                  {"windows stay open so long for late events, and are told again", 0, longest_s});
  fields.duration("out_of_order", stream.out_of_order,
                  {"how far events may be out of order and not late", 0, longest_s});
  fields.duration("idle_after", stream.idle_after,
                  {"a source silent for so long is not waited for", 1e-3, longest_s});
  fields.names("group_by", stream.group_by, {"columns; each group has windows of its own"});
  describe_aggregates(fields, stream.aggregates);
  fields.name("into", stream.into, {"a table of the storage that is made for what it tells"});
}

void describe_model(Structure& fields, ModelChoice& model) {
  fields.number("work", model.work, Unit::work, {"of one inference", 0, 1e15});
  fields.number("size", model.size, Unit::bytes, {"of its weights", 0, 1e8});
  fields.names("on", model.on,
               {"node kinds that run it; if not given, where devices are, to fall back to"});
  fields.name("home", model.home,
              {"node kind where the others fetch it; if not given, all have it"});
}

void describe_job(Structure& fields, JobChoice& job) {
  fields.name("table", job.table, {"a table of the storage"});
  fields.name("files", job.files, {"a name space; of a file each line is a row"});
  fields.exactly_one({"table", "files"});
  Chosen map;
  fields.optional_choice("map", map, mappers_to_choose(),
                         {"makes keys and values of a row; if not given, they are its columns"});
  if (!map.name.empty()) job.map = entry_of(map);
  fields.names("group_by", job.group_by, {"columns; each group has a result of its own"});
  describe_aggregates(fields, job.aggregates);
  option(fields, "where", job.where, wheres,
         {"data: rows are computed on where they are; here: they are moved to where the job runs"});
  fields.number("speculative", job.speculative, Unit::none,
                {"a part that takes so many times the median is tried twice; 0: never", 0, 1000});
}

}  // namespace

void describe_processing(Structure& fields, std::optional<ProcessingChoice>& processing) {
  ProcessingChoice choice;
  const auto stream = [&](Structure& inner, const Name& name) {
    StreamChoice& added = choice.streams.emplace_back();
    added.name = name.text;
    added.place = name.place;
    describe_stream(inner, added);
  };
  const auto model = [&](Structure& inner, const Name& name) {
    ModelChoice& added = choice.models.emplace_back();
    added.name = name.text;
    added.place = name.place;
    describe_model(inner, added);
  };
  const auto job = [&](Structure& inner, const Name& name) {
    JobChoice& added = choice.jobs.emplace_back();
    added.name = name.text;
    added.place = name.place;
    describe_job(inner, added);
  };
  const auto inside = [&](Structure& inner) {
    inner.named("streams", "stream", stream, {"continuous queries, by name"});
    inner.named("models", "model", model,
                {"models that are run elsewhere (does: offload), by name"});
    inner.named("jobs", "job", job, {"map-reduces (does: map_reduce), by name"});
    inner.names("workers", choice.workers, {"node kinds that run batches"});
    inner.number("log_limit", choice.log_limit, Unit::bytes,
                 {"of the events of one stream that a node keeps", 1000, 1e12});
    option(inner, "when_full", choice.when_full, when_full,
           {"events beyond that: refuse pushes back to the device; drop_oldest counts them"});
    inner.integer("room", choice.room, {"events that an owner has read and not yet kept", 1, 1e6});
    inner.number("work", choice.work, Unit::work,
                 {"to take an event in, where it is kept until it is counted", 0, 1e12});
    inner.number("count_work", choice.count_work, Unit::work,
                 {"to count an event in its windows, at the stream's owner", 0, 1e12});
    inner.duration("tick", choice.tick, {"between looks for idle sources", 1e-3, longest_s});
    inner.duration("take_over_after", choice.take_over_after,
                   {"a standby takes over from an owner silent for so long", 1e-3, longest_s});
  };
  fields.group("processing", inside, {"streams, models and batches"});
  if (!choice.streams.empty() || !choice.models.empty() || !choice.jobs.empty())
    processing = std::move(choice);
}

}  // namespace evenkeel
