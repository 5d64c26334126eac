// This balancer's own requests that have not ended: what most balancers in the field go by. Costs
// nothing, and knows nothing of what other balancers send.
#include "models/balancing/knowledge.h"

namespace evenkeel {
namespace {

class Own final : public Knowledge {
 public:
  using Settings = NoSettings;
  Own(Settings, const KnowledgeContext& context) : in_flight_(context.in_flight) {}
  double load(ServerIndex server) const override { return in_flight_[server]; }

 private:
  std::span<const std::uint32_t> in_flight_;
};

const Registered entry{
    knowledge(),
    knowledge_entry<Own>("own", "this balancer's own requests in flight; costs nothing")};

}  // namespace
}  // namespace evenkeel
