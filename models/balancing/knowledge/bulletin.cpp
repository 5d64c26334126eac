// Every server tells every balancer its load every `period` (Mitzenmacher, "How useful is old
// information?", IEEE TPDS 11(1), 2000): servers x balancers messages a period.
#include "models/balancing/knowledge.h"

namespace evenkeel {
namespace {

class Bulletin final : public LastReports {
 public:
  struct Settings {
    Duration period = seconds(1);
    void describe(Fields& fields) {
      fields.duration("period", period, {"time between two bulletins of a server", 1e-6, 1e6});
    }
  };
  Bulletin(const Settings& settings, const KnowledgeContext& context)
      : LastReports(context), settings_(settings) {}
  ReportRules rules() const override { return {.period = settings_.period}; }

 private:
  Settings settings_;
};

const Registered entry{
    knowledge(),
    knowledge_entry<Bulletin>("bulletin", "each server broadcasts its load every period")};

}  // namespace
}  // namespace evenkeel
