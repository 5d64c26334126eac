// Work stealing: requests are placed by another policy, and a server that falls idle asks random
// others for one of their waiting requests. Blumofe & Leiserson 1999; Mitzenmacher, "Analyses of
// load stealing models based on differential equations", SPAA 1998. The servers do the work: an
// idle one costs up to `victims` questions and answers, and a request that moves is sent once more.
#include "models/balancing/policies/wrapper.h"

namespace evenkeel {
namespace {

class WorkStealing final : public Wrapper {
 public:
  struct Settings {
    Wrapped placement = {"nearest"};
    std::int64_t victims = 1;
    std::int64_t threshold = 2;
    bool half = false;
    Duration retry{};

    void describe(Fields& fields) {
      placement.describe(fields, "placement", {"the policy that places requests at first"});
      fields.integer("victims", victims,
                     {"servers that an idle one asks, one after another until one gives", 1, 1000});
      fields.integer("threshold", threshold,
                     {"a server gives if it holds at least so many requests", 2, 1'000'000});
      fields.boolean("half", half, {"give half of what waits, not one request"});
      fields.duration("retry", retry,
                      {"ask again after this while idle; 0: only on falling idle", 0});
    }
  };

  WorkStealing(const Settings& settings, const PolicyContext& context)
      : Wrapper(settings.placement, context), settings_(settings) {}

  ServerRules rules() const override {
    ServerRules rules = Wrapper::rules();
    rules.steal = true;
    rules.victims = static_cast<std::uint32_t>(settings_.victims);
    rules.steal_threshold = static_cast<std::uint32_t>(settings_.threshold);
    rules.steal_half = settings_.half;
    rules.steal_retry = settings_.retry;
    return rules;
  }

 private:
  Settings settings_;
};

const Registered entry{
    policies(), policy_entry<WorkStealing>(
                    "work_stealing", "places by another policy; idle servers take from others")};

}  // namespace
}  // namespace evenkeel
