// The fields of the link defaults.
#include "sim/topology/defaults.h"

#include "sim/topology/graph.h"

namespace evenkeel {

void LinkDefaults::describe(Fields& fields) {
  const double longest_s = to_seconds(Graph::max_latency);
  fields.duration("default_latency", latency,
                  {"one-way latency of a link whose length is not known", 0, longest_s});
  fields.number("default_bandwidth", bandwidth, Unit::bandwidth,
                {"bandwidth of a link that states none", 1, Graph::max_bandwidth});
  fields.number("stretch", stretch, Unit::none,
                {"length of a cable over the great circle between its ends", 1, 10});
  fields.duration("fibre_per_km", fibre_per_km, {"time that light takes for 1 km", 0, 1e-3});
}

Duration LinkDefaults::latency_over(double distance_m) const {
  return seconds(distance_m / 1000 * stretch * to_seconds(fibre_per_km));
}

void EqualLinks::describe(Fields& fields) {
  const double longest_s = to_seconds(Graph::max_latency);
  fields.duration("latency", latency,
                  {"one way, of each link; 0: the topology's default_latency", 0, longest_s});
  fields.number("bandwidth", bandwidth, Unit::bandwidth,
                {"of each link; 0: the topology's default_bandwidth", 0, Graph::max_bandwidth});
}

}  // namespace evenkeel
