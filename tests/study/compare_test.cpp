// What is planned from a scenario file and options, over catalogues whose entries never change.
#include "sim/study/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>

#include "models/runtime/user_error.h"
#include "tests/scenario/fixture.h"

namespace evenkeel {
namespace {

using namespace evenkeel::testing;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class PlanTest : public ::testing::Test {
 protected:
  PlanTest() { request_.scenario = folder_.write("city.yaml", good); }

  ComparePlan plan() const {
    return plan_comparison(request_, test_catalogues(), [](const Scenario&) {});
  }
  std::string refusal() const {
    try {
      plan();
    } catch (const UserError& error) {
      return error.what();
    }
    return "nothing was refused";
  }

  test::Folder folder_;
  CompareRequest request_;
};

TEST_F(PlanTest, TakesTheMatrixOfTheFileSeedBySeed) {
  const ComparePlan plan = this->plan();
  EXPECT_EQ(plan.cells.size(), 20u);
  EXPECT_EQ(plan.cells[0].key.chosen, (Choice{{"balancing.policy", "nearest"}}));
  EXPECT_EQ(plan.cells[1].key.chosen, (Choice{{"balancing.policy", "power_of_d"}}));
  EXPECT_EQ(plan.cells[1].key.seed, plan.cells[0].key.seed);
  EXPECT_EQ(plan.cells[2].key.seed, plan.cells[0].key.seed + 1);
  EXPECT_EQ(plan.variants[1].balancing.policy.name, "power_of_d");
  EXPECT_EQ(plan.info.baseline, "nearest");
}

TEST_F(PlanTest, ReplacesTheMatrixByTheOptions) {
  request_.vary = {"balancing.policy=random,power_of_d: {d: 3}", "workload.detect.rate=1 /s,2 /s"};
  request_.seeds = 3;
  request_.baseline = "random";
  const ComparePlan plan = this->plan();
  EXPECT_EQ(plan.cells.size(), 12u);
  EXPECT_EQ(plan.info.baseline, "random");
  EXPECT_EQ(plan.cells[3].key.chosen, (Choice{{"balancing.policy", "{power_of_d: {d: 3}}"},
                                              {"workload.detect.rate", "2 /s"}}));
}

TEST_F(PlanTest, KnowsRunsWhateverIsConcludedFromThem) {
  const std::string hash = plan().info.scenario_hash;
  request_.seeds = 50;
  request_.sets = {"compare.metric=mean", "question=another"};
  EXPECT_EQ(plan().info.scenario_hash, hash);
  request_.sets = {"duration=11 min"};
  EXPECT_NE(plan().info.scenario_hash, hash);
}

TEST_F(PlanTest, TellsAllMistakesAtOnce) {
  request_.vary = {"balancing.policy=nearest,power_of_e", "duration=1 min,5 apples"};
  request_.baseline = "nearest";
  EXPECT_THAT(refusal(), AllOf(HasSubstr("power_of_e"), HasSubstr("5 apples")));
}

TEST_F(PlanTest, RefusesWrongOptions) {
  request_.seeds = 0;
  EXPECT_THAT(refusal(), HasSubstr("--seeds 0"));
  request_.seeds = {};
  request_.baseline = "random";
  EXPECT_THAT(refusal(), HasSubstr("random"));
  request_.baseline = {};
  request_.vary = {"balancing.policy=random", "balancing.policy=nearest"};
  EXPECT_THAT(refusal(), HasSubstr("varied twice"));
  request_.vary = {"balancing.polcy=random,nearest"};
  EXPECT_THAT(refusal(), HasSubstr("balancing.policy"));
}

TEST_F(PlanTest, GivesTheCommandThatReplaysOneRun) {
  request_.scenario = folder_.write("it's.yaml", good);
  request_.sets = {"duration=11 min"};
  const ComparePlan plan = this->plan();
  EXPECT_THAT(replay_command(request_, plan.cells[1]),
              AllOf(HasSubstr("it'\\''s.yaml' --seed 1 --set 'duration=11 min' --set "
                              "balancing.policy=power_of_d")));
}

TEST(DefaultResultPath, IsAPlainName) {
  auto made = std::make_unique<Scenario>();  // on the stack g++ 12 warns of it falsely
  Scenario& scenario = *made;
  scenario.name = "City cameras: <1> / ünï";
  EXPECT_EQ(default_result_path(scenario), "result-city-cameras-1-n.evenkeel");
  scenario.name = "../..";
  EXPECT_EQ(default_result_path(scenario), "result-scenario.evenkeel");
}

}  // namespace
}  // namespace evenkeel
