// Each acknowledged input of a stream is in one window or in the late side output, once (I11).
#include "sim/faults/checks/windows.h"
#include "sim/faults/invariant.h"

namespace evenkeel {
namespace {

class ExactlyOnceWindows final : public Invariant {
 public:
  void check(const Witness& witness, Violations& found) const override {
    for (const auto& [stream, outputs] : witness.window_outputs()) {
      const auto inputs = witness.window_inputs().find(stream);
      const HistoryVerdict verdict = check_windows(
          inputs == witness.window_inputs().end() ? std::span<const WindowedInput>{}
                                                  : std::span<const WindowedInput>{inputs->second},
          outputs);
      if (!verdict) found.push_back({.at = never, .subject = stream, .why = verdict.why});
    }
  }
};

const Registered entry{
    invariants(),
    invariant<ExactlyOnceWindows>("exactly_once", "windows add up to what was acknowledged")};

}  // namespace
}  // namespace evenkeel
