// Loads exactly `age` old (the model of continuous update with delay: Mitzenmacher, "How useful is
// old information?", 2000). Servers send every change, and the balancer looks at what held `age`
// ago; where the network takes longer than that, at the newest that has come.
#include <deque>

#include "models/balancing/knowledge.h"

namespace evenkeel {
namespace {

class Delayed final : public Knowledge {
 public:
  struct Settings {
    Duration age = seconds(0.1);
    void describe(Fields& fields) {
      fields.duration("age", age, {"how old every load is when it is looked at", 0, 1e6});
    }
  };

  Delayed(const Settings& settings, const KnowledgeContext& context)
      : settings_(settings), now_(context.now), histories_(context.in_flight.size()) {}

  double load(ServerIndex server) const override {
    History& history = histories_[server];
    while (!history.coming.empty() && history.coming.front().at + settings_.age <= now_) {
      history.held = history.coming.front().load;
      history.coming.pop_front();
    }
    return history.held;
  }
  void reported(ServerIndex server, const Report& report, Time at) override {
    histories_[server].coming.push_back({at, report.load});
  }
  ReportRules rules() const override { return {.on_change = true}; }

 private:
  struct Change {
    Time at;
    double load;
  };
  struct History {
    double held = 0;
    std::deque<Change> coming;
  };

  Settings settings_;
  const Time& now_;
  mutable std::vector<History> histories_;
};

const Registered entry{
    knowledge(), knowledge_entry<Delayed>(
                     "delayed", "each load as it was a fixed time ago; servers send every change")};

}  // namespace
}  // namespace evenkeel
