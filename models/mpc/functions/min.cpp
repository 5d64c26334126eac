// The smallest of all values, and not whose it is.
#include "models/mpc/functions/extremum.h"

namespace evenkeel {
namespace {

class JointMin final : public JointExtremum {
 public:
  explicit JointMin(const Settings& settings)
      : JointExtremum(settings, Which::smallest, Prize::value) {}
};

const Registered entry{functions(), function_entry<JointMin>("min", "the smallest of all values")};

}  // namespace
}  // namespace evenkeel
