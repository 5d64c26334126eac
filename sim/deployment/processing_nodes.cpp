#include "sim/deployment/processing_nodes.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/processing/mapper.h"

namespace evenkeel {

ProcessingNodes::ProcessingNodes(const Scenario& scenario, const Deployment& deployment,
                                 const Platform& platform, const DataNodes& data,
                                 SharingNodes& sharing)
    : scenario_(scenario),
      deployment_(deployment),
      platform_(platform),
      data_(data),
      sharing_(sharing),
      is_gateway_(platform.size()),
      takers_(platform.size()),
      homes_(platform.size()),
      nodes_(platform.size()) {
  if (empty()) return;
  for (const DeployedSite& site : deployment.sites) is_gateway_[index(site.gateway)] = true;
  plan_streams();
  plan_models();
  plan_jobs();
}

void ProcessingNodes::plan_streams() {
  streams_ = place_streams(scenario_, deployment_, platform_, data_.keepers());
  for (const PlacedStream& stream : streams_)
    for (const DeployedSite& site : deployment_.sites)
      if (const auto taker = nearest_of(platform_, site.gateway, stream.sources))
        takers_[index(site.gateway)][stream.name] = *taker;
}

// Where a model has no home, every node that runs it has it, and nobody fetches it.
void ProcessingNodes::plan_models() {
  for (const ModelChoice& model : scenario_.processing->models) {
    if (model.home.text.empty()) continue;
    const std::vector<NodeId> homes = nodes_of_kinds(scenario_, deployment_, {model.home});
    for (std::uint32_t i = 0; i < platform_.size(); ++i)
      if (const auto home = nearest_of(platform_, NodeId{i}, homes)) homes_[i][model.name] = *home;
  }
}

void ProcessingNodes::plan_jobs() {
  for (const JobChoice& choice : scenario_.processing->jobs) jobs_.push_back(batch_of(choice));
}

BatchJob ProcessingNodes::batch_of(const JobChoice& choice) const {
  const std::string what = "job '" + choice.name + "'";
  BatchJob job{.name = choice.name,
               .table = choice.table.text,
               .space = choice.files.text,
               .brings = choice.where == JobChoice::Where::here,
               .slow_factor = choice.speculative};
  for (const Name& kind : scenario_.processing->workers) job.kinds.push_back(kind.text);
  std::vector<Column> columns{{"line", ColumnType::text}};
  if (!job.table.empty()) {
    const std::vector<TableSchema>& tables = scenario_.storage->tables;  // it is there: checked
    const auto table = std::ranges::find(tables, job.table, &TableSchema::name);
    if (table != tables.end()) columns = table->columns;
  }
  const bool is_mapped = !choice.map.name.empty();
  if (is_mapped) {  // then columns are numbers: which of the mapper's values
    columns.clear();
    for (int i = 0; i < 100; ++i) columns.push_back({std::to_string(i), ColumnType::real});
    job.spec.mapper = choice.map;
  } else {
    const auto numbers = [](const std::vector<std::uint32_t>& places) {
      return std::vector<double>(places.begin(), places.end());
    };
    std::vector<double> all(columns.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<double>(i);
    job.spec.mapper = {
        .name = "columns",
        .lists = {{"group", numbers(places_of(columns, choice.group_by, what))}, {"values", all}}};
  }
  job.spec.reduce = aggregates_of(choice.aggregates, columns, what);
  const Result<AggregateSet> aggregates = AggregateSet::make(job.spec.reduce);
  if (!aggregates) throw UserError(choice.place, what + ": " + aggregates.error().detail);
  return job;
}

void ProcessingNodes::describe_to(ActionSetting& setting) const {
  if (empty()) return;
  for (const PlacedStream& stream : streams_) {
    setting.streams.push_back(
        {stream.name, stream.table, stream.columns, stream.plan, stream.time_column});
    if (stream.into) setting.tables.push_back(*stream.into);
  }
  for (const ModelChoice& model : scenario_.processing->models) {
    if (model.on.empty()) {
      setting.fallbacks.push_back(model.name);
      continue;
    }
    OffloadModel& added = setting.models.emplace_back(OffloadModel{model.name, model.work});
    for (const Name& kind : model.on) added.kinds.push_back(kind.text);
  }
  setting.jobs = jobs_;
}

bool ProcessingNodes::is_of(NodeId node, const std::vector<Name>& kinds) const {
  const std::vector<NodeId> all = nodes_of_kinds(scenario_, deployment_, kinds);
  return std::ranges::binary_search(all, node);
}

void ProcessingNodes::boot(Node& node) {
  if (empty()) return;
  std::unique_ptr<Modules>& slot = nodes_[index(node.id())];
  slot.reset();
  slot = std::make_unique<Modules>();
  boot_jobs(node, *slot);
  if (!streams_.empty()) boot_streams(node, *slot);
}

void ProcessingNodes::boot_streams(Node& node, Modules& modules) {
  const auto is_here = [&](const PlacedStream& stream) {
    return std::ranges::find(stream.sources, node.id()) != stream.sources.end() ||
           std::ranges::any_of(stream.jobs, [&](const PlacedJob& job) {
             return job.owner == node.id() || job.standby == node.id();
           });
  };
  if (std::ranges::none_of(streams_, is_here)) return;
  Result<std::unique_ptr<Database>> database = open_stream_database(node);
  Result<Done> started{Done{}};
  if (database) {
    modules.database = std::move(*database);
    Storage* storage = data_.storage(node.id());
    const StationStorage its{data_.records(node.id()),
                             storage != nullptr ? &storage->replica() : nullptr,
                             data_.placement(node.id())};
    StationGrants grants{.guard =
                             [this, &node](EventSource& source, const PlacedStream& stream) {
                               sharing_.guard(node, source, stream.name, stream.columns);
                             },
                         .shows =
                             [this, &node](const PlacedStream& stream) {
                               return sharing_.stream_shows(node, stream.name, stream.table,
                                                            stream.purpose);
                             }};
    modules.station = std::make_unique<StreamStation>(
        node, *modules.database, *scenario_.processing, its, std::move(grants),
        scenario_.storage ? scenario_.storage->flaw : Flaw::none);
    for (const PlacedStream& stream : streams_)
      if (started && is_here(stream))
        started = modules.station->start(stream, platform_, watch_of(stream, node));
  } else {
    started = database.error();
  }
  if (!started)
    node.probe().event(node.now(), node.id(), "streams stopped", started.error().detail);
}

void ProcessingNodes::boot_jobs(Node& node, Modules& modules) {
  const ProcessingChoice& choice = *scenario_.processing;
  modules.jobs = std::make_unique<Service>(node, Port::jobs);
  if (!choice.jobs.empty() && (is_of(node.id(), choice.workers) || data_.keeps_data(node.id()))) {
    modules.rows = std::make_unique<KeptRows>(data_.placement(node.id()), node.id(),
                                              data_.storage(node.id()), data_.chunks(node.id()));
    modules.worker = std::make_unique<BatchWorker>(node, *modules.rows, *modules.jobs);
    sharing_.guard(node, *modules.worker);
  }
  modules.models = std::make_unique<ModelStore>(node, *modules.jobs);
  for (const ModelChoice& model : choice.models) {
    const bool is_fallback = model.on.empty() && is_gateway_[index(node.id())];
    const bool runs_it = is_of(node.id(), model.on);
    const bool has_it = model.home.text.empty() ? runs_it : is_of(node.id(), {model.home});
    if (!is_fallback && !has_it) continue;
    const Result<Done> published = modules.models->publish(
        {model.name, model.work, SyntheticModel{Blob(static_cast<std::size_t>(model.size))}});
    if (!published)
      node.probe().event(node.now(), node.id(), "model refused", published.error().detail);
  }
  if (is_gateway_[index(node.id())])
    modules.offloader = std::make_unique<Offloader>(node, *modules.models);
}

void ProcessingNodes::serve(Node& node, Server& server) {
  Modules* modules = nodes_[index(node.id())].get();
  if (modules == nullptr) return;
  modules->server = std::make_unique<JobServer>(node, server);
  modules->model_server = std::make_unique<ModelServer>(node, *modules->server, *modules->models);
  if (modules->rows && is_of(node.id(), scenario_.processing->workers))
    modules->batch_server = std::make_unique<BatchServer>(node, *modules->server, *modules->rows);
}

void ProcessingNodes::offer(NodeId node, ModuleClients& clients) const {
  const Modules* modules = nodes_[index(node)].get();
  if (modules == nullptr) return;
  if (clients.access != nullptr)
    for (const PlacedStream& stream : streams_)
      if (stream.into) clients.access->know(*stream.into);
  clients.offloader = modules->offloader.get();
  clients.takers = &takers_[index(node)];
  clients.homes = &homes_[index(node)];
}

StreamOutletWatch ProcessingNodes::watch_of(const PlacedStream& stream, Node& node) const {
  if (witness_ == nullptr || !stream.into) return {};
  const TableSchema& table = *stream.into;
  const std::uint32_t client = 0xff000000U + index(node.id());
  auto tickets = std::make_shared<std::vector<Witness::Ticket>>();
  return {.begins =
              [this, &table, &node, client, tickets](const Row& row, bool erased) {
                const std::string value = row_text(row);
                tickets->push_back(witness_->put(
                    table.name, key_text(std::span{row}.first(table.key_columns)), client,
                    erased ? std::nullopt : Witness::Content{value}, node.now()));
                return std::uint64_t{tickets->size() - 1};
              },
          .is_done =
              [this, &node, tickets](std::uint64_t ticket) {
                witness_->acknowledged((*tickets)[ticket], node.now());
              }};
}

}  // namespace evenkeel
