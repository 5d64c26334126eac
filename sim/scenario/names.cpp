// Checks names against the graph; what was misspelt gets the nearest name.
#include "sim/scenario/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include "sim/scenario/breakage.h"
#include "sim/scenario/yaml_tree.h"

namespace evenkeel {
namespace {

/// "kind", "kind/place" or "kind/place/number". The names of places may themselves hold a '/'.
struct NodeName {
  std::string kind;
  std::string place = {};
  std::optional<std::int64_t> number = {};
};

class NameCheck {
 public:
  NameCheck(const Scenario& scenario, const Graph& graph) : scenario_(scenario), graph_(graph) {
    std::set<std::string> tiers;
    for (const Location& place : graph.places()) {
      places_.push_back(place.name);
      if (!place.tier.empty()) tiers.insert(place.tier);
    }
    tiers_.assign(tiers.begin(), tiers.end());
  }

  std::vector<Mistake> run() {
    for (const NodeKind& node : scenario_.nodes) selector(node.at);
    for (const DevicePopulation& devices : scenario_.devices) selector(devices.at);
    for (const RequestClass& requests : scenario_.workload)
      for (const Hot& hot : requests.hot) place(hot.site);
    if (scenario_.balancing.at == Balancing::At::central) selector(scenario_.balancing.central);
    for (const Fault& fault : scenario_.faults) check_fault(fault);
    sort_mistakes(mistakes_);
    return std::move(mistakes_);
  }

 private:
  void mistake(const Place& where, std::string message) {
    mistakes_.push_back({where, std::move(message)});
  }

  void place(const Name& name) {
    if (name.text.empty() || graph_.find(name.text)) return;
    mistake(name.place, fmt::format("no place {} in the topology{}", shown(name.text),
                                    suggestion(name.text, places_)));
  }

  void selector(const Selector& at) {
    using How = Selector::How;
    if (at.how == How::names) {
      for (const Name& name : at.names) place_or_form(name);
    } else if (at.how == How::tier) {
      for (const Name& tier : at.names)
        if (!tier.text.empty() && std::ranges::find(tiers_, tier.text) == tiers_.end())
          mistake(tier.place, fmt::format("no tier {} in the topology{}", shown(tier.text),
                                          suggestion(tier.text, tiers_)));
    } else if (at.how == How::random || at.how == How::most_central) {
      if (at.count > static_cast<std::int64_t>(places_.size()))
        mistake(at.place, fmt::format("asks for {} places, where the topology has {}", at.count,
                                      places_.size()));
    }
  }

  /// A misspelt `every site` reads as the name of a place.
  void place_or_form(const Name& name) {
    if (graph_.find(name.text)) return;
    std::vector<std::string> candidates = {"every site", "every vertex"};
    candidates.insert(candidates.end(), places_.begin(), places_.end());
    mistake(name.place, fmt::format("no place {} in the topology{}", shown(name.text),
                                    suggestion(name.text, candidates)));
  }

  void check_fault(const Fault& fault) {
    const Breakage* what = breakage(fault);
    if (what == nullptr) return;
    const NamedThings named = what->named();
    if (named.what == NamedThings::What::link) return link(named.names);
    for (const Name& name : named.names)
      named.what == NamedThings::What::nodes ? node(name) : place(name);
  }

  void link(const std::vector<Name>& names) {
    if (names.size() == 1) {
      if (graph_.find_link(names[0].text)) return;
      std::vector<std::string> links;
      for (const Link& link : graph_.links()) links.push_back(link.name);
      mistake(names[0].place, fmt::format("no link {} in the topology{}", shown(names[0].text),
                                          suggestion(names[0].text, links)));
    }
    if (names.size() != 2) return;
    place(names[0]);
    place(names[1]);
    const auto from = graph_.find(names[0].text);
    const auto to = graph_.find(names[1].text);
    if (from && to && !graph_.link_between(*from, *to))
      mistake(names[0].place, fmt::format("no link between {} and {}; write the ends of one that "
                                          "there is",
                                          shown(names[0].text), shown(names[1].text)));
  }

  NodeName parts(const std::string& text) const {
    const std::size_t first = text.find('/');
    if (first == std::string::npos) return {text};
    NodeName node{text.substr(0, first), text.substr(first + 1)};
    const std::size_t last = node.place.rfind('/');
    if (graph_.find(node.place) || last == std::string::npos) return node;
    const char* const digits = node.place.data() + last + 1;
    const char* const end = node.place.data() + node.place.size();
    std::int64_t number = 0;
    const auto read = std::from_chars(digits, end, number);
    if (read.ec != std::errc{} || read.ptr != end) return node;
    node.number = number;
    node.place.resize(last);
    return node;
  }

  void node(const Name& name) {
    const NodeName wanted = parts(name.text);
    const auto kind = std::ranges::find(scenario_.nodes, wanted.kind, &NodeKind::name);
    if (kind == scenario_.nodes.end() || wanted.place.empty()) return;
    if (!graph_.find(wanted.place)) return place({wanted.place, name.place});
    if (!may_stand_at(*kind, wanted.place))
      mistake(name.place, fmt::format("no node {}: the kind '{}' does not stand at {}",
                                      shown(name.text), wanted.kind, shown(wanted.place)));
    else if (wanted.number && (*wanted.number < 1 || *wanted.number > kind->count))
      mistake(name.place,
              fmt::format("no node {}: there are {} of the kind '{}' at a place, counted "
                          "from 1",
                          shown(name.text), kind->count, wanted.kind));
  }

  /// Which places are random or most central is known only to the run.
  bool may_stand_at(const NodeKind& kind, const std::string& place_name) const {
    const std::string& tier = graph_.place(*graph_.find(place_name)).tier;
    switch (kind.at.how) {
      case Selector::How::names:
        return std::ranges::find(kind.at.names, place_name, &Name::text) != kind.at.names.end();
      case Selector::How::tier:
        return !kind.at.names.empty() && kind.at.names[0].text == tier;
      case Selector::How::every_site:
        return tiers_.size() < 2 || tier == "site";
      default:
        return true;
    }
  }

  const Scenario& scenario_;
  const Graph& graph_;
  std::vector<std::string> places_;
  std::vector<std::string> tiers_;
  std::vector<Mistake> mistakes_;
};

}  // namespace

std::vector<Mistake> unknown_names(const Scenario& scenario, const Graph& graph) {
  return NameCheck{scenario, graph}.run();
}

void check_names(const Scenario& scenario, const Graph& graph) {
  std::vector<Mistake> mistakes = unknown_names(scenario, graph);
  if (!mistakes.empty()) throw ScenarioErrors(std::move(mistakes));
}

}  // namespace evenkeel
