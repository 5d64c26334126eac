// Every function under every protocol that can run it, against the same in the clear.
#include "tests/mpc/table.h"

#include "models/mpc/computation.h"

namespace evenkeel::test {
namespace {

struct Case {
  std::string protocol;
  std::string function;
};

// Small enough for the slowest protocol. What is a sum can have more rows.
Problem problem_of(const std::string& function) {
  const std::shared_ptr<const Function> its = function_named(function);
  Problem problem{.owners = 3, .size = its->is_sum() ? 12U : 4U, .bits = 12, .fraction = 4};
  if (its->objection(problem)) problem.size = 6;  // then by threes
  return problem;
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const Entry& protocol : protocols().entries())
    for (const Entry& function : functions().entries())
      all.push_back({protocol.name, function.name});
  return all;
}

std::string name_of(const testing::TestParamInfo<Case>& info) {
  return info.param.function + "_by_" + info.param.protocol;
}

class FunctionContract : public testing::TestWithParam<Case> {};

TEST_P(FunctionContract, GivesWhatPlainArithmeticGives) {
  const ProtocolKind kind = protocol_named(GetParam().protocol);
  const std::shared_ptr<const Function> function = function_named(GetParam().function);
  Computation computation{
      .kind = kind, .function = function, .problem = problem_of(GetParam().function)};
  const std::uint32_t parties = kind.promises.fewest_parties;
  const std::uint32_t clients = computation.problem.owners;
  if (const auto against = reason_against(computation, parties, clients))
    GTEST_SKIP() << against->detail;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    Random random{seed};
    std::vector<std::vector<double>> all(clients);
    for (std::vector<double>& own : all) own = function->drawn(computation.problem, random);
    const std::vector<double> right = function->plain(all, computation.problem);
    Table table{GetParam().protocol, {.parties = parties, .clients = clients, .seed = seed}};
    const auto got = table.compute(computation, all);
    for (std::uint32_t seat = 0; seat < parties; ++seat) {
      ASSERT_TRUE(got[seat]) << got[seat].error().detail;
      if (!kind.make && seat > 0) continue;
      ASSERT_EQ(got[seat]->size(), right.size());
      for (std::size_t i = 0; i < right.size(); ++i)
        EXPECT_NEAR((*got[seat])[i], right[i], function->error_bound(computation.problem) + 1e-9);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, FunctionContract, testing::ValuesIn(cases()), name_of);

}  // namespace
}  // namespace evenkeel::test
