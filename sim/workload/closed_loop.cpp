// A closed loop: a device thinks, asks, waits for the end of its request, and thinks again. The
// k-th thinking time of a device depends on the seed alone; when it begins depends on the answers.
#include <any>

#include "models/runtime/check.h"
#include "models/runtime/user_error.h"
#include "sim/workload/device_queue.h"
#include "sim/workload/hot_spots.h"
#include "sim/workload/service.h"
#include "sim/workload/superposed.h"

namespace evenkeel {
namespace {

class ClosedLoop final : public Arrivals {
 public:
  ClosedLoop(const ArrivalContext& context, std::unique_ptr<Distribution> think)
      : think_(std::move(think)),
        scale_(context.scale),
        seed_(mix(context.seed ^ 0x7468696e6b696e67ULL)),
        hot_(context.devices, context.hot),
        sent_(context.devices, 0),
        waiting_(context.devices, false) {
    thinking_.start(context.devices,
                    [&](std::uint32_t device) { return after_thinking(device, Time{}); });
    show();
  }

  const Demand* peek() override { return thinking_.empty() ? nullptr : &request_; }
  void pop() override {
    waiting_[request_.device] = true;
    ++sent_[request_.device];
    thinking_.pop();
    show();
  }
  void ended(std::uint32_t device, Time at) override {
    EVENKEEL_CHECK(device < waiting_.size() && waiting_[device],
                   "a request ended that its device did not send");
    waiting_[device] = false;
    thinking_.push(after_thinking(device, at));
    show();
  }
  bool listens() const override { return true; }

 private:
  struct Due {
    Time at;
    std::uint32_t device;
  };

  std::uint64_t draw(std::uint32_t device) const {
    return std::uint64_t{device} << 32 | sent_[device];
  }
  Due after_thinking(std::uint32_t device, Time from) const {
    Random random{seed_ ^ mix(draw(device))};
    const double think_s = think_->sample(random) / scale_;
    return {hot_.after(device, from, think_s), device};
  }
  void show() {
    if (thinking_.empty()) return;
    request_.at = thinking_.top().at;
    request_.device = thinking_.top().device;
    request_.draw = draw(request_.device);
  }

  std::unique_ptr<Distribution> think_;
  double scale_;
  std::uint64_t seed_;
  HotSpots hot_;
  std::vector<std::uint32_t> sent_;
  std::vector<bool> waiting_;
  DeviceQueue<Due> thinking_;
  Demand request_;
};

struct ClosedLoopSettings {
  std::string think = "exponential";
  std::any made = {};

  void describe(Fields& fields) {
    fields.choice("think", think, made, distributions_in(Unit::time),
                  {"the time between the end of a request and the next one"});
  }
  std::unique_ptr<Arrivals> make(const ArrivalContext& context) const {
    refuse_rate(context, "closed_loop");
    const auto* make_think = std::any_cast<MakeDistribution>(&made);
    EVENKEEL_CHECK(make_think != nullptr, "the settings were described before they are used");
    return std::make_unique<ClosedLoop>(context, (*make_think)());
  }
};

const Registered entry{
    arrivals(), arrivals_entry<ClosedLoopSettings>(
                    "closed_loop", "each device asks, waits for the end, thinks, and asks again")};

}  // namespace
}  // namespace evenkeel
