#include "models/access/replica_chooser.h"

#include <gmock/gmock.h>

#include "tests/cluster_world.h"

namespace evenkeel::test {
namespace {

using std::chrono::milliseconds;

TEST(NearerOfTwo, AsksItselfIfItCan) {
  ClusterWorld world{{.nodes = 3}};
  NearerOfTwo chooser{world.node(1)};
  EXPECT_EQ(chooser.choose({NodeId{0}, NodeId{1}, NodeId{2}}, {}), NodeId{1});
}

TEST(NearerOfTwo, PrefersTheFasterAndShunsWhoFails) {
  ClusterWorld world{{.nodes = 4}};
  NearerOfTwo chooser{world.node(0)};
  const std::vector<NodeId> candidates = {NodeId{1}, NodeId{2}, NodeId{3}};
  for (const NodeId one : candidates) chooser.finished(one, true, milliseconds{index(one)}, {});
  chooser.finished(NodeId{2}, false, milliseconds{1}, {});
  std::map<NodeId, int> chosen;
  for (int i = 0; i < 3000; ++i) ++chosen[chooser.choose(candidates, {})];
  // Of any two the nearer: 1 wins against both, 3 against 2 alone.
  EXPECT_NEAR(chosen[NodeId{1}], 2000, 150);
  EXPECT_NEAR(chosen[NodeId{3}], 1000, 150);
  EXPECT_EQ(chosen[NodeId{2}], 0);
}

TEST(PolicyChooser, IsAnyPolicyOfTheBalancer) {
  struct LeastInFlight final : Policy {
    ServerIndex pick(const Job&, const View& view) override {
      ServerIndex best = view.eligible.front();
      for (const ServerIndex one : view.eligible)
        if (view.load(one) < view.load(best)) best = one;
      return best;
    }
  };
  ClusterWorld world{{.nodes = 4}};
  PolicyChooser chooser{world.node(0), [](const PolicyContext& context) {
                          EXPECT_GE(context.candidates.size(), 2u);
                          return std::make_unique<LeastInFlight>();
                        }};
  const std::vector<NodeId> candidates = {NodeId{3}, NodeId{1}};
  EXPECT_EQ(chooser.choose(candidates, {}), NodeId{3});
  chooser.sent(NodeId{3}, {});
  EXPECT_EQ(chooser.choose(candidates, {}), NodeId{1});
  chooser.sent(NodeId{1}, {});
  chooser.sent(NodeId{1}, {});
  EXPECT_EQ(chooser.choose(candidates, {}), NodeId{3});
  chooser.finished(NodeId{1}, true, milliseconds{1}, {});
  chooser.finished(NodeId{1}, true, milliseconds{1}, {});
  EXPECT_EQ(chooser.choose(candidates, {}), NodeId{1});
}

}  // namespace
}  // namespace evenkeel::test
