// n sites, each linked to each other, all links alike.
#include <fmt/format.h>

#include "sim/topology/builder.h"
#include "sim/topology/sources.h"

namespace evenkeel {
namespace {

struct FullMesh {
  std::int64_t n = 8;
  EqualLinks links;

  void describe(Fields& fields) {
    fields.integer("n", n, {"sites", 1, 1'400});
    links.describe(fields);
  }

  Graph make(const LinkDefaults& defaults, Random&) const {
    GraphBuilder builder(defaults);
    for (std::int64_t i = 1; i <= n; ++i) {
      const VertexId site = builder.add({.name = fmt::format("site {}", i)});
      for (VertexId other = 0; other < site; ++other) builder.equal_link(other, site, links);
    }
    return std::move(builder).build();
  }
};

const Registered entry{topologies(),
                       topology_entry<FullMesh>("full_mesh", "n sites, each linked to each other")};

}  // namespace
}  // namespace evenkeel
