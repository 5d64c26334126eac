// Topologies from files. The bytes are hostile: every reader is bounded, and gives a graph whose
// doubts say what was assumed, or a UserError with file:line:column.
#pragma once

#include <string>
#include <string_view>

#include "sim/topology/defaults.h"
#include "sim/topology/graph.h"

namespace evenkeel {

/// GraphML (graphml.graphdrawing.org). Of places: label or name, Latitude, Longitude, tier. Of
/// links: LinkSpeedRaw (bit/s), bandwidth, latency or delay, with a unit or in bit/s and ms.
Graph parse_graphml(std::string_view text, const std::string& file, const LinkDefaults& defaults);

/// A SimGrid platform (version 4): hosts and routers become places, the links of a route one link.
Graph parse_simgrid(std::string_view text, const std::string& file, const LinkDefaults& defaults);

struct MatrixSettings {
  enum class Statistic { min, avg };

  std::string file = {};
  Statistic statistic = Statistic::min;
  bool round_trip = true;  // the values are pings, there and back

  void describe(Fields& fields);
};
/// Latencies in ms between all places: a folder of pings (one file a source, in it one line
/// `min/avg/max/mdev:target` a target), one such file, or a square CSV table with the names in its
/// first row and column.
Graph read_matrix(const MatrixSettings& settings, const LinkDefaults& defaults);

struct SitesSettings {
  enum class Connect { mst, nearest, complete };

  std::string file = {};
  std::string name = "SITE_ID";
  std::string latitude = "LATITUDE";
  std::string longitude = "LONGITUDE";
  Connect connect = Connect::mst;
  std::int64_t k = 3;
  double radius_m = 1000;

  void describe(Fields& fields);
};
/// Sites with coordinates, one a line under a header that names the columns.
Graph read_sites(const SitesSettings& settings, const LinkDefaults& defaults);

/// Any of these, told apart by folder, ending and content, with their default settings.
Graph read_topology_file(const std::string& path, const LinkDefaults& defaults = {});

}  // namespace evenkeel
