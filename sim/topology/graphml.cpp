// GraphML, as the Internet Topology Zoo, yEd and NetworkX write it.
// Brandes et al., "GraphML Progress Report", GD 2001; Knight et al., "The Internet Topology Zoo",
// IEEE JSAC 29(9), 2011. Places and links are found by the ids of the file, never by position.
#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "sim/topology/builder.h"
#include "sim/topology/readers.h"
#include "sim/topology/sources.h"
#include "sim/topology/text.h"
#include "sim/topology/xml.h"

namespace evenkeel {
namespace {

/// What an attribute of the file means to us.
enum class Role { other, label, name, latitude, longitude, tier, link_speed, bandwidth, latency };
constexpr std::size_t roles = 9;

struct Key {
  std::string name;
  Role role = Role::other;
};

Role role_of(std::string_view domain, std::string_view name) {
  static const std::map<std::string, Role, std::less<>> of_places{
      {"label", Role::label},    {"name", Role::name},           {"latitude", Role::latitude},
      {"lat", Role::latitude},   {"longitude", Role::longitude}, {"lon", Role::longitude},
      {"long", Role::longitude}, {"lng", Role::longitude},       {"tier", Role::tier}};
  static const std::map<std::string, Role, std::less<>> of_links{{"linkspeedraw", Role::link_speed},
                                                                 {"bandwidth", Role::bandwidth},
                                                                 {"latency", Role::latency},
                                                                 {"delay", Role::latency}};
  for (const auto& [meant, known] : {std::pair{"node", &of_places}, std::pair{"edge", &of_links}}) {
    if (domain != meant && domain != "all") continue;
    if (const auto found = known->find(lower_case(name)); found != known->end())
      return found->second;
  }
  return Role::other;
}

class GraphmlReader {
 public:
  GraphmlReader(std::string_view text, const std::string& file, const LinkDefaults& defaults)
      : xml_(text, file), builder_(defaults, file) {}

  Graph read() && {
    if (local_name(xml_.root()) != "graphml")
      xml_.refuse(xml_.root(), "expected <graphml> as the outermost element");
    const pugi::xml_node graph = the_graph();
    for (const pugi::xml_node key : xml_.root().children())
      if (local_name(key) == "key") read_key(key);
    directed_ = std::string_view{graph.attribute("edgedefault").value()} == "directed";
    for (const pugi::xml_node element : graph.children())
      if (local_name(element) == "node") read_node(element);
    for (const pugi::xml_node element : graph.children()) {
      if (local_name(element) == "edge") read_edge(element);
      if (local_name(element) == "hyperedge")
        xml_.refuse(element, "a link of more than two ends cannot be read; use a node and edges");
    }
    if (builder_.places().empty()) xml_.refuse(graph, "the graph has no <node>");
    state_doubts();
    return std::move(builder_).build();
  }

 private:
  /// The texts of an element's attributes, by role; empty where there is none.
  using Texts = std::array<std::string_view, roles>;

  static std::string_view text(const Texts& texts, Role role) {
    return texts[static_cast<std::size_t>(role)];
  }

  pugi::xml_node the_graph() const {
    pugi::xml_node graph;
    for (const pugi::xml_node element : xml_.root().children()) {
      if (local_name(element) != "graph") continue;
      if (graph) xml_.refuse(element, "a second <graph>; a topology is one");
      graph = element;
    }
    if (!graph) xml_.refuse(xml_.root(), "holds no <graph>");
    return graph;
  }

  void read_key(pugi::xml_node element) {
    static constexpr std::array<std::string_view, 6> types{"boolean", "int",    "long",
                                                           "float",   "double", "string"};
    const std::string_view domain = element.attribute("for").as_string("all");
    Key key{.name = element.attribute("attr.name").value()};
    key.role = role_of(domain, key.name);
    for (const pugi::xml_node inner : element.children())
      if (local_name(inner) == "default")
        absent_[static_cast<std::size_t>(key.role)] = trimmed(inner.text().get());
    const std::string_view type = element.attribute("attr.type").as_string("string");
    nonstandard_types_ += std::ranges::find(types, type) == types.end();
    const std::string_view id = xml_.required(element, "id");
    if (!keys_.emplace(id, std::move(key)).second)
      xml_.refuse(element, fmt::format("a second key '{}'", printable(id)));
  }

