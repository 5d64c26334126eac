// What a node needs for streams: logs of events, jobs, what it keeps for others' jobs.
#pragma once

#include "models/processing/event_intake.h"
#include "models/processing/event_source.h"
#include "models/processing/stream_outlet.h"
#include "models/processing/table_feed.h"
#include "models/sql/disk_vfs.h"
#include "sim/deployment/placed_streams.h"

namespace evenkeel {

/// The storage's modules on the node; null where it has none.
struct StationStorage {
  Records* records = nullptr;
  Replica* replica = nullptr;
  const Placement* placement = nullptr;
};

/// What stands between the rows of a stream's table and its jobs, and what jobs show to it.
struct StationGrants {
  std::function<void(EventSource& source, const PlacedStream& stream)> guard = {};
  std::function<StreamShows(const PlacedStream& stream)> shows = {};
};

class StreamStation {
 public:
  /// The database outlives it, as all else outlives the node's tasks.
  StreamStation(Node& node, Database& database, const ProcessingChoice& choice,
                const StationStorage& storage, StationGrants grants, Flaw flaw);
  StreamStation(const StreamStation&) = delete;

  /// Starts this node's part of the stream. `watch`: of the rows put into its table.
  Result<Done> start(const PlacedStream& stream, const Platform& platform,
                     const StreamOutletWatch& watch);

  Node& node() { return node_; }
  EventLog& log() { return log_; }
  StreamStore& store() { return store_; }

 private:
  Node& node_;
  const ProcessingChoice& choice_;
  StationStorage storage_;
  StationGrants grants_;
  Flaw flaw_;
  EventLog log_;
  StreamStore store_;
  Service service_;
  EventSource source_;
  StreamStandby standby_;
  EventIntake intake_;
  std::unique_ptr<StreamOwners> owners_;
  StreamKeeper keeper_;
  std::vector<std::unique_ptr<TableFeed>> feeds_;
  std::vector<std::unique_ptr<StreamOutlet>> outlets_;
  bool is_open_ = false;
};

/// A node's database for streams; one that is damaged is made anew, as after the loss of the disk.
Result<std::unique_ptr<Database>> open_stream_database(Node& node);

}  // namespace evenkeel
