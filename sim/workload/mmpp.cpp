// Markov-modulated Poisson arrivals with any number of states (chain.h), each device by itself or
// all together. Costs a device its changes of state between two requests; where the silent times
// are long, on_off is cheaper.
#include <algorithm>

#include "models/runtime/user_error.h"
#include "sim/workload/chain.h"
#include "sim/workload/device_queue.h"

namespace evenkeel {
namespace {

constexpr std::size_t max_states = 1000;
constexpr double max_changes_per_request = 1e4;

/// Every device has a chain of its own.
class OwnChains final : public Arrivals {
 public:
  OwnChains(const ArrivalContext& context, const Chain& chain)
      : chain_(chain),
        hot_(context.devices, context.hot),
        random_(Random::stream(context.seed, "mmpp")) {
    queue_.start(context.devices, [&](std::uint32_t device) {
      return following({Time{}, device, chain_.stationary(random_)});
    });
    show();
  }

  const Demand* peek() override { return queue_.empty() ? nullptr : &request_; }
  void pop() override {
    queue_.replace_top(following(queue_.top()));
    ++request_.draw;
    show();
  }

 private:
  struct Due {
    Time at;
    std::uint32_t device;
    std::uint32_t state;
  };

  /// The request after `last`. Memoryless: what is left of a sojourn is as long as a new one.
  Due following(Due last) {
    double wait_s = 0;
    while (true) {
      const double sojourn_s = chain_.sojourns_s[last.state] * random_.exponential();
      const double level = chain_.levels[last.state];
      const double request_s = level > 0 ? random_.exponential() / level : forever_s;
      if (request_s < sojourn_s) {
        last.at = hot_.after(last.device, last.at, wait_s + request_s);
        return last;
      }
      wait_s += sojourn_s;
      last.state = chain_.next(last.state, random_);
    }
  }
  void show() {
    if (queue_.empty()) return;
    request_.at = queue_.top().at;
    request_.device = queue_.top().device;
  }

  Chain chain_;
  HotSpots hot_;
  Random random_;
  DeviceQueue<Due> queue_;
  Demand request_;
};

struct Mmpp {
  std::vector<double> rates = {2, 0.2};
  std::vector<double> sojourns = {10, 50};
  bool random_order = false;
  bool common = false;

  void describe(Fields& fields) {
    fields.numbers(
        "rates", rates, Unit::rate,
        {"of a device in each state; scaled to the class's rate if it states one", 0, 1e9});
    fields.numbers("sojourns", sojourns, Unit::time,
                   {"how long each state lasts, in the mean", 1e-6, 1e9});
    fields.boolean("random_order", random_order,
                   {"whether any other state may follow a state; else they follow in turn"});
    fields.boolean("common", common,
                   {"whether all devices change their state together; else each by itself"});
    if (rates.empty() || rates.size() > max_states)
      fields.refuse("rates", "needs 1 to 1000 states");
    if (rates.size() != sojourns.size()) fields.refuse("sojourns", "needs as many values as rates");
    if (std::ranges::all_of(rates, [](double rate) { return rate == 0; }))
      fields.refuse("rates", "needs a rate above 0");
  }

  std::unique_ptr<Arrivals> make(const ArrivalContext& context) const {
    Chain chain{rates, sojourns, !random_order};
    const double mean = chain.mean_level();
    const double wanted = (context.rate > 0 ? context.rate : mean) * context.scale;
    for (double& level : chain.levels) level *= wanted / mean;
    const double requests_per_s = wanted * (common ? context.devices : 1);
    if (chain.changes_per_s() > max_changes_per_request * requests_per_s)
      throw UserError(
          "arrivals 'mmpp': the states change more than 10000 times a request; give longer "
          "sojourns "
          "or a higher rate");
    if (!common) return std::make_unique<OwnChains>(context, chain);
    return std::make_unique<Superposed>(context, 1, common_chain(chain, context.seed));
  }
};

const Registered entry{
    arrivals(),
    arrivals_entry<Mmpp>("mmpp", "at random, at a rate that changes with a hidden state")};

}  // namespace
}  // namespace evenkeel
