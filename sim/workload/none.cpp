// Nobody moves.
#include "sim/workload/movement.h"

namespace evenkeel {
namespace {

struct None {
  void describe(Fields&) {}
  std::unique_ptr<Movement> make(const MovementContext&) const { return nullptr; }
};

const Registered entry{movements(), movement_entry<None>("none", "devices stay at home")};

}  // namespace
}  // namespace evenkeel
