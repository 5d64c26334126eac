// The largest of all values, and not whose it is.
#include "models/mpc/functions/extremum.h"

namespace evenkeel {
namespace {

class JointMax final : public JointExtremum {
 public:
  explicit JointMax(const Settings& settings)
      : JointExtremum(settings, Which::largest, Prize::value) {}
};

const Registered entry{functions(), function_entry<JointMax>("max", "the largest of all values")};

}  // namespace
}  // namespace evenkeel
