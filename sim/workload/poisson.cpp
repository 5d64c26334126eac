// Poisson arrivals: each device asks at random, without memory, at the class's rate.
#include "sim/workload/superposed.h"

namespace evenkeel {
namespace {

struct Poisson {
  void describe(Fields&) {}
  std::unique_ptr<Arrivals> make(const ArrivalContext& context) const {
    return std::make_unique<Superposed>(context, needed_rate(context, "poisson"), nullptr);
  }
};

const Registered entry{arrivals(),
                       arrivals_entry<Poisson>("poisson", "at random, at a constant rate")};

}  // namespace
}  // namespace evenkeel
