// A topology in words and as JSON.
#include <algorithm>
#include <iterator>
#include <numeric>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/topology/analysis.h"
#include "sim/topology/text.h"

namespace evenkeel {
namespace {

constexpr std::size_t rows_shown = 10;
constexpr std::size_t names_shown = 4;

struct Degrees {
  std::size_t least = 0, most = 0;
  double mean = 0;
};

Degrees degrees_of(const Graph& graph) {
  const std::size_t places = graph.places().size();
  if (places == 0) return {};
  Degrees degrees{.least = graph.links().size()};
  for (VertexId vertex = 0; vertex < places; ++vertex) {
    const std::size_t degree = boost::out_degree(vertex, graph.network());
    degrees.least = std::min(degrees.least, degree);
    degrees.most = std::max(degrees.most, degree);
  }
  degrees.mean = 2.0 * static_cast<double>(graph.links().size()) / static_cast<double>(places);
  return degrees;
}

std::vector<VertexId> by_betweenness(const Reach& reach, std::size_t count) {
  std::vector<VertexId> places(reach.betweenness.size());
  std::iota(places.begin(), places.end(), 0u);
  count = std::min(count, places.size());
  std::ranges::partial_sort(
      places, places.begin() + static_cast<std::ptrdiff_t>(count), [&](VertexId a, VertexId b) {
        return std::pair{reach.betweenness[b], a} < std::pair{reach.betweenness[a], b};
      });
  places.resize(count);
  return places;
}

/// Columns in characters, not bytes, so that names with accents line up.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

class Description {
 public:
  explicit Description(const Graph& graph) : graph_(graph) {}

  std::string text() && {
    sizes();
    const Reach reach = reach_of(graph_);
    distances(reach);
    const Cuts cuts = cuts_of(graph_);
    table("Cut nodes", "without it these lose touch", cuts.nodes.size(), [&](std::size_t i) {
      const CutNode& cut = cuts.nodes[i];
      return std::pair{graph_.place(cut.vertex).name, lost(cut.cut_off, cut.cut_off_count)};
    });
    table("Bridges", "without it these lose touch", cuts.bridges.size(), [&](std::size_t i) {
      const Bridge& cut = cuts.bridges[i];
      return std::pair{graph_.link(cut.link).name, lost(cut.cut_off, cut.cut_off_count)};
    });
    centrality(reach);
    section("Doubts");
    for (const std::string& doubt : graph_.doubts()) line("  - {}", doubt);
    if (graph_.doubts().empty()) line("  none");
    return std::move(text_);
  }

 private:
  template <class... Values>
  void line(fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Values>(values)...);
    text_ += '\n';
  }

  void section(std::string_view title) {
    text_ += '\n';
    line("{}", title);
  }

  static std::string span(const std::string& least, const std::string& most) {
    return least == most ? least : fmt::format("{} to {}", least, most);
  }

