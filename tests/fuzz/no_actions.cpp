// Actions run coroutines, which clang 14 does not know: the fuzzed reader knows none.
#include "models/runtime/registry.h"

namespace evenkeel {

Catalogue& actions() {
  static Catalogue all{"action"};
  return all;
}

}  // namespace evenkeel
