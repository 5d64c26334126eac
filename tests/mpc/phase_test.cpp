// What is counted of which phase.
#include "tests/mpc/table.h"

namespace evenkeel::test {
namespace {

// 16 bytes offline each way, then 5 online, and a second's wait in each phase.
Task<Values> in_phases(Protocol& p, const Sample&) {
  Session& session = p.session();
  const Seat other = 1 - session.self();
  const Spent before = session.spent();
  const std::array<std::byte, 16> key{};
  std::array<std::byte, 16> other_key{};
  {
    const OfflinePhase offline{session};
    const OfflinePhase within{session};
    session.charge(7);
    session.send_bytes(other, key);
    co_await session.receive_bytes(other, other_key);
    co_await session.node().sleep(seconds(1));
  }
  session.charge(2);
  session.send_bytes(other, std::span{key}.first(5));
  co_await session.receive_bytes(other, std::span{other_key}.first(5));
  co_await session.node().sleep(seconds(1));
  const Spent& after = session.spent();
  const Duration offline_time = after.offline_time - before.offline_time;
  co_return Values{static_cast<std::int64_t>(after.sent_bytes - before.sent_bytes),
                   static_cast<std::int64_t>(after.offline_bytes - before.offline_bytes),
                   static_cast<std::int64_t>(after.offline_messages - before.offline_messages),
                   static_cast<std::int64_t>(after.offline_work_ns - before.offline_work_ns),
                   after.rounds - before.rounds,
                   after.offline_rounds - before.offline_rounds,
                   after.online_rounds - before.online_rounds,
                   offline_time >= seconds(1) && offline_time < seconds(2)};
}

TEST(Phases, AreCountedApartAndOneInsideAnotherOnce) {
  Table table{"plaintext", {.parties = 2, .patience = seconds(10)}};
  for (const Result<Values>& got : table.play(in_phases, {})) {
    ASSERT_TRUE(got) << got.error().detail;
    EXPECT_EQ(*got, (Values{21, 16, 1, 7, 2, 1, 1, 1}));
  }
}

// Seat 0 sends a message of each phase before it waits for anything.
Task<Values> at_once(Protocol& p, const Sample&) {
  Session& session = p.session();
  std::array<std::byte, 1> byte{};
  if (session.self() == 0) {
    const OfflinePhase offline{session};
    session.send_bytes(1, byte);
  }
  if (session.self() == 0) {
    session.send_bytes(1, byte);
  } else {
    co_await session.receive_bytes(0, byte);
    co_await session.receive_bytes(0, byte);
  }
  const Spent& spent = session.spent();
  co_return Values{spent.rounds, spent.offline_rounds, spent.online_rounds};
}

TEST(Phases, HaveRoundsOfTheirOwnWhereNeitherWaitsForTheOther) {
  Table table{"plaintext", {.parties = 2}};
  const auto got = table.play(at_once, {});
  ASSERT_TRUE(got[1]) << got[1].error().detail;
  EXPECT_EQ(*got[1], (Values{1, 1, 1}));
}

TEST(Phases, OfADealerAreAllOffline) {
  const Sample sample{
      .a = {3, 4}, .b = {5, 6}, .count = 2, .operation = {.kind = SecureOperation::Kind::multiply}};
  Table table{"spdz", {.parties = 3}};
  for (const auto& got : table.play(
           [](Protocol&p, const Sample&given) -> Task<Values> {
             const std::vector<Seat> owners{0, 1};
             const Values& mine = p.session().self() == 0 ? given.a : given.b;
             const std::vector<Secrets> entered = co_await p.inputs(owners, mine, given.count);
             const Secrets product = co_await p.multiply(entered[0], entered[1]);
             Values opened = co_await p.open(product);
             co_return opened;
           },
           sample))
    ASSERT_TRUE(got) << got.error().detail;
  EXPECT_GT(table.spent[2].sent_bytes, 0U);
  EXPECT_EQ(table.spent[2].offline_bytes, table.spent[2].sent_bytes);
  for (const Seat seat : {0U, 1U}) EXPECT_EQ(table.spent[seat].offline_bytes, 0U) << seat;
}

}  // namespace
}  // namespace evenkeel::test
