// The true number of requests at each server at this instant. It costs nothing, so it is for
// theory, and as the bound that honest kinds are measured against.
#include "models/balancing/knowledge.h"

namespace evenkeel {
namespace {

class Exact final : public Knowledge {
 public:
  using Settings = NoSettings;
  Exact(Settings, const KnowledgeContext& context) : oracle_(context.oracle) {}
  double load(ServerIndex server) const override { return oracle_.load(server); }
  ReportRules rules() const override { return {.from_oracle = true}; }

 private:
  const LoadOracle& oracle_;
};

const Registered entry{
    knowledge(), knowledge_entry<Exact>(
                     "exact", "the true load at this instant, for free: no real balancer has it")};

}  // namespace
}  // namespace evenkeel
