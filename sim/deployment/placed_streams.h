// A scenario's streams on its nodes: who takes events, who computes which part of a stream from
// which sources, who stands by.
#pragma once

#include <map>

#include "models/processing/stream_keeper.h"
#include "sim/deployment/deployment.h"

namespace evenkeel {

/// One owner's part of a stream.
struct PlacedJob {
  StreamPlan plan = {};  // its spec is called "stream@owner"
  NodeId owner{};
  std::optional<NodeId> standby = {};
};

struct PlacedStream {
  std::string name = {};
  std::string table = {};  // empty: events
  std::string purpose = {};
  TableSchema columns = {};
  StreamPlan plan = {};  // without sources
  std::optional<std::uint32_t> time_column = {};
  std::vector<NodeId> sources = {};
  std::vector<PlacedJob> jobs = {};
  std::optional<TableSchema> into = {};

  /// As FedStream has it.
  bool is_by_window() const { return !plan.windowing->merges() && (table.empty() || time_column); }
};

/// The one that is reached soonest, of equal ones the first; nothing if none can be reached.
std::optional<NodeId> nearest_of(const Platform& platform, NodeId from,
                                 const std::vector<NodeId>& candidates);
/// The places of these columns. UserError for one that is not there.
std::vector<std::uint32_t> places_of(const std::vector<Column>& columns,
                                     const std::vector<Name>& names, const std::string& what);
std::vector<AggregateOf> aggregates_of(const std::vector<AggregateChoice>& chosen,
                                       const std::vector<Column>& columns, const std::string& what);

/// `table_sources`: the nodes that tell the rows of tables. UserError if a stream makes no sense.
std::vector<PlacedStream> place_streams(const Scenario& scenario, const Deployment& deployment,
                                        const Platform& platform,
                                        const std::vector<NodeId>& table_sources);

}  // namespace evenkeel
