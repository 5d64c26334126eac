// What a balancer makes of the outcomes of computations on loads that it never sees.
#include <gtest/gtest.h>

#include "models/balancing/knowledge.h"
#include "tests/balancing/default_fields.h"

namespace evenkeel::test {
namespace {

class NoOracle final : public LoadOracle {
 public:
  double load(ServerIndex) const override { return 0; }
};

struct Believer {
  explicit Believer(std::map<std::string, std::string> names) {
    DefaultFields fields{{}, std::move(names)};
    const std::any made = evenkeel::knowledge().find("private")->configure(fields);
    knowledge = std::any_cast<const MakeKnowledge&>(made)(
        {.in_flight = in_flight, .oracle = oracle, .now = now, .random = random});
  }
  std::vector<std::uint32_t> in_flight = std::vector<std::uint32_t>(3, 0);
  NoOracle oracle;
  Time now{};
  Random random{1};
  std::unique_ptr<Knowledge> knowledge;
};

const std::vector<ServerIndex> all{0, 1, 2};

TEST(PrivateKnowledge, SpreadsAnEpochsRequestsInProportionToTheRoom) {
  Believer believer{{}};
  believer.knowledge->learned(all, std::vector<double>{40, 20, 4}, {});
  std::vector<int> picked(3, 0);
  for (int i = 0; i < 64; ++i) {
    ServerIndex best = 0;
    for (const ServerIndex server : all)
      if (believer.knowledge->load(server) < believer.knowledge->load(best)) best = server;
    ++picked[best];
    believer.knowledge->chosen(best);
  }
  EXPECT_NEAR(picked[0], 40, 1);
  EXPECT_NEAR(picked[1], 20, 1);
  EXPECT_NEAR(picked[2], 4, 1);
}

TEST(PrivateKnowledge, AsksBeforeEachRequestForTheLeastOfThoseConsidered) {
  Believer believer{{{"each", "request"}}};
  EXPECT_TRUE(believer.knowledge->asks());
  const ReportRules rules = believer.knowledge->rules();
  ASSERT_TRUE(rules.secret);
  EXPECT_EQ(rules.secret->function, "argmin");
  EXPECT_EQ(rules.secret->period, Duration{});
  believer.knowledge->learned(std::vector<ServerIndex>{2, 1}, std::vector<double>{1}, {});
  EXPECT_LT(believer.knowledge->load(1), believer.knowledge->load(2));
}

TEST(PrivateKnowledge, BelievesRanksWhereTheOrderIsOpened) {
  Believer believer{{{"opens", "order"}}};
  EXPECT_EQ(believer.knowledge->rules().secret->function, "order");
  believer.knowledge->learned(all, std::vector<double>{2, 0, 1}, {});
  EXPECT_EQ(believer.knowledge->load(0), 2);
  EXPECT_EQ(believer.knowledge->load(1), 0);
}

TEST(PrivateKnowledge, OverlooksServersThatItDoesNotChooseAmong) {
  Believer believer{{}};
  believer.knowledge->learned(std::vector<ServerIndex>{0, ~ServerIndex{0}, 2},
                              std::vector<double>{10, 20, 30}, {});
  EXPECT_LT(believer.knowledge->load(2), believer.knowledge->load(0));
}

}  // namespace
}  // namespace evenkeel::test
