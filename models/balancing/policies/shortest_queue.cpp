// Join the shortest queue (JSQ): asks for all loads and takes the least. With exact loads it is the
// best that can be done with equal servers and exponential work (Winston 1977). Costs a question to
// every server and a round trip for each request wherever loads must be asked for.
#include "models/balancing/policy.h"

namespace evenkeel {
namespace {

class ShortestQueue final : public Policy {
 public:
  using Settings = NoSettings;

  ShortestQueue(const Settings&, const PolicyContext& context) : random_(context.random) {}

  void consider(const Job&, const View& view, std::vector<ServerIndex>& wanted) override {
    wanted.insert(wanted.end(), view.eligible.begin(), view.eligible.end());
  }

  ServerIndex pick(const Job&, const View& view) override {
    return least_considered(view, random_, [&](ServerIndex server) { return view.load(server); });
  }

 private:
  Random& random_;
};

const Registered entry{
    policies(),
    policy_entry<ShortestQueue>("shortest_queue", "takes the server with the shortest queue")};

}  // namespace
}  // namespace evenkeel
