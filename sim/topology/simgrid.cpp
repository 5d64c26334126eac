// SimGrid's platform description, version 4: https://simgrid.org/doc/3.32/XML_reference.html.
// The links of a route become one link with their latencies added and the narrowest bandwidth; a
// cluster becomes a star. Whatever would change routes in a way a graph cannot say is refused.
#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "sim/topology/builder.h"
#include "sim/topology/readers.h"
#include "sim/topology/sources.h"
#include "sim/topology/text.h"
#include "sim/topology/xml.h"

namespace evenkeel {
namespace {

struct Line {
  double latency_s = 0;
  double bandwidth = Graph::max_bandwidth;
  std::size_t routes = 0;  // that use it

  /// Two lines in a row.
  Line then(const Line& next) const {
    return {latency_s + next.latency_s, std::min(bandwidth, next.bandwidth), 0};
  }
};

/// The middle of a cluster, to which its hosts are wired. Half of the backbone's latency lies on
/// either side of it, so that host to host and host to router both cross it once.
struct Hub {
  VertexId vertex;
  Line half_backbone;
};

class SimgridReader {
 public:
  SimgridReader(std::string_view text, const std::string& file, const LinkDefaults& defaults)
      : xml_(text, file), builder_(defaults, file) {
    builder_.route_by(RouteBy::links);
  }

  Graph read() && {
    const pugi::xml_node platform = xml_.root();
    if (local_name(platform) != "platform")
      xml_.refuse(platform, "expected <platform> as the outermost element");
    const std::optional<double> version = parsed_number(xml_.required(platform, "version"));
    if (!version || !(*version >= 4 && *version < 5))
      xml_.refuse(platform, "only version 4 is read; SimGrid's tool simgrid_update_xml converts");
    read_zone(platform);
    read_routes(platform);
    if (builder_.places().empty()) xml_.refuse(platform, "holds no host");
    state_doubts();
    return std::move(builder_).build();
  }

 private:
  // The XML depth bounds the recursion.
  void read_zone(pugi::xml_node zone) {
    check_routing(zone);
    for (const pugi::xml_node element : zone.children()) {
      const std::string_view name = local_name(element);
      if (name == "zone" || name == "AS") read_zone(element);
      if (name == "host") read_host(element);
      if (name == "router") add_place(element, xml_.required(element, "id"), "");
      if (name == "link") read_link(element);
      if (name == "cluster") read_cluster(element);
    }
    if (lower_case(zone.attribute("routing").value()) == "cluster") read_cluster_zone(zone);
  }

  void check_routing(pugi::xml_node zone) const {
    static constexpr std::array<std::string_view, 7> known{
        "", "full", "floyd", "dijkstra", "dijkstracache", "cluster", "none"};
    const std::string routing = lower_case(zone.attribute("routing").value());
    if (std::ranges::find(known, routing) == known.end())
      xml_.refuse(zone, fmt::format("routing '{}' cannot be read; Full, Floyd, Dijkstra, "
                                    "DijkstraCache, Cluster and None can",
                                    printable(zone.attribute("routing").value())));
    for (const pugi::xml_node element : zone.children())
      for (const std::string_view refused : {"peer", "include", "bypassRoute", "bypassZoneRoute",
                                             "bypassASroute", "trace", "trace_connect"})
        if (local_name(element) == refused)
          xml_.refuse(element, fmt::format("<{}> cannot be read", refused));
  }

  VertexId add_place(pugi::xml_node element, std::string_view id, const std::string& tier) {
    const std::string name{id};
    if (places_.contains(name))
      xml_.refuse(element, fmt::format("a second host or router '{}'", printable(id)));
    const VertexId vertex = builder_.add({.name = name, .coordinates = {}, .tier = tier});
    places_.emplace(name, vertex);
    return vertex;
  }

  void read_host(pugi::xml_node element) {
    add_place(element, xml_.required(element, "id"), "site");
    ++hosts_;
  }

  double latency_s(pugi::xml_node element, const char* attribute) const {
    const std::string_view text = element.attribute(attribute).as_string("0");
    const std::optional<Quantity> given = parsed_quantity(text);
    const std::optional<double> unit = !given                ? std::nullopt
                                       : given->unit.empty() ? std::optional{1.0}
                                                             : time_unit(given->unit);
    const double value = unit ? given->value * *unit : -1;
    if (!(value >= 0 && value <= to_seconds(Graph::max_latency)))
      xml_.refuse(element, fmt::format("{}='{}'; expected a time such as '2ms', at most 1 h",
                                       attribute, printable(text)));
    return value;
  }

