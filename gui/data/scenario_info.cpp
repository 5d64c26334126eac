#include "gui/data/scenario_info.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace evenkeel::gui {
namespace {

using Json = nlohmann::json;

void readMistakes(const Json& json, ScenarioInfo& info) {
  for (const Json& one : json.value("mistakes", Json::array()))
    info.mistakes.push_back({.file = one.value("file", ""),
                             .line = one.value("line", 0),
                             .column = one.value("column", 0),
                             .message = one.value("message", "")});
}

void readHead(const Json& json, ScenarioInfo& info) {
  info.name = json.value("name", "");
  info.question = json.value("question", "");
  info.seeds = json.value("seeds", 1);
  info.durationSeconds = json.value("duration_s", 0.0);
  info.baseline = json.value("baseline", "");
  json.value("vary", Json::object()).get_to(info.vary);
}

void readTopology(const Json& json, const Json& placed, Topology& topology) {
  std::map<std::string, std::size_t> numbers;
  for (const Json& one : json.at("places")) {
    TopologyPlace place{.name = one.value("name", ""), .tier = one.value("tier", "")};
    place.hasCoordinates = one.contains("latitude");
    place.latitude = one.value("latitude", 0.0);
    place.longitude = one.value("longitude", 0.0);
    numbers[place.name] = topology.places.size();
    topology.places.push_back(std::move(place));
  }
  for (const Json& one : json.at("links"))
    topology.links.push_back({.name = one.value("name", ""),
                              .from = numbers.at(one.at("from")),
                              .to = numbers.at(one.at("to")),
                              .latencySeconds = one.value("latency_s", 0.0),
                              .bitsPerSecond = one.value("bandwidth", 0.0)});
  for (const Json& one : placed.value("nodes", Json::array()))
    topology.places[numbers.at(one.at("place"))].nodes.push_back(one.value("name", ""));
  for (const Json& one : placed.value("devices", Json::array()))
    topology.places[numbers.at(one.at("place"))].devices[one.value("population", "")] +=
        one.value("count", std::size_t{0});
}

const Json* resolved(const Json& schema, const Json* node) {
  for (int depth = 0; node != nullptr && node->is_object() && node->contains("$ref"); ++depth) {
    const std::string target = node->at("$ref").get<std::string>();
    if (depth > 20 || !target.starts_with('#')) return nullptr;
    node = &schema.at(Json::json_pointer(target.substr(1)));
  }
  return node;
}

/// Calls visit for the schema of a value and of everything that it may be instead.
template <class Visit>
void forAlternatives(const Json& schema, const Json* node, const Visit& visit, int depth = 0) {
  node = resolved(schema, node);
  if (node == nullptr || !node->is_object() || depth > 12) return;
  visit(*node);
  for (const char* key : {"oneOf", "anyOf", "allOf"})
    if (node->contains(key))
      for (const Json& one : node->at(key)) forAlternatives(schema, &one, visit, depth + 1);
  for (const char* key : {"then", "else"})
    if (node->contains(key)) forAlternatives(schema, &node->at(key), visit, depth + 1);
  if (node->contains("items")) forAlternatives(schema, &node->at("items"), visit, depth + 1);
}

std::vector<const Json*> below(const Json& schema, const std::vector<const Json*>& nodes,
                               const std::string& name) {
  std::vector<const Json*> result;
  for (const Json* node : nodes)
    forAlternatives(schema, node, [&](const Json& its) {
      if (its.contains("properties") && its.at("properties").contains(name))
        result.push_back(&its.at("properties").at(name));
      else if (its.contains("additionalProperties") && its.at("additionalProperties").is_object())
        result.push_back(&its.at("additionalProperties"));
    });
  return result;
}

std::size_t indentOf(const std::string& line) {
  const std::size_t at = line.find_first_not_of(' ');
  return at == std::string::npos ? line.size() : at;
}

}  // namespace

ScenarioInfo readScenarioInfo(const std::string& text) {
  ScenarioInfo info;
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) {
    info.mistakes.push_back({.message = "evenkeel validate gave no answer"});
    return info;
  }
  try {
    readMistakes(json, info);
    if (json.contains("scenario")) readHead(json.at("scenario"), info);
    if (json.contains("topology"))
      readTopology(json.at("topology"), json.value("placed", Json::object()), info.topology);
  } catch (const std::exception& error) {
    info.topology = {};
    info.mistakes.push_back(
        {.message =
             std::string("evenkeel validate gave an answer of another version: ") + error.what()});
  }
  return info;
}

std::vector<std::string> completions(const std::string& schemaJson,
                                     const std::vector<std::string>& path) {
  const Json schema = Json::parse(schemaJson, nullptr, false);
  if (!schema.is_object()) return {};
  std::vector<const Json*> nodes{&schema};
  for (const std::string& name : path) nodes = below(schema, nodes, name);
  std::vector<std::string> words;
  for (const Json* node : nodes)
    forAlternatives(schema, node, [&](const Json& its) {
      if (its.contains("properties"))
        for (const auto& [name, value] : its.at("properties").items()) words.push_back(name);
      if (its.contains("enum"))
        for (const Json& value : its.at("enum"))
          if (value.is_string()) words.push_back(value);
      if (its.contains("const") && its.at("const").is_string()) words.push_back(its.at("const"));
    });
  std::ranges::sort(words);
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

std::vector<std::string> pathAt(const std::string& text, std::size_t line) {
  std::vector<std::string> lines(1);
  for (const char c : text) {
    if (c == '\n')
      lines.emplace_back();
    else
      lines.back() += c;
  }
  std::vector<std::string> path;
  if (line >= lines.size()) return path;
  std::size_t indent = indentOf(lines[line]);
  for (std::size_t i = line; i-- > 0 && indent > 0;) {
    const std::size_t its = indentOf(lines[i]);
    const std::size_t colon = lines[i].find(':');
    if (its >= indent || colon == std::string::npos || lines[i][its] == '#') continue;
    path.insert(path.begin(), lines[i].substr(its, colon - its));
    indent = its;
  }
  return path;
}

}  // namespace evenkeel::gui
