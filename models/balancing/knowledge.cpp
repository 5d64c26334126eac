#include "models/balancing/knowledge.h"

namespace evenkeel {

Catalogue& knowledge() {
  static Catalogue catalogue{"knowledge"};
  return catalogue;
}

}  // namespace evenkeel
