// The catalogues that a scenario file may choose from.
#pragma once

#include "models/runtime/registry.h"

namespace evenkeel {

/// References to catalogues, which outlive whatever is read with them.
struct Catalogues {
  const Catalogue& policies;
  const Catalogue& knowledge;
  const Catalogue& arrivals;
  const Catalogue& services;  // amounts of work
  const Catalogue& sizes;     // amounts of data
  const Catalogue& amounts;   // numbers without a unit
  const Catalogue& movements;
  const Catalogue& topologies;
  const Catalogue& actions;  // what a request may ask of the modules
  const Catalogue& faults;
  const Catalogue& protocols;  // of multi-party computation
  const Catalogue& functions;
};

/// Everything that is registered in this program.
const Catalogues& catalogues();

}  // namespace evenkeel
