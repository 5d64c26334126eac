#include "sim/study/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "sim/scenario/reader.h"
#include "sim/study/matrix.h"
#include "sim/study/study_hash.h"

namespace evenkeel {
namespace {

constexpr int most_seeds = 10'000;
constexpr std::size_t most_cells = 1'000'000;

/// As the file would write it: so that the reader checks paths, values and baseline alike.
YamlNode vary_node(const std::vector<std::string>& options) {
  YamlNode map = yaml_map({"--vary"});
  for (const std::string& option : options) {
    const Variation axis = parse_vary(option);
    if (map.find(axis.path) != nullptr)
      throw UserError(axis.place, "'" + axis.path + "' is varied twice");
    YamlNode values{.kind = YamlNode::Kind::list, .place = axis.place};
    for (const std::string& text : axis.values) {
      std::vector<Mistake> none;
      values.items.push_back(parse_yaml(text, axis.place.file, none));
      values.items.back().place = axis.place;
    }
    map.keys.push_back({axis.path, axis.place});
    map.items.push_back(std::move(values));
  }
  return map;
}

ScenarioDocument changed_document(const CompareRequest& request, const Catalogues& from) {
  ScenarioDocument document = load_scenario(request.scenario, from);
  if (!document.is_readable()) throw ScenarioErrors(document.mistakes());
  for (const std::string& setting : request.sets) document.set(setting);
  if (!request.vary.empty()) document.set("compare.vary", vary_node(request.vary));
  if (request.seeds)
    document.set("compare.seeds", yaml_scalar({"--seeds"}, std::to_string(*request.seeds)));
  if (request.baseline) document.set("compare.baseline", *request.baseline, "--baseline");
  return document;
}

/// Names of places, and the topology, are the same whatever the policy; a large topology takes
/// seconds to make.
bool changes_places(const Choice& chosen) {
  return std::ranges::any_of(chosen, [](const auto& one) {
    return !one.first.starts_with("balancing.policy") &&
           !one.first.starts_with("balancing.knowledge");
  });
}

void read_variants(ComparePlan& plan, const ScenarioDocument& bare, const ScenarioCheck& check) {
  std::vector<Mistake> mistakes;
  for (const Choice& chosen : plan.chosen) {
    ScenarioDocument document = bare;
    for (const auto& [path, value] : chosen) document.set(path, value, "--vary");
    try {
      plan.variants.push_back(read(document));
      if (plan.variants.size() == 1 || changes_places(chosen)) check(plan.variants.back());
    } catch (const ScenarioErrors& errors) {
      mistakes.insert(mistakes.end(), errors.mistakes().begin(), errors.mistakes().end());
    }
  }
  sort_mistakes(mistakes);
  if (!mistakes.empty()) throw ScenarioErrors(std::move(mistakes));
}

void list_cells(ComparePlan& plan, const std::string& hash, const std::string& version) {
  if (plan.seeds * plan.chosen.size() > most_cells)
    throw UserError(fmt::format("more than {} runs", most_cells));
  for (std::uint64_t i = 0; i < plan.seeds; ++i)
    for (std::size_t variant = 0; variant < plan.chosen.size(); ++variant)
      plan.cells.push_back({.key = {.scenario_hash = hash,
                                    .seed = static_cast<std::uint64_t>(plan.scenario.seed) + i,
                                    .chosen = plan.chosen[variant],
                                    .version = version},
                            .variant = variant});
}

}  // namespace

ComparePlan plan_comparison(const CompareRequest& request, const Catalogues& from,
                            const ScenarioCheck& check) {
  if (request.seeds && (*request.seeds < 1 || *request.seeds > most_seeds))
    throw UserError(fmt::format("--seeds {}: from 1 to {}", *request.seeds, most_seeds));
  const ScenarioDocument document = changed_document(request, from);
  ComparePlan plan{.scenario = read(document), .directory = document.directory()};
  const Compare& compare = plan.scenario.compare;
  plan.chosen = combinations(compare.vary);
  plan.seeds = static_cast<std::uint64_t>(compare.seeds);
  const ScenarioDocument bare = without_comparison(document);
  read_variants(plan, bare, check);
  std::vector<std::string> files;
  for (const Scenario& variant : plan.variants)
    files.insert(files.end(), variant.files.begin(), variant.files.end());
  plan.info = {.scenario_hash = study_hash(bare, std::move(files)),
               .name = plan.scenario.name,
               .question = plan.scenario.question,
               .scenario_text = document.canonical(),
               .charts = plan.scenario.charts,
               .baseline = compare.baseline.text,
               .metric = compare.metric};
  for (const Variation& axis : compare.vary) plan.info.matrix[axis.path] = axis.values;
  if (plan.info.baseline.empty() && !compare.vary.empty())
    plan.info.baseline = compare.vary.front().values.front();
  list_cells(plan, plan.info.scenario_hash, request.version);
  return plan;
}

std::string default_result_path(const Scenario& scenario) {
  std::string slug;
  for (const char c : scenario.name.substr(0, 60)) {
    const bool kept = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
    if (kept)
      slug += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!slug.empty() && slug.back() != '-')
      slug += '-';
  }
  while (slug.ends_with('-')) slug.pop_back();
  return "result-" + (slug.empty() ? "scenario" : slug) + ".evenkeel";
}

std::string quoted_for_shell(const std::string& word) {
  const auto plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("_-./=:").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::ranges::all_of(word, plain)) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string replay_command(const CompareRequest& request, const Cell& cell) {
  std::string command = "evenkeel run " + quoted_for_shell(request.scenario) + " --seed " +
                        std::to_string(cell.key.seed);
  for (const std::string& setting : request.sets) command += " --set " + quoted_for_shell(setting);
  for (const auto& [path, value] : cell.key.chosen)
    command += " --set " + quoted_for_shell(path + "=" + value);
  return command;
}

}  // namespace evenkeel
