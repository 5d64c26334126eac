#include "sim/workload/arrivals.h"

namespace evenkeel {

Catalogue& arrivals() {
  static Catalogue catalogue{"arrival process"};
  return catalogue;
}

}  // namespace evenkeel