  void sizes() {
    const Parts parts = parts_of(graph_);
    const Degrees degrees = degrees_of(graph_);
    const auto located = std::ranges::count_if(
        graph_.places(), [](const Location& place) { return place.coordinates.has_value(); });
    line("places      {} ({} with coordinates)", graph_.places().size(), located);
    for (const std::string_view tier : {"cloud", "region", "site", "device"}) {
      const auto count = std::ranges::count(graph_.places(), tier, &Location::tier);
      if (count > 0) line("  {:<10}{}", tier, count);
    }
    line("links       {}", graph_.links().size());
    line("links each  {} to {}, {:.3g} on average", degrees.least, degrees.most, degrees.mean);
    std::vector<std::uint32_t> largest = parts.sizes;
    std::ranges::sort(largest, std::greater{});
    line("parts       {}", largest.size());
    if (largest.size() > 1) {
      const std::size_t shown = std::min(largest.size(), rows_shown);
      line("  of        {} places{}",
           fmt::join(largest.begin(), largest.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
           largest.size() > shown ? fmt::format(" ... and {} more", largest.size() - shown) : "");
    }
  }

  void distances(const Reach& reach) {
    const auto& links = graph_.links();
    if (links.empty()) return;
    const auto [least, most] = std::ranges::minmax_element(links, {}, &Link::latency);
    line("latency     {} a link", span(spelled(least->latency), spelled(most->latency)));
    const auto [narrow, wide] = std::ranges::minmax_element(links, {}, &Link::bandwidth);
    line("bandwidth   {} a link",
         span(spelled_bandwidth(narrow->bandwidth), spelled_bandwidth(wide->bandwidth)));
    const std::string_view bound = reach.exact ? "" : "at least ";
    line("mean route  {} one way", spelled(reach.mean_latency));
    line("diameter    {}{} one way ({} - {}); {}{}", bound, spelled(reach.diameter),
         graph_.place(reach.farthest[0]).name, graph_.place(reach.farthest[1]).name, bound,
         counted(reach.diameter_links, "link", "links"));
    if (!reach.exact) line("            (seen from a sample of {} of the places)", reach.sources);
  }

  std::string lost(const std::vector<VertexId>& places, std::size_t count) const {
    std::string names = fmt::format("{:>6}  ", count);
    const std::size_t shown = std::min(places.size(), names_shown);
    for (std::size_t i = 0; i < shown; ++i)
      names += (i > 0 ? ", " : "") + graph_.place(places[i]).name;
    if (count > shown) names += fmt::format(" ... and {} more", count - shown);
    return names;
  }

  template <class Row>
  void table(std::string_view title, std::string_view meaning, std::size_t count, Row row) {
    section(count == 0 ? fmt::format("{}: none", title)
                       : fmt::format("{}: {} ({})", title, count, meaning));
    const std::size_t shown = std::min(count, rows_shown);
    std::vector<std::pair<std::string, std::string>> rows;
    std::size_t widest = 0;
    for (std::size_t i = 0; i < shown; ++i) {
      rows.push_back(row(i));
      widest = std::max(widest, width(rows.back().first));
    }
    for (const auto& [name, rest] : rows)
      line("  {}{}{}", name, std::string(widest - width(name), ' '), rest);
    if (count > shown) line("  ... and {} more", count - shown);
  }

  void centrality(const Reach& reach) {
    const std::vector<VertexId> places = by_betweenness(reach, graph_.places().size());
    const auto used = static_cast<std::size_t>(std::ranges::count_if(
        places, [&](VertexId place) { return reach.betweenness[place] > 0; }));
    const std::string meaning =
        reach.exact ? "share of the routes of others that pass it"
                    : fmt::format(
                          "share of the routes of others that pass it, from a sample of {} "
                          "sources",
                          reach.sources);
    table("Betweenness", meaning, used, [&](std::size_t i) {
      return std::pair{graph_.place(places[i]).name,
                       fmt::format("{:>7.1f} %", 100 * reach.betweenness[places[i]])};
    });
  }

  const Graph& graph_;
  std::string text_;
};

nlohmann::json names_of(const Graph& graph, const std::vector<VertexId>& places) {
  nlohmann::json names = nlohmann::json::array();
  for (const VertexId place : places) names.push_back(graph.place(place).name);
  return names;
}

nlohmann::json cuts_json(const Graph& graph) {
  const Cuts cuts = cuts_of(graph);
  nlohmann::json nodes = nlohmann::json::array(), bridges = nlohmann::json::array();
  for (const CutNode& cut : cuts.nodes)
    nodes.push_back({{"place", graph.place(cut.vertex).name},
                     {"pieces", cut.pieces},
                     {"cut_off_count", cut.cut_off_count},
                     {"cut_off", names_of(graph, cut.cut_off)}});
  for (const Bridge& cut : cuts.bridges)
    bridges.push_back({{"link", graph.link(cut.link).name},
                       {"cut_off_count", cut.cut_off_count},
                       {"cut_off", names_of(graph, cut.cut_off)}});
  return {{"cut_nodes", std::move(nodes)}, {"bridges", std::move(bridges)}};
}

}  // namespace

std::string describe_topology(const Graph& graph) { return Description(graph).text(); }

nlohmann::json topology_json(const Graph& graph) {
  const Reach reach = reach_of(graph);
  const Degrees degrees = degrees_of(graph);
  nlohmann::json json = cuts_json(graph);
  json["parts"] = parts_of(graph).sizes;
  json["degree"] = {{"min", degrees.least}, {"mean", degrees.mean}, {"max", degrees.most}};
  json["reach"] = {{"exact", reach.exact},
                   {"sources", reach.sources},
                   {"diameter_s", to_seconds(reach.diameter)},
                   {"diameter_links", reach.diameter_links},
                   {"mean_latency_s", to_seconds(reach.mean_latency)}};
  if (!graph.places().empty())
    json["reach"]["farthest"] = names_of(graph, {reach.farthest[0], reach.farthest[1]});
  json["doubts"] = graph.doubts();
  json["places"] = nlohmann::json::array();
  for (VertexId vertex = 0; vertex < graph.places().size(); ++vertex) {
    const Location& place = graph.place(vertex);
    nlohmann::json its{
        {"name", place.name}, {"tier", place.tier}, {"betweenness", reach.betweenness[vertex]}};
    if (place.coordinates) {
      its["latitude"] = place.coordinates->latitude;
      its["longitude"] = place.coordinates->longitude;
    }
    json["places"].push_back(std::move(its));
  }
  json["links"] = nlohmann::json::array();
  for (const Link& link : graph.links())
    json["links"].push_back({{"name", link.name},
                             {"from", graph.place(link.from).name},
                             {"to", graph.place(link.to).name},
                             {"latency_s", to_seconds(link.latency)},
                             {"bandwidth", link.bandwidth}});
  return json;
}

}  // namespace evenkeel
