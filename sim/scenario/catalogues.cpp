// Binds the catalogues of this program.
#include "sim/scenario/catalogues.h"

#include "models/balancing/knowledge.h"
#include "models/balancing/policy.h"
#include "models/mpc/function.h"
#include "sim/actions/action.h"
#include "sim/scenario/breakage.h"
#include "sim/topology/sources.h"
#include "sim/workload/arrivals.h"
#include "sim/workload/movement.h"
#include "sim/workload/service.h"

namespace evenkeel {

const Catalogues& catalogues() {
  static const Catalogues all{.policies = policies(),
                              .knowledge = knowledge(),
                              .arrivals = arrivals(),
                              .services = service_times(),
                              .sizes = distributions_in(Unit::bytes),
                              .amounts = distributions_in(Unit::none),
                              .movements = movements(),
                              .topologies = topologies(),
                              .actions = actions(),
                              .faults = fault_kinds(),
                              .protocols = protocols(),
                              .functions = functions()};
  return all;
}

}  // namespace evenkeel
