// Under every protocol: what parties enter and draw is secret, until they open it. Nothing may
// branch on it.
#include "tests/constant_time/secret.h"
#include "tests/mpc/recording.h"

namespace evenkeel::test {
namespace {

class ConstantTimeOf : public ConstantTime, public testing::WithParamInterface<std::string> {};

// A bit of everything, on what two owners enter; the first is a party, the second a client.
Task<Values> program(Protocol& p, const Sample& sample) {
  const bool is_first = p.session().self() == sample.owners[0];
  const Values mine = secret(is_first ? sample.a : sample.b);
  const std::vector<Secrets> entered = co_await p.inputs(sample.owners, mine, sample.count);
  Secrets result{sample.count, {}};
  Values opened;
  if (p.session().is_party()) {
    result = p.add(p.scale(entered[0], 3), p.constant(4, sample.count));
    if (sample.length > 0) {
      const Secrets product = co_await p.multiply(entered[0], entered[1]);
      const Secrets sum = co_await p.dot(entered[0], entered[1], sample.count);
      const std::vector<std::size_t> places(sample.count, 0);
      result = p.add(p.subtract(std::move(result), product), p.pick(sum, places));
    }
    if (sample.bits > 0) {
      const Secrets is_less = co_await p.less(entered[0], entered[1], sample.bits);
      const Secrets chosen = co_await p.select(is_less, entered[0], entered[1]);
      result = p.add(std::move(result), chosen);
    }
    const Secrets mask = co_await p.random(sample.count);
    const Secrets masked = p.add(std::move(result), mask);
    result = p.subtract(masked, mask);
    opened = co_await p.open(result);
  }
  const Values first = co_await p.reveal(sample.owners[0], result);
  const Values second = co_await p.reveal(sample.owners[1], result);
  if (is_first) opened = first;
  if (!p.session().is_party()) opened = second;
  co_return opened;
}

TEST_P(ConstantTimeOf, WhateverIsEnteredAndDrawn) {
  const ProtocolKind kind = kind_of_case(GetParam());
  const Guarantees& promises = kind.promises;
  const std::uint32_t parties = std::max(2U, promises.fewest_parties);
  const Sample sample{.a = {3, -70, 1000, 0, 5},
                      .b = {4, -71, 12, -2, 5},
                      .count = 5,
                      .length = promises.multiplies ? 1U : 0U,
                      .bits = promises.compares ? 12 : 0,
                      .owners = {0, parties}};
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < sample.count; ++i) sum += sample.a[i] * sample.b[i];
  Values right;
  for (std::size_t i = 0; i < sample.count; ++i) {
    right.push_back(3 * sample.a[i] + 4);
    if (sample.length > 0) right[i] += sum - sample.a[i] * sample.b[i];
    if (sample.bits > 0) right[i] += std::min(sample.a[i], sample.b[i]);
  }
  Table table{kind, {.parties = parties, .clients = 1}};
  for (std::uint32_t seat = 0; seat < table.world.size(); ++seat) {
    Random& random = table.world.node(seat).random();
    make_secret(&random, sizeof random);
  }
  for (const Result<Values>& got : table.play(program, sample)) {
    ASSERT_TRUE(got) << got.error().detail;
    EXPECT_EQ(*got, right);
  }
}

INSTANTIATE_TEST_SUITE_P(All, ConstantTimeOf, testing::ValuesIn(computing_cases()),
                         protocol_name_of);

}  // namespace
}  // namespace evenkeel::test
