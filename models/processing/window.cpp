#include "models/processing/window.h"

namespace evenkeel {

Catalogue& windowings() {
  static Catalogue all{"window"};
  return all;
}

}  // namespace evenkeel
