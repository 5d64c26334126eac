// Under protocols that only add up: what clients enter, and whatever any seat draws, is secret
// until the total is told. Nothing may branch on it.
#include "tests/constant_time/secret.h"
#include "tests/mpc/given.h"

namespace evenkeel::test {
namespace {

struct Poll {
  std::string name;
  std::string protocol;
  Given::Values settings = {};
  Summands summands = {.count = 3, .bits = 6};
  std::vector<std::vector<Word>> numbers = {{1, 0, 63}, {5, 62, 7}, {9, 2, 30}};
};

void PrintTo(const Poll& poll, std::ostream* to) { *to << poll.name; }

const std::vector<Poll> polls{
    {"secure_aggregation", "secure_aggregation"},
    {"active_server", "secure_aggregation", {{"server", "active"}}},
    {"vectors", "prio3"},
    {"numbers", "prio3", {{"measure", "sum"}}, {.count = 1, .bits = 6}, {{1}, {63}, {0}}},
    {"counts", "prio3", {{"measure", "count"}}, {.count = 1, .bits = 1}, {{1}, {0}, {1}}},
    {"histograms",
     "prio3",
     {{"measure", "histogram"}},
     {.count = 3, .bits = 1},
     {{0, 0, 1}, {1, 0, 0}, {0, 0, 1}}}};

class ConstantTimeAdding : public ConstantTime, public testing::WithParamInterface<Poll> {};

TEST_P(ConstantTimeAdding, WhateverClientsEnterAndSeatsDraw) {
  const Poll& poll = GetParam();
  const ProtocolKind kind = protocol_with(poll.protocol, poll.settings);
  std::vector<Word> right(poll.summands.count, 0);
  std::vector<std::vector<Word>> numbers;
  for (const std::vector<Word>& own : poll.numbers) {
    for (std::size_t i = 0; i < own.size(); ++i) right[i] += own[i];
    numbers.push_back(secret(own));
  }
  Table table{kind, {.parties = kind.promises.fewest_parties, .clients = 3}};
  for (std::uint32_t seat = 0; seat < table.world.size(); ++seat) {
    Random& random = table.world.node(seat).random();
    make_secret(&random, sizeof random);
  }
  const auto got = table.aggregate(poll.summands, numbers);
  ASSERT_TRUE(got[0]) << got[0].error().detail;
  EXPECT_EQ(got[0]->values, right);
}

std::string poll_name_of(const testing::TestParamInfo<Poll>& one) { return one.param.name; }

INSTANTIATE_TEST_SUITE_P(All, ConstantTimeAdding, testing::ValuesIn(polls), poll_name_of);

}  // namespace
}  // namespace evenkeel::test
