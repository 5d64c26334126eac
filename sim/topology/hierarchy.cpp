// A tree: the cloud, regions below it, sites below each, devices (or homes) below those.
#include <fmt/format.h>

#include "sim/topology/builder.h"
#include "sim/topology/sources.h"

namespace evenkeel {
namespace {

struct Hierarchy {
  std::int64_t regions = 2;
  std::int64_t sites = 8;
  std::int64_t devices = 0;
  EqualLinks to_cloud{std::chrono::milliseconds{20}, 10e9};
  EqualLinks to_region{std::chrono::milliseconds{4}, 1e9};
  EqualLinks to_site{std::chrono::milliseconds{2}, 100e6};

  void describe(Fields& fields) {
    constexpr auto most = static_cast<double>(Graph::max_places);
    fields.integer("regions", regions, {"regions below the cloud", 1, most});
    fields.integer("sites", sites, {"sites in each region", 0, most});
    fields.integer("devices", devices, {"devices or homes at each site", 0, most});
    describe_level(fields, "cloud", to_cloud, "between a region and the cloud");
    describe_level(fields, "region", to_region, "between a site and its region");
    describe_level(fields, "device", to_site, "between a device and its site");
    const auto count = [](std::int64_t value) { return static_cast<double>(value); };
    if (1 + count(regions) * (1 + count(sites) * (1 + count(devices))) > most)
      fields.refuse("regions", fmt::format("more than {} places in all", Graph::max_places));
  }

  static void describe_level(Fields& fields, const std::string& level, EqualLinks& links,
                             const std::string& where) {
    fields.duration(level + "_latency", links.latency,
                    {"one way, " + where, 0, to_seconds(Graph::max_latency)});
    fields.number(level + "_bandwidth", links.bandwidth, Unit::bandwidth,
                  {where, 1, Graph::max_bandwidth});
  }

  /// `latency` may be zero here, so the link states it.
  static VertexId add_below(GraphBuilder& builder, VertexId parent, std::string name,
                            std::string tier, const EqualLinks& links) {
    const VertexId child =
        builder.add({.name = std::move(name), .coordinates = {}, .tier = std::move(tier)});
    builder.link(
        {.from = child, .to = parent, .latency = links.latency, .bandwidth = links.bandwidth});
    return child;
  }

  Graph make(const LinkDefaults& defaults, Random&) const {
    GraphBuilder builder(defaults);
    const VertexId cloud = builder.add({.name = "cloud", .coordinates = {}, .tier = "cloud"});
    for (std::int64_t r = 1; r <= regions; ++r) {
      const VertexId region =
          add_below(builder, cloud, fmt::format("region {}", r), "region", to_cloud);
      for (std::int64_t s = 1; s <= sites; ++s) {
        const VertexId site =
            add_below(builder, region, fmt::format("site {}.{}", r, s), "site", to_region);
        for (std::int64_t d = 1; d <= devices; ++d)
          add_below(builder, site, fmt::format("device {}.{}.{}", r, s, d), "device", to_site);
      }
    }
    return std::move(builder).build();
  }
};

const Registered entry{topologies(), topology_entry<Hierarchy>("hierarchy",
                                                               "a tree of cloud, regions, sites "
                                                               "and, if wanted, devices")};

}  // namespace
}  // namespace evenkeel
