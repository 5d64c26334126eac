// A cloud in the middle, and n sites that reach it and each other through it.
#include <fmt/format.h>

#include "sim/topology/builder.h"
#include "sim/topology/sources.h"

namespace evenkeel {
namespace {

struct Star {
  std::int64_t n = 8;
  EqualLinks links;

  void describe(Fields& fields) {
    fields.integer("n", n, {"sites around the cloud", 1, 99'999});
    links.describe(fields);
  }

  Graph make(const LinkDefaults& defaults, Random&) const {
    GraphBuilder builder(defaults);
    const VertexId cloud = builder.add({.name = "cloud", .coordinates = {}, .tier = "cloud"});
    for (std::int64_t i = 1; i <= n; ++i)
      builder.equal_link(builder.add({.name = fmt::format("site {}", i)}), cloud, links);
    return std::move(builder).build();
  }
};

const Registered entry{topologies(), topology_entry<Star>("star", "a cloud with n sites around")};

}  // namespace
}  // namespace evenkeel
