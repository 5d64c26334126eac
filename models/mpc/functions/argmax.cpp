// Which of all values is the largest, the first of them if several are.
#include "models/mpc/functions/extremum.h"

namespace evenkeel {
namespace {

class Argmax final : public JointExtremum {
 public:
  explicit Argmax(const Settings& settings)
      : JointExtremum(settings, Which::largest, Prize::place) {}
};

const Registered entry{functions(),
                       function_entry<Argmax>("argmax", "which of all values is the largest")};

}  // namespace
}  // namespace evenkeel
