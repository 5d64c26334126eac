// Windows of one size, one after another: each event is in exactly one.
#include "models/processing/window.h"

namespace evenkeel {
namespace {

class Tumbling final : public Windowing {
 public:
  struct Settings {
    Duration size = seconds(60);
    Duration offset{};
    void describe(Fields& fields) {
      fields.duration("size", size, {"length of a window", 1e-3, longest_window_s});
      fields.duration("offset", offset, {"one window starts at this time", 0, longest_window_s});
    }
  };
  explicit Tumbling(const Settings& settings) : settings_(settings) {}

  void assign(Time at, std::vector<TimeWindow>& windows) const override {
    const Time start = aligned(at, settings_.size, settings_.offset);
    windows.push_back({start, start + settings_.size});
  }

 private:
  Settings settings_;
};

const Registered entry{windowings(),
                       windowing_entry<Tumbling>("tumbling", "one after another, all of one size")};

}  // namespace
}  // namespace evenkeel
