// Sites in rows and columns, each linked to its neighbours; wrapped into a torus if asked.
#include <fmt/format.h>

#include "sim/topology/builder.h"
#include "sim/topology/sources.h"

namespace evenkeel {
namespace {

struct Grid {
  std::int64_t rows = 4;
  std::int64_t columns = 4;
  bool wrap = false;
  EqualLinks links;

  void describe(Fields& fields) {
    constexpr auto most = static_cast<double>(Graph::max_places);
    fields.integer("rows", rows, {"sites from north to south", 1, most});
    fields.integer("columns", columns, {"sites from west to east", 1, most});
    fields.boolean("wrap", wrap, {"link the last of a row or column with its first: a torus"});
    links.describe(fields);
    if (static_cast<double>(rows) * static_cast<double>(columns) > most)
      fields.refuse("rows", fmt::format("rows x columns must be at most {}", Graph::max_places));
  }

  VertexId at(std::int64_t row, std::int64_t column) const {
    return static_cast<VertexId>((row % rows) * columns + column % columns);
  }

  Graph make(const LinkDefaults& defaults, Random&) const {
    GraphBuilder builder(defaults);
    for (std::int64_t row = 1; row <= rows; ++row)
      for (std::int64_t column = 1; column <= columns; ++column)
        builder.add({.name = fmt::format("site {}.{}", row, column)});
    for (std::int64_t row = 0; row < rows; ++row)
      for (std::int64_t column = 0; column < columns; ++column) {
        // Around two the way back would be the same link again.
        if (column + 1 < columns || (wrap && columns > 2))
          builder.equal_link(at(row, column), at(row, column + 1), links);
        if (row + 1 < rows || (wrap && rows > 2))
          builder.equal_link(at(row, column), at(row + 1, column), links);
      }
    return std::move(builder).build();
  }
};

const Registered entry{
    topologies(), topology_entry<Grid>("grid", "sites in rows and columns; a torus if `wrap`")};

}  // namespace
}  // namespace evenkeel
