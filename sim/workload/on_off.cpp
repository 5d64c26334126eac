// Bursts: devices are on and off for exponential times (an MMPP of two states). While on they ask
// `burst` times as often as in the mean; if that leaves nothing for the off-times, not at all then.
//
// Each by itself, such a device is the sum of two independent processes: a Poisson process at the
// rate of its off-times (shared by all: superposed.h), and an interrupted Poisson process, which is
// a renewal process with hyperexponential gaps (Kuczura, "The interrupted Poisson process as an
// overflow process", Bell System Technical Journal 52(3), 1973). So a request costs two draws, and
// on- and off-times without a request cost nothing.
#include <algorithm>
#include <cmath>

#include "models/runtime/user_error.h"
#include "sim/workload/chain.h"
#include "sim/workload/device_queue.h"

namespace evenkeel {
namespace {

/// What an interrupted Poisson process needs: rate while on, and mean sojourns.
struct Interrupted {
  double rate = 1;
  double on_s = 1;
  double off_s = 1;
};

/// All devices' interrupted Poisson processes, as renewals.
class Bursts final : public Arrivals {
 public:
  Bursts(const ArrivalContext& context, const Interrupted& process)
      : process_(process),
        hot_(context.devices, context.hot),
        random_(Random::stream(context.seed, "on_off")) {
    solve();
    const double on_share = process.on_s / (process.on_s + process.off_s);
    queue_.start(context.devices, [&](std::uint32_t device) {
      const double off_s = random_.chance(on_share) ? 0 : process_.off_s * random_.exponential();
      return Due{hot_.after(device, Time{}, off_s + gap()), device};
    });
    show();
  }

  const Demand* peek() override { return queue_.empty() ? nullptr : &request_; }
  void pop() override {
    const Due last = queue_.top();
    queue_.replace_top({hot_.after(last.device, last.at, gap()), last.device});
    ++request_.draw;
    show();
  }

 private:
  struct Due {
    Time at;
    std::uint32_t device;
  };

  /// With a = 1/on and b = 1/off, the gap's phases r1 > r2 are the roots of
  /// r^2 - (rate + a + b) r + rate b = 0, and the first has probability (rate - r2) / (r1 - r2).
  void solve() {
    const double a = 1 / process_.on_s;
    const double b = 1 / process_.off_s;
    const double half = (process_.rate + a + b) / 2;
    const double fast = half + std::sqrt(std::max(0.0, half * half - process_.rate * b));
    const double slow = process_.rate * b / fast;
    fast_mean_s_ = 1 / fast;
    slow_mean_s_ = 1 / slow;
    fast_share_ = std::clamp((process_.rate - slow) / (fast - slow), 0.0, 1.0);
  }
  double gap() {
    const double mean_s = random_.chance(fast_share_) ? fast_mean_s_ : slow_mean_s_;
    return mean_s * random_.exponential();
  }
  void show() {
    if (queue_.empty()) return;
    request_.at = queue_.top().at;
    request_.device = queue_.top().device;
  }

  Interrupted process_;
  double fast_mean_s_ = 0;
  double slow_mean_s_ = 0;
  double fast_share_ = 0;
  HotSpots hot_;
  Random random_;
  DeviceQueue<Due> queue_;
  Demand request_;
};

/// Two independent processes of the same devices as one.
class Sum final : public Arrivals {
 public:
  Sum(std::unique_ptr<Arrivals> first, std::unique_ptr<Arrivals> second)
      : first_(std::move(first)), second_(std::move(second)) {
    show();
  }

  const Demand* peek() override { return next_ ? &request_ : nullptr; }
  void pop() override {
    next_->pop();
    ++number_;
    show();
  }

 private:
  void show() {
    const Demand* first = first_->peek();
    const Demand* second = second_->peek();
    next_ = first && (!second || first->at <= second->at) ? first_.get()
            : second                                      ? second_.get()
                                                          : nullptr;
    if (!next_) return;
    request_ = next_ == first_.get() ? *first : *second;
    request_.draw = number_;
  }

  std::unique_ptr<Arrivals> first_;
  std::unique_ptr<Arrivals> second_;
  Arrivals* next_ = nullptr;
  std::uint64_t number_ = 0;
  Demand request_;
};

struct OnOff {
  Duration on = std::chrono::seconds{1};
  Duration off = std::chrono::seconds{9};
  double burst = 0;
  bool common = false;

  void describe(Fields& fields) {
    fields.duration("on", on, {"how long a burst lasts, in the mean", 1e-6, 1e9});
    fields.duration("off", off, {"how long the time between bursts is, in the mean", 1e-6, 1e9});
    fields.number("burst", burst, Unit::none,
                  {"the rate in a burst, in multiples of the class's rate; 0: all requests come in "
                   "bursts",
                   0, 1e9});
    fields.boolean("common", common,
                   {"whether all devices have their bursts together; else each by itself"});
    if (burst != 0 && burst < 1) fields.refuse("burst", "must be 0 or at least 1");
    if (burst > highest() * (1 + 1e-9))
      fields.refuse("burst", "must be at most (on + off) / on, where nothing is left for the rest");
  }

  std::unique_ptr<Arrivals> make(const ArrivalContext& context) const {
    const double mean = needed_rate(context, "on_off");
    const double on_rate = mean * (burst > 0 ? std::min(burst, highest()) : highest());
    const double share = 1 / highest();
    const double off_rate = std::max(0.0, (mean - share * on_rate) / (1 - share));
    if (common) {
      const Chain chain{{on_rate, off_rate}, {to_seconds(on), to_seconds(off)}};
      if (chain.changes_per_s() > 1e4 * mean * context.devices)
        throw UserError(
            "arrivals 'on_off': more than 10000 bursts a request; give longer times or a higher "
            "rate");
      return std::make_unique<Superposed>(context, 1, common_chain(chain, context.seed));
    }
    if (on_rate - off_rate <= 1e-9 * mean)
      return std::make_unique<Superposed>(context, mean, nullptr);
    auto bursts = std::make_unique<Bursts>(
        context, Interrupted{on_rate - off_rate, to_seconds(on), to_seconds(off)});
    if (off_rate <= 1e-12 * mean) return bursts;
    return std::make_unique<Sum>(std::make_unique<Superposed>(context, off_rate, nullptr),
                                 std::move(bursts));
  }

 private:
  /// The most that `burst` can be.
  double highest() const { return (to_seconds(on) + to_seconds(off)) / to_seconds(on); }
};

const Registered entry{arrivals(),
                       arrivals_entry<OnOff>("on_off", "bursts, by device or common to all")};

}  // namespace
}  // namespace evenkeel
