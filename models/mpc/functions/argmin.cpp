// Which of all values is the smallest, the first of them if several are.
#include "models/mpc/functions/extremum.h"

namespace evenkeel {
namespace {

class Argmin final : public JointExtremum {
 public:
  explicit Argmin(const Settings& settings)
      : JointExtremum(settings, Which::smallest, Prize::place) {}
};

const Registered entry{functions(),
                       function_entry<Argmin>("argmin", "which of all values is the smallest")};

}  // namespace
}  // namespace evenkeel
