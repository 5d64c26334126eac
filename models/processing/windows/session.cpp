// Windows that last as long as no gap between events is longer than `gap`: each event opens one
// that lasts a gap, and those that overlap or touch become one.
#include "models/processing/window.h"

namespace evenkeel {
namespace {

class Session final : public Windowing {
 public:
  struct Settings {
    Duration gap = seconds(30);
    void describe(Fields& fields) {
      fields.duration("gap", gap, {"a pause so long ends the session", 1e-3, longest_window_s});
    }
  };
  explicit Session(const Settings& settings) : settings_(settings) {}

  void assign(Time at, std::vector<TimeWindow>& windows) const override {
    windows.push_back({at, at + settings_.gap});
  }
  bool merges() const override { return true; }

 private:
  Settings settings_;
};

const Registered entry{windowings(),
                       windowing_entry<Session>("session", "as long as no pause is too long")};

}  // namespace
}  // namespace evenkeel
