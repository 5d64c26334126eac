// What a session does when the network or a seat misbehaves.
#include "models/mpc/session.h"

#include "tests/mpc/table.h"

namespace evenkeel::test {
namespace {

Task<Values> open_product(Protocol& p, const Sample& sample) {
  const std::vector<Secrets> a = co_await p.inputs(sample.owners, sample.a, sample.count);
  const Secrets square = co_await p.multiply(a[0], a[0]);
  Values opened = co_await p.open(square);
  co_return opened;
}

const Sample numbers{.a = {1, -2, 3}, .count = 3, .owners = {0}};
const Values squares{1, 4, 9};

TEST(Session, TakesCopiesAndDisorderAsTheNetworkGivesThem) {
  Table table{"replicated3", {.duplication = 0.5, .slowest = std::chrono::milliseconds{50}}};
  for (const Result<Values>& got : table.play(open_product, numbers)) {
    ASSERT_TRUE(got) << got.error().detail;
    EXPECT_EQ(*got, squares);
  }
}

TEST(Session, EndsWithATimeoutThatNamesTheSilentSeatAndTheStep) {
  Table table{"replicated3", {}};
  std::uint32_t seen = 0;
  table.world.loses = [&seen](const Message& message) {
    return message.from == NodeId{2} && ++seen == 2;  // its share of the product
  };
  const auto got = table.play(open_product, numbers);
  ASSERT_FALSE(got[1]);
  EXPECT_EQ(got[1].error().code, ErrorCode::timeout);
  EXPECT_EQ(got[1].error().detail, "seat 2 did not send what 'multiply' waits for within 1 s");
}

TEST(Session, NeverHangsWhicheverMessageIsLost) {
  for (std::uint32_t lost = 0; lost < 10; ++lost) {
    Table table{"replicated3", {}};
    std::uint32_t seen = 0;
    table.world.loses = [&seen, lost](const Message&) { return seen++ == lost; };
    const auto got = table.play(open_product, numbers);
    EXPECT_TRUE(std::ranges::any_of(got, [](const auto& one) { return !one; })) << lost;
    for (const Result<Values>& one : got) {
      if (one) {
        EXPECT_EQ(*one, squares);
      } else {
        EXPECT_EQ(one.error().code, ErrorCode::timeout) << one.error().detail;
      }
    }
  }
}

TEST(Session, RefusesWhatHasAnotherLength) {
  Table table{"replicated3", {}};
  table.world.changes = [](Message& message) {
    if (message.from == NodeId{1} && message.payload.bytes.size() == Session::header_bytes + 24)
      message.payload.bytes.resize(Session::header_bytes + 23);
  };
  const auto got = table.play(open_product, numbers);
  ASSERT_FALSE(got[0]);
  EXPECT_EQ(got[0].error().code, ErrorCode::malformed);
  EXPECT_EQ(got[0].error().detail,
            "seat 1 sent something else than the 24 bytes that 'multiply' wants");
}

TEST(Session, CountsRoundsAsDependenciesNotAsMessages) {
  Table table{"replicated3", {}};
  table.play(open_product, numbers);
  EXPECT_EQ(table.rounds(), 4U);  // keys, input, product, opening
  for (const Spent& spent : table.spent) EXPECT_LE(spent.messages, 4U);
}

}  // namespace
}  // namespace evenkeel::test
