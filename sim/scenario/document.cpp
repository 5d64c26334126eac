// Loading, setting and hashing of documents; what they mean is not known here.
#include "sim/scenario/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "sim/scenario/include.h"
#include "sim/scenario/paths.h"
#include "sim/scenario/variables.h"

namespace evenkeel {
namespace {

void place_all(YamlNode& node, const Place& place) {
  node.place = place;
  for (Name& key : node.keys) key.place = place;
  for (YamlNode& item : node.items) place_all(item, place);
}

bool varies_variables(const YamlNode& tree) {
  const YamlNode* compare = tree.find("compare");
  const YamlNode* vary = compare != nullptr ? compare->find("vary") : nullptr;
  return vary != nullptr && std::ranges::any_of(vary->keys, [](const Name& path) {
           return path.text.starts_with("variables.");
         });
}

}  // namespace

ScenarioDocument parse_scenario(std::string_view text, const std::string& file,
                                const std::string& directory, const Catalogues& from) {
  ScenarioDocument document;
  document.file_ = file;
  document.directory_ = directory;
  document.from_ = &from;
  document.shape_ = std::make_shared<const Shape>(scenario_shape(from));
  document.tree_ = parse_with_includes(text, file, directory, *document.shape_, document.mistakes_);
  return document;
}

ScenarioDocument load_scenario(const std::string& path, const Catalogues& from) {
  std::string text;
  try {
    text = read_bounded(path);
  } catch (const UserError& error) {
    throw UserError(path + " " + error.what());
  }
  return parse_scenario(text, path, std::filesystem::path{path}.parent_path().string(), from);
}

void ScenarioDocument::set(const std::string& path, const std::string& text,
                           std::string_view option) {
  const Place place{fmt::format("{} {}={}", option, path, text.substr(0, 100)), 0, 0};
  std::vector<Mistake> mistakes;
  YamlNode value = parse_yaml(text, place.file, mistakes);
  if (!mistakes.empty()) throw UserError(place, mistakes.front().message);
  place_all(value, place);
  try {
    set(path, value);
  } catch (const UserError& error) {
    throw UserError(place, error.what());
  }
}

std::pair<std::string, std::string> ScenarioDocument::set(const std::string& assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0)
    throw UserError("--set " + assignment + ": write path=value, such as duration=60 s");
  const std::string path = assignment.substr(0, equals);
  const std::string value = assignment.substr(equals + 1);
  set(path, value);
  return {path, value};
}

void ScenarioDocument::set(const std::string& path, const YamlNode& value) {
  if (!is_readable()) throw ScenarioErrors(mistakes_);
  assign(tree_, *shape_, path, value);
}

YamlNode ScenarioDocument::resolved(std::vector<Mistake>& mistakes) const {
  YamlNode tree = tree_;
  substitute(tree, mistakes);
  return tree;
}

std::string ScenarioDocument::canonical() const {
  if (varies_variables(tree_)) return to_yaml(tree_);
  std::vector<Mistake> ignored;
  return to_yaml(resolved(ignored));
}

}  // namespace evenkeel
