#include "sim/cli/validate_command.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "sim/deployment/deployment.h"
#include "sim/scenario/reader.h"
#include "sim/study/setup.h"
#include "sim/topology/analysis.h"

namespace evenkeel {
namespace {

using Json = nlohmann::ordered_json;

constexpr int wrong = 2;

ScenarioDocument document_of(const ValidateOptions& options, const std::string& file) {
  if (!options.input_as) return load_scenario(file);
  const std::string text{std::istreambuf_iterator<char>{std::cin}, {}};
  const std::string folder = std::filesystem::path(file).parent_path().string();
  return parse_scenario(text, file, folder.empty() ? "." : folder, catalogues());
}

/// "file:line:column: message" taken apart, as far as it is one.
Json placed(const std::string& line) {
  Json mistake{{"file", ""}, {"line", 0}, {"column", 0}, {"message", line}};
  const auto number = [&](std::size_t from, std::size_t to) {
    int value = 0;
    std::from_chars(line.data() + from, line.data() + to, value);
    return value;
  };
  const std::size_t end = line.find(": ");
  if (end == std::string::npos) return mistake;
  const std::size_t second = line.rfind(':', end - 1);
  if (second == std::string::npos || second == 0) return mistake;
  const std::size_t first = line.rfind(':', second - 1);
  if (first == std::string::npos || number(first + 1, second) == 0) return mistake;
  return {{"file", line.substr(0, first)},
          {"line", number(first + 1, second)},
          {"column", number(second + 1, end)},
          {"message", line.substr(end + 2)}};
}

Json mistakes_json(const std::vector<Mistake>& mistakes) {
  Json list = Json::array();
  for (const Mistake& mistake : mistakes)
    list.push_back({{"file", mistake.place.file},
                    {"line", mistake.place.line},
                    {"column", mistake.place.column},
                    {"message", mistake.message}});
  return list;
}

Json scenario_json(const Scenario& scenario) {
  Json vary = Json::object();
  for (const Variation& axis : scenario.compare.vary) vary[axis.path] = axis.values;
  return {{"name", scenario.name},
          {"question", scenario.question},
          {"seed", scenario.seed},
          {"duration_s", to_seconds(scenario.duration)},
          {"vary", vary},
          {"seeds", scenario.compare.seeds},
          {"baseline", scenario.compare.baseline.text},
          {"metric", scenario.compare.metric}};
}

/// Which nodes and how many devices stand at which place of the topology.
Json placed_json(const Scenario& scenario, const Graph& graph, const Deployment& deployment) {
  Json nodes = Json::array();
  for (const DeployedNode& one : deployment.of_kinds) {
    const PlatformNode& node = deployment.nodes[index(one.node)];
    nodes.push_back({{"name", node.name},
                     {"kind", scenario.nodes[one.kind].name},
                     {"place", graph.place(node.vertex).name}});
  }
  Json devices = Json::array();
  for (std::size_t p = 0; p < deployment.homes.size(); ++p)
    for (const Deployment::Homes& homes : deployment.homes[p])
      devices.push_back({{"population", scenario.devices[p].name},
                         {"place", graph.place(deployment.sites[homes.site].vertex).name},
                         {"count", homes.count}});
  return {{"nodes", nodes}, {"devices", devices}};
}

Json checked(const ValidateOptions& options, const std::string& file) {
  Json json{{"file", file}, {"mistakes", Json::array()}};
  try {
    const Scenario scenario = read(document_of(options, file));
    json["scenario"] = scenario_json(scenario);
    const Graph graph = build_topology(scenario);
    json["topology"] = topology_json(graph);
    json["placed"] = placed_json(scenario, graph, deploy(scenario, graph));
  } catch (const ScenarioErrors& errors) {
    json["mistakes"] = mistakes_json(errors.mistakes());
  } catch (const UserError& error) {
    json["mistakes"].push_back(placed(error.what()));
  }
  return json;
}

int validate_as_json(const ValidateOptions& options, const std::vector<std::string>& files) {
  int status = 0;
  for (const std::string& file : files) {
    const Json json = checked(options, file);
    if (!json["mistakes"].empty()) status = wrong;
    std::cout << json.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
  }
  return status;
}

}  // namespace

int validate_command(const ValidateOptions& options) {
  std::vector<std::string> files = options.scenarios;
  if (options.input_as) files = {*options.input_as};
  if (files.empty()) throw UserError("validate: name a scenario file");
  if (options.json) return validate_as_json(options, files);
  int status = 0;
  for (const std::string& file : files) {
    try {
      const ScenarioDocument document = document_of(options, file);
      const Scenario scenario = read(document);
      deploy(scenario, build_topology(scenario));
      fmt::print("{}: fine\n", file);
    } catch (const UserError& error) {
      fmt::print(stderr, "{}\n", error.what());
      status = wrong;
    }
  }
  return status;
}

}  // namespace evenkeel
