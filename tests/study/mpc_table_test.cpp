// What an operator reads of the protocols that are compared.
#include "sim/study/mpc_table.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/metrics/sample_result.h"

namespace evenkeel {
namespace {

using test::sample_result;
using testing::HasSubstr;
using testing::Not;

VariantRuns variant_of(const std::string& protocol, double online_s, const std::string& modelled) {
  VariantRuns variant{.chosen = {{"mpc.protocol", protocol}}};
  for (const std::uint64_t seed : {1, 2, 3}) {
    RunResult run = sample_result(seed, protocol);
    run.mpc.protocol = protocol;
    run.mpc.modelled = modelled;
    run.mpc.latency_online = online_s + 0.001 * static_cast<double>(seed);
    run.mpc.bytes_online = 4000;
    variant.runs.push_back(std::move(run));
  }
  return variant;
}

std::string line_of(const std::string& text, const std::string& beginning) {
  const std::size_t start = text.find("\n" + beginning) + 1;
  return start == 0 ? "" : text.substr(start, text.find('\n', start) - start);
}

TEST(MpcTables, ShowWhatAComputationCostAndWhatTheProtocolPromises) {
  const std::vector<VariantRuns> variants{variant_of("replicated3", 0.072, ""),
                                          variant_of("enclave", 0.1, "modelled")};
  const std::vector<std::string> names = variant_names(variants);
  const std::string text = mpc_tables(variants, names, 100);
  EXPECT_THAT(text, HasSubstr("online ms"));
  EXPECT_THAT(text, HasSubstr("online kB"));
  const std::string figures = line_of(text, "replicated3");
  EXPECT_THAT(figures, HasSubstr("25"));               // ms offline
  EXPECT_THAT(figures, HasSubstr("74 [71.5, 76.5]"));  // 73, 74, 75 ms: +- 4.303 / sqrt(3)
  EXPECT_THAT(figures, HasSubstr("0.1"));              // kB offline
  EXPECT_THAT(figures, HasSubstr("1+2"));              // rounds
  EXPECT_THAT(figures, HasSubstr("0.00889"));          // 8 in 900 s
  EXPECT_THAT(figures, HasSubstr("2 timeout"));
  EXPECT_THAT(text, HasSubstr("1 of 3; nobody"));
  EXPECT_THAT(text, HasSubstr("goes unnoticed"));
  EXPECT_THAT(text, HasSubstr("enclave (modelled)"));
  EXPECT_THAT(text, Not(HasSubstr("loads seen by")));
}

TEST(MpcTables, SayWhoSeesLoadsWhereNothingIsComputed) {
  VariantRuns own = variant_of("replicated3", 0.1, "");
  for (RunResult& run : own.runs) {
    run.mpc.answered = run.mpc.failed = 0;
    run.mpc.loads_seen = "everybody";
  }
  const std::vector<VariantRuns> variants{own};
  const std::string text = mpc_tables(variants, {"exact"}, 100);
  EXPECT_THAT(text, HasSubstr("everybody"));
  EXPECT_THAT(text, HasSubstr("no computation"));
  EXPECT_THAT(text, Not(HasSubstr("online")));
}

TEST(MpcTables, AreEmptyWithoutAProtocol) {
  VariantRuns plain = variant_of("", 0.1, "");
  const std::vector<VariantRuns> variants{plain};
  EXPECT_EQ(mpc_tables(variants, {"nearest"}, 100), "");
  EXPECT_TRUE(mpc_json(plain).is_null());
}

TEST(MpcTables, GiveTheSameAsJson) {
  const nlohmann::json json = mpc_json(variant_of("replicated3", 0.072, ""));
  EXPECT_EQ(json["protocol"], "replicated3");
  EXPECT_NEAR(json["metrics"]["latency.online"]["mean"].get<double>(), 0.074, 1e-12);
  EXPECT_NEAR(json["metrics"]["latency.online"]["low"].get<double>(),
              0.074 - 0.001 * 4.302653 / std::sqrt(3.0), 1e-8);
  EXPECT_EQ(json["failures"]["timeout"], 2);
}

}  // namespace
}  // namespace evenkeel
