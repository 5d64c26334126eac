// Windows of one size that start every step, at most one size long: an event is in about
// size / step of them.
#include "models/processing/window.h"

namespace evenkeel {
namespace {

class Sliding final : public Windowing {
 public:
  struct Settings {
    Duration size = seconds(60);
    Duration step = seconds(10);
    void describe(Fields& fields) {
      fields.duration("size", size, {"length of a window", 1e-3, longest_window_s});
      fields.duration("step", step, {"from one start to the next", 1e-3, longest_window_s});
      if (step > size) fields.refuse("step", "must be at most size, or events are in no window");
      if (size / step > most_windows)
        fields.refuse("step", "an event would be in more than 1000 windows");
    }
  };
  explicit Sliding(const Settings& settings) : settings_(settings) {}

  void assign(Time at, std::vector<TimeWindow>& windows) const override {
    const Time last = aligned(at, settings_.step, {});
    Time first = last;
    while (first - settings_.step + settings_.size > at) first -= settings_.step;
    for (Time start = first; start <= last; start += settings_.step)
      windows.push_back({start, start + settings_.size});
  }

 private:
  Settings settings_;
};

const Registered entry{windowings(),
                       windowing_entry<Sliding>("sliding", "of one size, starting every step")};

}  // namespace
}  // namespace evenkeel
