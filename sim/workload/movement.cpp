#include "sim/workload/movement.h"

namespace evenkeel {

Catalogue& movements() {
  static Catalogue catalogue{"movement"};
  return catalogue;
}

}  // namespace evenkeel
