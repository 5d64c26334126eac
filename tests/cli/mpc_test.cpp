// `evenkeel mpc`: formula, virtual time and sockets agree, and mistakes are told.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/cli/program.h"

namespace evenkeel::test {
namespace {

void expect_as_the_formula(const nlohmann::json& world) {
  EXPECT_TRUE(world["is_right"].get<bool>());
  EXPECT_EQ(world["rounds"], world["formula_rounds"]);
  EXPECT_EQ(world["offline_rounds"], world["formula_offline_rounds"]);
  EXPECT_EQ(world["online_rounds"], world["formula_online_rounds"]);
  for (const auto& seat : world["seats"]) {
    EXPECT_EQ(seat["sent_bytes"], seat["formula_bytes"]);
    EXPECT_EQ(seat["offline_bytes"], seat["formula_offline_bytes"]);
  }
}

TEST(MpcCommand, ShowsThatFormulaVirtualTimeAndSocketsAgree) {
  for (const std::string protocol :
       {"replicated3", "replicated3_malicious", "yao", "spdz", "additive"}) {
    const Ended ended = program("mpc " + protocol +
                                " argmin --size 3 --bits 12 --rtt '2 ms' --world sockets --json");
    ASSERT_EQ(ended.code, 0) << protocol << ": " << ended.output;
    const auto json = nlohmann::json::parse(ended.output);
    expect_as_the_formula(json["simgrid"]);
    expect_as_the_formula(json["sockets"]);
    EXPECT_GT(json["simgrid"]["latency_s"], json["simgrid"]["rounds"].get<double>() * 0.001 - 1e-9);
  }
}

TEST(MpcCommand, TriesPrivateQueriesOut) {
  for (const std::string query : {"psi_intersection", "psi_cardinality", "psi_sum"}) {
    const Ended ended =
        program("mpc " + query + " --size 30 --common 7 --rtt '2 ms' --world sockets --json");
    ASSERT_EQ(ended.code, 0) << query << ": " << ended.output;
    const auto json = nlohmann::json::parse(ended.output);
    expect_as_the_formula(json["simgrid"]);
    expect_as_the_formula(json["sockets"]);
  }
  const Ended ended =
      program("mpc private_retrieval --size 500 --bytes 40 --rtt '2 ms' --world sockets --json");
  ASSERT_EQ(ended.code, 0) << ended.output;
  const auto json = nlohmann::json::parse(ended.output);
  expect_as_the_formula(json["simgrid"]);
  expect_as_the_formula(json["sockets"]);
}

TEST(MpcCommand, ListsPrivateQueriesBesideProtocols) {
  const Ended ended = program("list protocols");
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.output, testing::HasSubstr("must not collude"));
  EXPECT_THAT(ended.output, testing::HasSubstr("replicated3"));
}

TEST(MpcCommand, LetsClientsOwnWhatIsAddedUp) {
  const Ended ended = program("mpc secure_aggregation mean --clients 5 --size 2 --bits 10 --json");
  ASSERT_EQ(ended.code, 0) << ended.output;
  expect_as_the_formula(nlohmann::json::parse(ended.output)["simgrid"]);
}

TEST(MpcCommand, ShowsTheDealersBytesOffline) {
  const Ended ended = program("mpc spdz argmin --size 3 --bits 12 --rtt '2 ms' --json");
  ASSERT_EQ(ended.code, 0) << ended.output;
  const auto world = nlohmann::json::parse(ended.output)["simgrid"];
  const auto& dealer = world["seats"].back();
  EXPECT_GT(dealer["offline_bytes"].get<double>(), 0);
  // It owns numbers, too, which it enters online: three of two elements.
  EXPECT_EQ(dealer["offline_bytes"].get<int>() + 3 * 16, dealer["sent_bytes"].get<int>());
  EXPECT_NEAR(world["offline_s"].get<double>(), 0.001, 0.0005);  // keys; the rest waits for nothing
}

TEST(MpcCommand, TellsWhatIsWrongAndWhatWouldBeRight) {
  const auto refused = [](const std::string& arguments, const std::string& message) {
    const Ended ended = program("mpc " + arguments);
    EXPECT_EQ(ended.code, 2) << ended.output;
    EXPECT_THAT(ended.output, testing::HasSubstr(message));
  };
  refused("replicated sum", "did you mean 'replicated3'?");
  refused("replicated3 summ", "did you mean 'sum'?");
  refused("replicated3 sum --parties 4", "wants 3 to 3 parties, not 4");
  refused("secure_aggregation argmin --clients 3", "can only add up");
  refused("replicated3 sum --bits 62", "give fewer bits");
  refused("replicated3 sum --rtt 20", "--rtt 20");
  refused("replicated3", "name one of `evenkeel list functions`");
  refused("psi_summ", "did you mean 'psi_sum'?");
  refused("psi_sum mean", "computes no function");
  refused("psi_sum --size 3 --common 4", "--common 4");
  refused("psi_sum --clients 2", "2 parties and 0 clients");
}

}  // namespace
}  // namespace evenkeel::test
