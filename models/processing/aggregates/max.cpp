// The greatest number. Merges exactly.
#include "models/processing/extremum.h"

namespace evenkeel {
namespace {

class Max final : public Extremum<Max> {
 public:
  using Extremum::Extremum;
  static constexpr std::string_view name = "max";
  static bool is_better(double a, double b) { return a > b; }
};

const Registered entry{aggregates(), aggregate_entry<Max>("max", "the greatest number")};

}  // namespace
}  // namespace evenkeel
