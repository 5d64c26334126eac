// What `evenkeel validate --json` says of a scenario, and where its places come to lie in a
// drawing.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace evenkeel::gui {

struct ScenarioMistake {
  std::string file = {};
  int line = 0;  // from 1; 0: of no line
  int column = 0;
  std::string message = {};
};

struct TopologyPlace {
  std::string name = {};
  std::string tier = {};
  bool hasCoordinates = false;
  double latitude = 0, longitude = 0;
  std::vector<std::string> nodes = {};              // that stand here
  std::map<std::string, std::size_t> devices = {};  // population: count
};

struct TopologyLink {
  std::string name = {};
  std::size_t from = 0, to = 0;  // in places
  double latencySeconds = 0;
  double bitsPerSecond = 0;
};

struct Topology {
  std::vector<TopologyPlace> places = {};
  std::vector<TopologyLink> links = {};
};

struct ScenarioInfo {
  std::vector<ScenarioMistake> mistakes = {};
  std::string name = {};
  std::string question = {};
  std::map<std::string, std::vector<std::string>> vary = {};
  int seeds = 1;
  double durationSeconds = 0;
  std::string baseline = {};
  Topology topology = {};

  bool isReadable() const { return !topology.places.empty(); }
};

/// Text that is no such JSON becomes one mistake.
ScenarioInfo readScenarioInfo(const std::string& json);

/// A place in the unit square for each: as on a map where all have coordinates, else in rings
/// around the middle of the graph.
std::vector<std::pair<double, double>> placesDrawn(const Topology& topology);

/// The fields and values that a scenario may hold below a path such as {"balancing"}, by the
/// schema that `evenkeel schema` prints; sorted.
std::vector<std::string> completions(const std::string& schemaJson,
                                     const std::vector<std::string>& path);

/// The names of the maps that a line of a YAML text stands in, by its indentation.
std::vector<std::string> pathAt(const std::string& text, std::size_t line);

}  // namespace evenkeel::gui
