// The smallest number. Merges exactly.
#include "models/processing/extremum.h"

namespace evenkeel {
namespace {

class Min final : public Extremum<Min> {
 public:
  using Extremum::Extremum;
  static constexpr std::string_view name = "min";
  static bool is_better(double a, double b) { return a < b; }
};

const Registered entry{aggregates(), aggregate_entry<Min>("min", "the smallest number")};

}  // namespace
}  // namespace evenkeel
