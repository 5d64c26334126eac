// A scenario's computations: every answer is held to plain arithmetic, and what a liar can do.
#include "sim/deployment/mpc_nodes.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "sim/scenario/reader.h"
#include "sim/study/run.h"
#include "tests/world/support.h"

namespace evenkeel::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const std::string homes = R"(
name: homes
duration: 20 s
topology: {generate: {star: {n: 8, latency: 2 ms, bandwidth: 100 Mbit/s}}}
nodes:
  hub:    {at: every site, cores: 1, speed: 2 Gop/s, serves: false}
  office: {at: [cloud, site 1, site 2, site 3], cores: 2, speed: 2 Gop/s, serves: false}
devices:
  utility: {at: cloud}
mpc:
  protocol: replicated3
  parties: office
  computations:
    power: {function: sum, of: hub, size: 4, bits: 10, values: {exponential: 100}}
workload:
  ask: {from: utility, rate: 1 /s, does: {compute: power}}
)";

// A sum of which seat 0 forgets one when nobody looks.
class SumThatForgets final : public Function {
 public:
  struct Settings {
    void describe(Fields&) {}
  };
  explicit SumThatForgets(const Settings&) {}

  Needs needs(const Problem& problem) const override { return sum_->needs(problem); }
  std::vector<std::int64_t> prepare(std::span<const double> own,
                                    const Problem& problem) const override {
    return sum_->prepare(own, problem);
  }
  std::vector<double> finish(std::span<const std::int64_t> opened,
                             const Problem& problem) const override {
    std::vector<double> sums = sum_->finish(opened, problem);
    sums.back() -= 100;
    return sums;
  }
  std::vector<double> plain(const std::vector<std::vector<double>>& all,
                            const Problem& problem) const override {
    return sum_->plain(all, problem);
  }
  double error_bound(const Problem& problem) const override { return sum_->error_bound(problem); }

 private:
  std::shared_ptr<const Function> sum_ = function_named("sum");
};
const Registered entry{functions(), function_entry<SumThatForgets>("sum_that_forgets", "a flaw")};

void run_with(const std::vector<std::string>& settings,
              const std::function<void(const RunResult&)>& look) {
  in_child([&] {
    ScenarioDocument document = parse_scenario(homes, "homes.yaml", ".", catalogues());
    for (const std::string& setting : settings) document.set(setting);
    look(run_scenario(read(document), {.seed = 3}));
  });
}

std::vector<std::string> violations(const RunResult& result) {
  std::vector<std::string> found;
  for (const RunEvent& event : result.events)
    if (event.kind == violation_event) found.push_back(event.detail);
  return found;
}

TEST(MpcNodes, AnswerAsPlainArithmeticDoes) {
  run_with({}, [](const RunResult& result) {
    EXPECT_GT(result.mpc.answered, 10);
    EXPECT_EQ(result.mpc.wrong, 0);
    EXPECT_LT(result.mpc.off, 0.01);  // numbers are rounded
    EXPECT_THAT(violations(result), IsEmpty());
  });
}

TEST(MpcNodes, AreAccusedOfAWrongAnswer) {
  run_with({"mpc.computations.power.function=sum_that_forgets"}, [](const RunResult& result) {
    EXPECT_EQ(result.mpc.wrong, result.mpc.answered);
    EXPECT_THAT(violations(result), testing::Contains(HasSubstr("private_answers")));
  });
}

const std::vector<std::string> lying{"mpc.computations.power.liars=hub/site 5",
                                     "mpc.computations.power.lie=5000"};

TEST(MpcNodes, BelieveALiarWhereNothingIsProved) {
  for (const std::string protocol :
       {"replicated3", "secure_aggregation", "replicated3_malicious"}) {
    std::vector<std::string> settings = lying;
    settings.push_back("mpc.protocol=" + protocol);
    run_with(settings, [](const RunResult& result) {
      EXPECT_GT(result.mpc.answered, 10);
      EXPECT_EQ(result.mpc.wrong, result.mpc.answered);
      EXPECT_NEAR(result.mpc.off, 5000 / 800.0, 1.5);
      EXPECT_THAT(violations(result), IsEmpty());  // nobody promised more
    });
  }
}

TEST(MpcNodes, LeaveALiarOutWhereNumbersAreProved) {
  std::vector<std::string> settings = lying;
  settings.emplace_back("mpc.protocol=prio3");
  run_with(settings, [](const RunResult& result) {
    EXPECT_GT(result.mpc.answered, 10);
    EXPECT_NEAR(result.mpc.off, 1.0 / 8, 0.07);  // the liar's own part is missing
    EXPECT_THAT(violations(result), IsEmpty());
    const auto left_out = std::ranges::count_if(
        result.events, [](const RunEvent& event) { return event.kind == "report left out"; });
    EXPECT_GE(left_out, 10);
  });
}

TEST(MpcNodes, RefuseALiarThatOwnsNothingAndALieThatFitsNowhere) {
  const auto refused = [](const std::string& setting, const std::string& message) {
    in_child([&] {
      ScenarioDocument document = parse_scenario(homes, "homes.yaml", ".", catalogues());
      document.set("mpc.computations.power.liars=hub/site 5");
      document.set("mpc.computations.power.fraction=10");
      document.set(setting);
      std::string refusal;
      try {
        run_scenario(read(document), {.seed = 3});
      } catch (const UserError& error) {
        refusal = error.what();
      }
      EXPECT_THAT(refusal, HasSubstr(message));
    });
  };
  refused("mpc.computations.power.liars=office/site 1", "owns none of these numbers");
  refused("mpc.computations.power.lie=1e17", "2^62");
}

}  // namespace
}  // namespace evenkeel::test
