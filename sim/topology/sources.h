// Where a topology comes from: a file of some format, or a generator. Each is one file in this
// folder that registers itself; its settings come from the scenario file.
#pragma once

#include <functional>

#include "models/runtime/random.h"
#include "models/runtime/registry.h"
#include "sim/topology/defaults.h"
#include "sim/topology/graph.h"

namespace evenkeel {

/// Reads or generates the graph. UserError if the file or the settings make no sense. Generators
/// draw from the stream only; the same stream gives the same graph.
using MakeGraph = std::function<Graph(const LinkDefaults&, Random&)>;

/// All sources. An entry's `configure` returns a MakeGraph.
Catalogue& topologies();

/// The entry for a settings struct with `void describe(Fields&)` and
/// `Graph make(const LinkDefaults&, Random&) const`.
template <class Source>
Entry topology_entry(std::string name, std::string summary) {
  return {std::move(name), std::move(summary), [](Fields& fields) -> std::any {
            Source source;
            source.describe(fields);
            return MakeGraph{[source](const LinkDefaults& defaults, Random& random) {
              return source.make(defaults, random);
            }};
          }};
}

}  // namespace evenkeel
