// Asks the servers that the policy considers, before each pick: two messages a server and a round
// trip of waiting, for loads half a round trip old.
#include "models/balancing/knowledge.h"

namespace evenkeel {
namespace {

class Probed final : public LastReports {
 public:
  using Settings = NoSettings;
  Probed(Settings, const KnowledgeContext& context) : LastReports(context) {}
  bool asks() const override { return true; }
};

const Registered entry{
    knowledge(),
    knowledge_entry<Probed>(
        "probe", "asks the servers considered, before each pick: messages and a round trip")};

}  // namespace
}  // namespace evenkeel
