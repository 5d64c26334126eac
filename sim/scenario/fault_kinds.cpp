// The catalogue that the kinds of faults register with.
#include "sim/scenario/breakage.h"

namespace evenkeel {

Catalogue& fault_kinds() {
  static Catalogue all{"fault"};
  return all;
}

}  // namespace evenkeel
