#include "sim/deployment/stream_station.h"

#include <algorithm>

namespace evenkeel {
namespace {

constexpr std::string_view file_name = "streams.db";

EventLogSettings log_settings(const ProcessingChoice& choice) {
  return {.limit_bytes = static_cast<std::uint64_t>(choice.log_limit),
          .when_full = choice.when_full == ProcessingChoice::WhenFull::refuse
                           ? EventLogSettings::WhenFull::refuse
                           : EventLogSettings::WhenFull::drop_oldest};
}

}  // namespace

Result<std::unique_ptr<Database>> open_stream_database(Node& node) {
  const DiskDatabase settings{.seed = node.random()()};
  Result<std::unique_ptr<Database>> opened =
      open_on_disk(node.disk(), std::string{file_name}, settings);
  if (opened || opened.error().code != ErrorCode::disk) return opened;
  node.probe().event(node.now(), node.id(), "store damaged", opened.error().detail);
  for (const std::string& file : node.disk().list())
    if (file.starts_with(file_name)) node.disk().remove(file);
  return open_on_disk(node.disk(), std::string{file_name}, settings);
}

StreamStation::StreamStation(Node& node, Database& database, const ProcessingChoice& choice,
                             const StationStorage& storage, StationGrants grants, Flaw flaw)
    : node_(node),
      choice_(choice),
      storage_(storage),
      grants_(std::move(grants)),
      flaw_(flaw),
      log_(node, database, log_settings(choice)),
      store_(database),
      service_(node, Port::streams),
      source_(node, log_, service_),
      standby_(node, store_, service_),
      intake_(node, log_, service_, choice.work),
      owners_(storage.records != nullptr ? std::make_unique<StreamOwners>(*storage.records)
                                         : nullptr),
      keeper_(node, store_, service_, owners_.get(), {.take_over_after = choice.take_over_after}) {}

Result<Done> StreamStation::start(const PlacedStream& stream, const Platform& platform,
                                  const StreamOutletWatch& watch) {
  if (!is_open_) {
    if (const Result<Done> opened = log_.open(); !opened) return opened;
    if (const Result<Done> opened = store_.open(); !opened) return opened;
    is_open_ = true;
  }
  const bool is_source = std::ranges::find(stream.sources, node_.id()) != stream.sources.end();
  for (const PlacedJob& job : stream.jobs) {
    const std::vector<NodeId>& sources = job.plan.spec.sources;
    if (std::ranges::find(sources, node_.id()) != sources.end())
      if (const Result<Done> told = log_.expect(stream.name, job.plan.spec.name); !told)
        return told;
    if (job.owner != node_.id() && job.standby != node_.id()) continue;
    StreamJobSettings settings{.room = static_cast<std::uint64_t>(choice_.room),
                               .tick = choice_.tick,
                               .ops_per_event = choice_.count_work};
    if (!stream.table.empty() && grants_.shows) settings.shows = grants_.shows(stream);
    if (flaw_ == Flaw::split_transaction) settings.flaw = StreamJobSettings::Flaw::two_transactions;
    keeper_.keep({job.plan, settings, job.owner, job.standby});
    outlets_.push_back(std::make_unique<StreamOutlet>(
        node_, store_, keeper_, stream.into ? storage_.records : nullptr, job.plan.spec.name,
        stream.into.value_or(TableSchema{}), platform.node(job.owner).name,
        StreamOutletSettings{.every = choice_.tick}, watch));
  }
  if (!is_source) return Done{};
  if (stream.table.empty()) {
    intake_.take_stream(stream.columns);
  } else if (storage_.replica != nullptr) {
    if (grants_.guard) grants_.guard(source_, stream);
    const TableFeedSettings settings{.stream = stream.name, .time_column = stream.time_column};
    feeds_.push_back(std::make_unique<TableFeed>(node_, *storage_.replica, *storage_.placement,
                                                 log_, stream.columns, settings));
  }
  return Done{};
}

}  // namespace evenkeel
