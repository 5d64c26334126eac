// Random programs under every protocol, against plain arithmetic. The long form is operations_study
// (tests/studies).
#include "tests/mpc/random_run.h"

namespace evenkeel::test {
namespace {

struct Case {
  std::string protocol;
  std::uint32_t parties = 0;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const Entry& entry : protocols().entries()) {
    const ProtocolKind kind = protocol_named(entry.name);
    if (!kind.make) continue;
    const std::uint32_t most =
        std::min(kind.promises.most_parties, kind.promises.fewest_parties + 2);
    for (std::uint32_t n = kind.promises.fewest_parties; n <= most; ++n)
      all.push_back({entry.name, n});
  }
  return all;
}

class Operations : public testing::TestWithParam<Case> {};

TEST_P(Operations, AreThoseOfPlainArithmeticInAnyOrder) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const RandomRun run{GetParam().protocol, GetParam().parties, seed, 65};
    EXPECT_EQ(outcome_of(run).wrong, "") << replay(run);
  }
}

std::string name_of(const testing::TestParamInfo<Case>& info) {
  return info.param.protocol + "_of_" + std::to_string(info.param.parties);
}

INSTANTIATE_TEST_SUITE_P(All, Operations, testing::ValuesIn(cases()), name_of);

}  // namespace
}  // namespace evenkeel::test