  double bandwidth(pugi::xml_node element, const char* attribute) const {
    const std::string_view text = xml_.required(element, attribute);
    const std::optional<Quantity> given = parsed_quantity(text);
    const std::optional<double> unit = !given                ? std::nullopt
                                       : given->unit.empty() ? std::optional{8.0}
                                                             : bandwidth_unit(given->unit);
    const double value = unit ? given->value * *unit : -1;
    if (!(value > 0 && value <= Graph::max_bandwidth))
      xml_.refuse(element, fmt::format("{}='{}'; expected such as '125MBps', at most {}", attribute,
                                       printable(text), spelled_bandwidth(Graph::max_bandwidth)));
    return value;
  }

  Line line(pugi::xml_node element, const char* latency_name, const char* bandwidth_name) const {
    return {latency_s(element, latency_name), bandwidth(element, bandwidth_name), 0};
  }

  void read_link(pugi::xml_node element) {
    const std::string id{xml_.required(element, "id")};
    if (lower_case(element.attribute("sharing_policy").value()) == "wifi")
      xml_.refuse(element, "a WIFI link cannot be read");
    if (!lines_.emplace(id, line(element, "latency", "bandwidth")).second)
      xml_.refuse(element, fmt::format("a second link '{}'", printable(id)));
  }

  void connect(pugi::xml_node element, VertexId from, VertexId to, const Line& line,
               std::string name = {}) {
    const Duration latency = seconds(line.latency_s);
    if (latency > Graph::max_latency) xml_.refuse(element, "a latency of more than 1 h");
    const auto [low, high] = std::minmax(from, to);
    const auto [known, fresh] =
        connected_.emplace(std::pair{low, high}, std::pair{latency, line.bandwidth});
    if (!fresh) {
      unlike_ += known->second != std::pair{latency, line.bandwidth};
      return;
    }
    builder_.link({.from = from,
                   .to = to,
                   .name = std::move(name),
                   .latency = latency,
                   .bandwidth = line.bandwidth});
  }

  /// The hub, and the router behind it through which the cluster is reached.
  Hub make_hub(pugi::xml_node element, std::string_view id, VertexId router, const Line& backbone) {
    Hub hub{add_place(element, std::string{id} + " hub", ""), backbone};
    hub.half_backbone.latency_s /= 2;
    connect(element, hub.vertex, router, hub.half_backbone);
    return hub;
  }

  void read_cluster(pugi::xml_node element) {
    const std::string id{xml_.required(element, "id")};
    const std::string topology = lower_case(element.attribute("topology").as_string("flat"));
    if (topology != "flat")
      xml_.refuse(element, fmt::format("a cluster of topology '{}' cannot be read, only FLAT",
                                       printable(topology)));
    Line backbone;
    if (element.attribute("bb_bw")) backbone = line(element, "bb_lat", "bb_bw");
    const std::string prefix = element.attribute("prefix").value();
    const std::string suffix = element.attribute("suffix").value();
    std::string router = element.attribute("router_id").value();
    if (router.empty()) router = prefix + id + "_router" + suffix;
    const Hub hub = make_hub(element, id, add_place(element, router, ""), backbone);
    add_hosts(element, hub);
  }

  /// The hosts of a <cluster> or <cabinet>: prefix, a number of `radical`, suffix.
  void add_hosts(pugi::xml_node element, const Hub& hub) {
    const std::string prefix = element.attribute("prefix").value();
    const std::string suffix = element.attribute("suffix").value();
    const Line wire = line(element, "lat", "bw").then(hub.half_backbone);
    for (const auto& [first, last] : radical(element))
      for (std::uint32_t number = first; number <= last; ++number, ++hosts_)
        connect(element, add_place(element, fmt::format("{}{}{}", prefix, number, suffix), "site"),
                hub.vertex, wire);
  }

  using Ranges = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

