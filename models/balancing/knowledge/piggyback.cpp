// The load that a server puts into each answer: 24 bytes an answer, no message of its own. Old
// where little is sent; what this balancer has sent since is added.
#include "models/balancing/knowledge.h"

namespace evenkeel {
namespace {

class Piggyback final : public Knowledge {
 public:
  struct Settings {
    bool add_own = true;
    void describe(Fields& fields) {
      fields.boolean("add_own", add_own,
                     {"add what this balancer has in flight beyond what it had at the report"});
    }
  };

  Piggyback(const Settings& settings, const KnowledgeContext& context)
      : settings_(settings),
        in_flight_(context.in_flight),
        reported_(in_flight_.size(), 0.0),
        own_then_(in_flight_.size(), 0) {}

  double load(ServerIndex server) const override {
    if (!settings_.add_own) return reported_[server];
    const double since =
        static_cast<double>(in_flight_[server]) - static_cast<double>(own_then_[server]);
    return std::max(0.0, reported_[server] + since);
  }
  void reported(ServerIndex server, const Report& report, Time) override {
    reported_[server] = report.load;
    own_then_[server] = in_flight_[server];
  }
  ReportRules rules() const override { return {.in_answers = true}; }

 private:
  Settings settings_;
  std::span<const std::uint32_t> in_flight_;
  std::vector<double> reported_;
  std::vector<std::uint32_t> own_then_;
};

const Registered entry{
    knowledge(),
    knowledge_entry<Piggyback>("piggyback", "the load that each server put into its last answer")};

}  // namespace
}  // namespace evenkeel
