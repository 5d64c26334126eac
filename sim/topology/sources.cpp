// The catalogue that the sources register with.
#include "sim/topology/sources.h"

namespace evenkeel {

Catalogue& topologies() {
  static Catalogue catalogue{"topology"};
  return catalogue;
}

}  // namespace evenkeel