  Texts texts_of(pugi::xml_node element) const {
    Texts texts = absent_;
    std::array<bool, roles> given{};
    for (const pugi::xml_node data : element.children()) {
      if (local_name(data) == "graph")
        xml_.refuse(data, "a graph within a node cannot be read; dissolve the groups first");
      if (local_name(data) != "data") continue;
      const std::string_view id = xml_.required(data, "key");
      const auto key = keys_.find(id);
      if (key == keys_.end())
        xml_.refuse(data, fmt::format("no <key> declares '{}'", printable(id)));
      const auto role = static_cast<std::size_t>(key->second.role);
      if (key->second.role == Role::other) continue;
      if (given[role])
        xml_.refuse(data, fmt::format("a second value of '{}'", printable(key->second.name)));
      given[role] = true;
      texts[role] = trimmed(data.text().get());
    }
    return texts;
  }

  void read_node(pugi::xml_node element) {
    const std::string_view id = xml_.required(element, "id");
    const Texts texts = texts_of(element);
    std::string_view name = text(texts, Role::label);
    if (name.empty() || name == "None") name = text(texts, Role::name);
    if (name == "None") name = {};  // what the Zoo's tools wrote for a label that is not there
    unnamed_ += name.empty();
    if (name.empty()) name = id;
    Location place{.name = std::string{name}, .coordinates = coordinates(element, texts)};
    if (!text(texts, Role::tier).empty()) place.tier = tier(element, text(texts, Role::tier));
    if (ids_.contains(id))
      xml_.refuse(element, fmt::format("a second node with the id '{}'", printable(id)));
    ids_.emplace(id, builder_.add(std::move(place)));
  }

  std::string tier(pugi::xml_node element, std::string_view text) const {
    static constexpr std::array<std::string_view, 4> tiers{"site", "cloud", "region", "device"};
    if (std::ranges::find(tiers, text) == tiers.end())
      xml_.refuse(element, fmt::format("no tier '{}'; site, cloud, region or device is meant",
                                       printable(text)));
    return std::string{text};
  }

  std::optional<Coordinates> coordinates(pugi::xml_node element, const Texts& texts) const {
    const std::string_view latitude = text(texts, Role::latitude);
    const std::string_view longitude = text(texts, Role::longitude);
    if (latitude.empty() && longitude.empty()) return std::nullopt;
    if (latitude.empty() || longitude.empty())
      xml_.refuse(element, "has only one of latitude and longitude");
    return Coordinates{degrees(element, "latitude", latitude, 90),
                       degrees(element, "longitude", longitude, 180)};
  }

  double degrees(pugi::xml_node element, std::string_view what, std::string_view text,
                 double limit) const {
    const std::optional<double> value = parsed_number(text);
    if (!value || !(*value >= -limit && *value <= limit))
      xml_.refuse(element, fmt::format("the {} is '{}'; expected degrees from {} to {}", what,
                                       printable(text), -limit, limit));
    return *value;
  }

  VertexId end(pugi::xml_node element, const char* attribute) const {
    const std::string_view id = xml_.required(element, attribute);
    const auto found = ids_.find(id);
    if (found == ids_.end())
      xml_.refuse(element, fmt::format("the {} of the edge, '{}', is no node of this file",
                                       attribute, printable(id)));
    return found->second;
  }

  void read_edge(pugi::xml_node element) {
    const Texts texts = texts_of(element);
    RawLink link{.from = end(element, "source"), .to = end(element, "target")};
    link.directed = element.attribute("directed").as_bool(directed_);
    directed_links_ += link.directed;
    link.latency = latency(element, text(texts, Role::latency));
    link.bandwidth = bandwidth(element, text(texts, Role::bandwidth));
    if (!link.bandwidth) link.bandwidth = link_speed(text(texts, Role::link_speed));
    builder_.link(std::move(link));
  }

