// Waxman's random graph: sites spread over a square, near ones linked more likely than far ones.
// Waxman, "Routing of multipoint connections", IEEE JSAC 6(9), 1988:
// P(u, v) = beta exp(-d(u, v) / (alpha L)), L the largest distance there can be. Parts are joined.
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "models/runtime/portable_math.h"
#include "sim/topology/builder.h"
#include "sim/topology/sources.h"

namespace evenkeel {
namespace {

struct Waxman {
  std::int64_t n = 100;
  double alpha = 0.2;
  double beta = 0.4;
  double area_m = 1e6;

  void describe(Fields& fields) {
    fields.integer("n", n, {"sites", 1, 10'000});
    fields.number("alpha", alpha, Unit::none, {"how far links reach", 1e-6, 10});
    fields.number("beta", beta, Unit::none, {"how many links there are", 1e-6, 1});
    fields.number("area", area_m, Unit::distance, {"side of the square", 1, 5e6});
  }

  /// Degrees around 0 N 0 E, where a degree is about as long in both directions.
  Coordinates place_in_square(Random& random) const {
    const double side = area_m / earth_radius_m * 180 / std::numbers::pi;
    const double latitude = (random.uniform() - 0.5) * side;
    return {latitude, (random.uniform() - 0.5) * side};
  }

  Graph make(const LinkDefaults& defaults, Random& random) const {
    GraphBuilder builder(defaults);
    std::vector<UnitVector> points;
    for (std::int64_t i = 1; i <= n; ++i) {
      const Coordinates at = place_in_square(random);
      builder.add({.name = fmt::format("site {}", i), .coordinates = at});
      points.push_back(unit_vector(at));
    }
    const double reach_m = alpha * area_m * std::numbers::sqrt2;
    for (VertexId to = 1; to < points.size(); ++to)
      for (VertexId from = 0; from < to; ++from) {
        const double distance = great_circle_m(squared_chord(points[from], points[to]));
        if (random.chance(beta * portable::exp(-distance / reach_m)))
          builder.link({.from = from, .to = to, .bandwidth = defaults.bandwidth});
      }
    builder.join_parts(true);
    return std::move(builder).build();
  }
};

const Registered entry{topologies(), topology_entry<Waxman>("waxman",
                                                            "random sites on a square, near ones "
                                                            "linked more likely than far ones")};

}  // namespace
}  // namespace evenkeel
