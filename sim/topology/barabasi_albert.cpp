// A network that grew: each new site links to m others, chosen in proportion to their links, so
// that a few become hubs. Barabasi and Albert, "Emergence of scaling in random networks", Science
// 286, 1999. It starts from m + 1 sites, each linked to each other.
#include <algorithm>

#include <fmt/format.h>

#include "sim/topology/builder.h"
#include "sim/topology/sources.h"

namespace evenkeel {
namespace {

struct BarabasiAlbert {
  std::int64_t n = 100;
  std::int64_t m = 2;
  EqualLinks links;

  void describe(Fields& fields) {
    fields.integer("n", n, {"sites", 2, static_cast<double>(Graph::max_places)});
    fields.integer("m", m, {"links of each new site", 1, 100});
    links.describe(fields);
    if (m >= n) fields.refuse("m", "must be below n");
    if (static_cast<double>(n) * static_cast<double>(m) > static_cast<double>(Graph::max_links))
      fields.refuse("n", fmt::format("n x m must be at most {}", Graph::max_links));
  }

  Graph make(const LinkDefaults& defaults, Random& random) const {
    GraphBuilder builder(defaults);
    for (std::int64_t i = 1; i <= n; ++i) builder.add({.name = fmt::format("site {}", i)});
    std::vector<VertexId> ends;  // each site once for each of its links
    const auto link = [&](VertexId from, VertexId to) {
      builder.equal_link(from, to, links);
      ends.insert(ends.end(), {from, to});
    };
    const auto first_new = static_cast<VertexId>(m + 1);
    for (VertexId to = 1; to < first_new; ++to)
      for (VertexId from = 0; from < to; ++from) link(from, to);
    std::vector<VertexId> chosen;
    for (VertexId site = first_new; site < static_cast<VertexId>(n); ++site) {
      chosen.clear();
      while (chosen.size() < static_cast<std::size_t>(m)) {
        const VertexId end = ends[random.below(ends.size())];
        if (std::ranges::find(chosen, end) == chosen.end()) chosen.push_back(end);
      }
      for (const VertexId end : chosen) link(site, end);
    }
    return std::move(builder).build();
  }
};

const Registered entry{topologies(), topology_entry<BarabasiAlbert>("barabasi_albert",
                                                                    "random sites that link "
                                                                    "to well-linked ones")};

}  // namespace
}  // namespace evenkeel
