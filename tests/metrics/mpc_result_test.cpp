// What computations cost, summed up from counts; by hand.
#include "sim/metrics/mpc_result.h"

#include <gmock/gmock.h>
#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/metrics/sample_result.h"

namespace evenkeel {
namespace {

using test::sample_result;

TEST(MpcResult, IsOfAComputationOnTheMean) {
  const MpcResult mpc = sample_result(1, "nearest").mpc;
  EXPECT_DOUBLE_EQ(mpc.answered, 8);
  EXPECT_DOUBLE_EQ(mpc.failed, 2);
  EXPECT_DOUBLE_EQ(mpc.throughput, 8.0 / 900);  // seconds after the warm-up
  EXPECT_DOUBLE_EQ(mpc.bytes_offline, 100);     // of ten that were held
  EXPECT_DOUBLE_EQ(mpc.bytes_online, 400);
  EXPECT_DOUBLE_EQ(mpc.header_bytes, 48);
  EXPECT_DOUBLE_EQ(mpc.latency_offline, 0.025);  // of eight that were answered
  EXPECT_DOUBLE_EQ(mpc.latency_online, 0.075);
  EXPECT_DOUBLE_EQ(mpc.rounds, 3);
  EXPECT_DOUBLE_EQ(mpc.rounds_offline, 1);
  EXPECT_DOUBLE_EQ(mpc.rounds_online, 2);
  EXPECT_DOUBLE_EQ(mpc.busiest_link_bytes, 1000 * 0.9 / 10);  // nine tenths are after the warm-up
}

TEST(MpcResult, IsNothingWithoutAProtocol) {
  RunResult run = sample_result(1, "nearest");
  run.mpc = {};
  sum_up_mpc(run);
  EXPECT_TRUE(std::isnan(run.mpc.throughput));
  EXPECT_FALSE(to_json(run).contains("mpc"));
}

TEST(MpcResult, StandsInTheJsonWithItsFailuresByCause) {
  const nlohmann::json json = to_json(sample_result(1, "nearest"))["mpc"];
  EXPECT_EQ(json["protocol"], "replicated3");
  EXPECT_EQ(json["trusted"], "nobody");
  EXPECT_EQ(json["failures"], (nlohmann::json{{"timeout", 2.0}}));
  EXPECT_DOUBLE_EQ(json["latency"]["online"], 0.075);
}

TEST(MpcResult, SaysWhatIsModelledWithTheName) {
  MpcResult mpc;
  EXPECT_EQ(mpc.labelled("enclave"), "enclave");
  mpc.modelled = "modelled";
  EXPECT_EQ(mpc.labelled("enclave"), "enclave (modelled)");
}

}  // namespace
}  // namespace evenkeel