  std::optional<Duration> latency(pugi::xml_node element, std::string_view text) {
    if (text.empty()) return std::nullopt;
    const std::optional<Quantity> given = parsed_quantity(text);
    const std::optional<double> unit =
        given && given->unit.empty() ? 1e-3 : time_unit(given ? given->unit : "none");
    const double value_s = given && unit ? given->value * *unit : -1;
    if (!(value_s >= 0 && value_s <= to_seconds(Graph::max_latency)))
      xml_.refuse(element, fmt::format("the latency is '{}'; expected a time such as '2 ms', at "
                                       "most 1 h",
                                       printable(text)));
    latencies_without_unit_ += given->unit.empty();
    return seconds(value_s);
  }

  std::optional<double> bandwidth(pugi::xml_node element, std::string_view text) {
    if (text.empty()) return std::nullopt;
    const std::optional<Quantity> given = parsed_quantity(text);
    const std::optional<double> unit =
        given && given->unit.empty() ? 1 : bandwidth_unit(given ? given->unit : "none");
    const double value = given && unit ? given->value * *unit : -1;
    if (!(value > 0 && value <= Graph::max_bandwidth))
      xml_.refuse(element, fmt::format("the bandwidth is '{}'; expected such as '10 Mbit/s', at "
                                       "most {}",
                                       printable(text), spelled_bandwidth(Graph::max_bandwidth)));
    bandwidths_without_unit_ += given->unit.empty();
    return value;
  }

  /// The Zoo's own estimate of a line's speed; drawn maps are wrong at times, so it is not an
  /// error.
  std::optional<double> link_speed(std::string_view text) {
    if (text.empty()) return std::nullopt;
    const std::optional<double> value = parsed_number(text);
    if (value && *value >= 1e3 && *value <= Graph::max_bandwidth) return value;
    ++implausible_;
    return std::nullopt;
  }

  void state_doubts() {
    const auto state = [&](std::size_t count, std::string_view one, std::string_view many,
                           std::string_view rest) {
      if (count > 0) builder_.doubt(counted(count, one, many) + std::string{rest});
    };
    state(nonstandard_types_, "attribute is", "attributes are",
          " of a type that GraphML does not know (such as 'integer'); read by content");
    state(unnamed_, "node", "nodes", " without a label (or with the label None) named by id");
    state(directed_links_, "directed edge", "directed edges", " read as links of both directions");
    state(latencies_without_unit_, "latency", "latencies", " without a unit read as milliseconds");
    state(bandwidths_without_unit_, "bandwidth", "bandwidths", " without a unit read as bit/s");
    state(implausible_, "LinkSpeedRaw", "LinkSpeedRaw", " not plausible as bit/s; not used");
  }

  XmlFile xml_;
  GraphBuilder builder_;
  std::map<std::string_view, Key> keys_;
  Texts absent_;  // the file's own defaults
  std::map<std::string_view, VertexId> ids_;
  bool directed_ = false;
  std::size_t nonstandard_types_ = 0;
  std::size_t unnamed_ = 0;
  std::size_t directed_links_ = 0;
  std::size_t latencies_without_unit_ = 0;
  std::size_t bandwidths_without_unit_ = 0;
  std::size_t implausible_ = 0;
};

struct Graphml {
  std::string file;

  void describe(Fields& fields) { fields.file("file", file, {"the GraphML file"}); }

  Graph make(const LinkDefaults& defaults, Random&) const {
    return parse_graphml(read_text_file(file), file, defaults);
  }
};

const Registered entry{topologies(),
                       topology_entry<Graphml>("graphml",
                                               "reads a GraphML file, such as those of "
                                               "the Internet Topology Zoo")};

}  // namespace

Graph parse_graphml(std::string_view text, const std::string& file, const LinkDefaults& defaults) {
  return GraphmlReader(text, file, defaults).read();
}

}  // namespace evenkeel
