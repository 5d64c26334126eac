// What parties make among themselves by oblivious transfer, without a dealer.
#include "models/mpc/tools/transfer_preprocessing.h"

#include "tests/mpc/given.h"

namespace evenkeel::test {
namespace {

Task<Values> uniform_numbers(Protocol& p, const Sample& sample) {
  AuthenticatedSeat seat{p.session(), p.session().parties(), Openings::direct, p.domain()};
  TransferPreprocessing making{seat};
  co_await making.set_up();
  const Words shares = co_await making.uniform(sample.count);
  const Words opened = co_await seat.numbers().open(shares);
  co_await seat.prove();
  co_return Values(opened.begin(), opened.end());
}

Task<Values> known_numbers(Protocol& p, const Sample& sample) {
  AuthenticatedSeat seat{p.session(), p.session().parties(), Openings::direct, p.domain()};
  TransferPreprocessing making{seat};
  co_await making.set_up();
  for (Seat owner = 0; owner < 2; ++owner) {
    const KnownMask mask = co_await making.known_to(owner, sample.count);
  }
  co_return Values{};
}

TEST(TransferPreprocessing, MakesKnown) {
  Table table{protocol_with("spdz", {{"offline", std::string{"transfers"}}}), {.parties = 2}};
  const auto got = table.play(known_numbers, {.count = 5});
  for (const auto& one : got) {
    EXPECT_TRUE(one) << one.error().detail;
  }
}

TEST(TransferPreprocessing, MakesUniformNumbersThatAllOpenAlike) {
  for (const char* name : {"spdz", "spdz2k"}) {
    Table table{protocol_with(name, {{"offline", std::string{"transfers"}}}), {.parties = 2}};
    const auto got = table.play(uniform_numbers, {.count = 5});
    for (const auto& one : got) ASSERT_TRUE(one) << one.error().detail;
    EXPECT_EQ(*got[0], *got[1]);
  }
}

}  // namespace
}  // namespace evenkeel::test