  /// "0-3,7,9-12"
  Ranges radical(pugi::xml_node element) const {
    Ranges ranges;
    std::string_view text = xml_.required(element, "radical");
    const auto refuse = [&] {
      xml_.refuse(element, "radical: expected numbers such as '0-3,7', at most 100000 in all");
    };
    const auto number = [&] {
      std::uint32_t value = 0;
      text = trimmed(text);
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (error != std::errc{} || value > 1'000'000'000) refuse();
      text = trimmed(text.substr(static_cast<std::size_t>(end - text.data())));
      return value;
    };
    std::size_t total = 0;
    while (true) {
      const std::uint32_t first = number();
      std::uint32_t last = first;
      if (text.starts_with('-')) {
        text.remove_prefix(1);
        last = number();
      }
      if (last < first || (total += last - first + 1) > Graph::max_places) refuse();
      ranges.emplace_back(first, last);
      if (text.empty()) return ranges;
      if (!text.starts_with(',')) refuse();
      text.remove_prefix(1);
    }
  }

  /// A zone of routing "Cluster": its hosts by <host_link>, its <backbone>, its cabinets.
  void read_cluster_zone(pugi::xml_node zone) {
    Line backbone;
    std::string router;
    for (const pugi::xml_node element : zone.children()) {
      if (local_name(element) == "backbone") backbone = line(element, "latency", "bandwidth");
      if (local_name(element) == "router") router = xml_.required(element, "id");
    }
    const std::string id{xml_.required(zone, "id")};
    const VertexId vertex =
        router.empty() ? add_place(zone, id + " router", "") : place(zone, router);
    const Hub hub = make_hub(zone, id, vertex, backbone);
    for (const pugi::xml_node element : zone.children()) {
      if (local_name(element) == "cabinet") add_hosts(element, hub);
      if (local_name(element) != "host_link") continue;
      const Line& up = named_line(element, xml_.required(element, "up"));
      named_line(element, xml_.required(element, "down"));
      connect(element, place(element, xml_.required(element, "id")), hub.vertex,
              up.then(hub.half_backbone));
    }
  }

  VertexId place(pugi::xml_node element, std::string_view id) const {
    const auto found = places_.find(id);
    if (found == places_.end())
      xml_.refuse(element, fmt::format("no host or router '{}'", printable(id)));
    return found->second;
  }

  /// A link by its id; of a split-duplex link also "id_UP" and "id_DOWN".
  Line& named_line(pugi::xml_node element, std::string_view id) {
    auto found = lines_.find(id);
    for (const std::string_view ending : {"_UP", "_DOWN"})
      if (found == lines_.end() && id.ends_with(ending))
        found = lines_.find(id.substr(0, id.size() - ending.size()));
    if (found == lines_.end()) xml_.refuse(element, fmt::format("no link '{}'", printable(id)));
    return found->second;
  }

  void read_routes(pugi::xml_node zone) {
    for (const pugi::xml_node element : zone.children()) {
      const std::string_view name = local_name(element);
      if (name == "zone" || name == "AS") read_routes(element);
      if (name == "route") read_route(element, "src", "dst");
      if (name == "zoneRoute" || name == "ASroute") read_route(element, "gw_src", "gw_dst");
    }
  }

  void read_route(pugi::xml_node element, const char* source, const char* target) {
    const VertexId from = place(element, xml_.required(element, source));
    const VertexId to = place(element, xml_.required(element, target));
    Line whole;
    std::vector<std::string_view> ids;
    for (const pugi::xml_node step : element.children()) {
      if (local_name(step) != "link_ctn") continue;
      ids.push_back(xml_.required(step, "id"));
      Line& line = named_line(step, ids.back());
      ++line.routes;
      several_routes_ += line.routes == 2;
      whole = whole.then(line);
    }
    if (from == to) return;
    if (ids.empty() && from != to) ++without_links_;
    several_links_ += ids.size() > 1;
    const bool own_name = ids.size() == 1 && named_line(element, ids.front()).routes == 1;
    connect(element, from, to, whole, own_name ? std::string{ids.front()} : std::string{});
  }

  void state_doubts() {
    const auto state = [&](std::size_t count, std::string_view one, std::string_view many,
                           std::string_view rest) {
      if (count > 0) builder_.doubt(counted(count, one, many) + std::string{rest});
    };
    state(hosts_, "host", "hosts",
          " read as places; speeds and cores are not part of a topology: the nodes state them");
    state(several_links_, "route", "routes", " of several links became one link each");
    state(several_routes_, "link carries", "links carry",
          " several routes; here each route has a link of its own, which shares nothing");
    state(without_links_, "route", "routes", " without a link read as links of latency 0");
    state(unlike_, "route", "routes",
          " of a pair that has one already, with other values; the first one kept");
  }

  XmlFile xml_;
  GraphBuilder builder_;
  std::map<std::string, VertexId, std::less<>> places_;
  std::map<std::string, Line, std::less<>> lines_;
  std::map<std::pair<VertexId, VertexId>, std::pair<Duration, double>> connected_;
  std::size_t hosts_ = 0;
  std::size_t several_links_ = 0;
  std::size_t several_routes_ = 0;
  std::size_t without_links_ = 0;
  std::size_t unlike_ = 0;
};

struct Simgrid {
  std::string file;

  void describe(Fields& fields) { fields.file("file", file, {"the platform file (XML)"}); }

  Graph make(const LinkDefaults& defaults, Random&) const {
    return parse_simgrid(read_text_file(file), file, defaults);
  }
};

const Registered entry{topologies(),
                       topology_entry<Simgrid>("simgrid", "reads a SimGrid platform file")};

}  // namespace

Graph parse_simgrid(std::string_view text, const std::string& file, const LinkDefaults& defaults) {
  return SimgridReader(text, file, defaults).read();
}

}  // namespace evenkeel
