// Every device asks once a period. The phases of the devices are random, spread evenly or the same
// for all; each request may come late by a random part of the period (jitter).
#include "sim/workload/device_queue.h"
#include "sim/workload/superposed.h"

namespace evenkeel {
namespace {

enum class Phase { random, even, together };
constexpr std::string_view phases[] = {"random", "even", "together"};

class Deterministic final : public Arrivals {
 public:
  Deterministic(const ArrivalContext& context, double period_s, Phase phase, double jitter)
      : period_s_(period_s),
        jitter_(jitter),
        hot_(context.devices, context.hot),
        random_(Random::stream(context.seed, "deterministic")) {
    queue_.start(context.devices, [&](std::uint32_t device) {
      const double even = static_cast<double>(device) / context.devices;
      const double part = phase == Phase::random ? random_.uniform()
                          : phase == Phase::even ? even
                                                 : 0;
      return following(device, hot_.after(device, 0, part * period_s_));
    });
    show();
  }

  const Demand* peek() override { return queue_.empty() ? nullptr : &request_; }
  void pop() override {
    queue_.replace_top(following(queue_.top().device, queue_.top().next_s));
    ++request_.draw;
    show();
  }

 private:
  /// `next_s` is the nominal time of the request after this one, so that jitter does not add up.
  struct Due {
    Time at;
    double next_s;
    std::uint32_t device;
  };

  Due following(std::uint32_t device, double nominal_s) {
    if (nominal_s == forever_s) return {never, forever_s, device};
    const double next_s = hot_.after(device, nominal_s, period_s_);
    double at_s = nominal_s;
    if (jitter_ > 0) at_s += jitter_ * random_.uniform() * std::min(next_s - nominal_s, period_s_);
    return {seconds(at_s), next_s, device};
  }
  void show() {
    if (queue_.empty()) return;
    request_.at = queue_.top().at;
    request_.device = queue_.top().device;
  }

  double period_s_;
  double jitter_;
  HotSpots hot_;
  Random random_;
  DeviceQueue<Due> queue_;
  Demand request_;
};

struct DeterministicSettings {
  Phase phase = Phase::random;
  double jitter = 0;

  void describe(Fields& fields) {
    option(fields, "phase", phase, phases,
           {"when the devices begin: at random in the first period, evenly spread, or together"});
    fields.number("jitter", jitter, Unit::none,
                  {"how late a request may be, at random, as a share of the period", 0, 1});
  }
  std::unique_ptr<Arrivals> make(const ArrivalContext& context) const {
    return std::make_unique<Deterministic>(context, 1 / needed_rate(context, "deterministic"),
                                           phase, jitter);
  }
};

const Registered entry{arrivals(), arrivals_entry<DeterministicSettings>(
                                       "deterministic", "once a period, with phase and jitter")};

}  // namespace
}  // namespace evenkeel
