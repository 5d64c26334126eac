// The baselines: what the enclave hides and notices, and that plaintext hides nothing.
#include <cstring>

#include "tests/mpc/table.h"

namespace evenkeel::test {
namespace {

constexpr std::int64_t secret = 0x12345678;

Task<Values> open_square(Protocol& p, const Sample& sample) {
  const std::vector<Secrets> entered = co_await p.inputs(sample.owners, sample.a, sample.count);
  const Secrets square = co_await p.multiply(entered[0], entered[0]);
  Values opened = co_await p.open(square);
  co_return opened;
}

const Sample from_the_other{.a = {secret, -2}, .count = 2, .owners = {1}};

// Whether its 8 bytes travel.
bool shows(const std::string& protocol, std::int64_t number) {
  Table table{protocol, {.parties = 2}};
  bool found = false;
  table.world.changes = [&](Message& message) {
    const auto& bytes = message.payload.bytes;
    for (std::size_t i = 0; i + 8 <= bytes.size(); ++i)
      found |= std::memcmp(bytes.data() + i, &number, 8) == 0;
  };
  for (const Result<Values>& got : table.play(open_square, from_the_other)) EXPECT_TRUE(got);
  return found;
}

TEST(Plaintext, SendsTheNumbersThemselves) { EXPECT_TRUE(shows("plaintext", secret)); }

TEST(Enclave, SealsWhatGoesInAndOut) {
  EXPECT_FALSE(shows("enclave", secret));
  EXPECT_FALSE(shows("enclave", secret * secret));
}

// The errors after message number `number` from that seat lost a bit at that place.
std::vector<Result<Values>> after_change(Seat from, std::uint32_t number, std::size_t place) {
  Table table{"enclave", {.parties = 2}};
  table.world.changes = [=](Message& message) {
    std::uint32_t its_number = 0;
    std::memcpy(&its_number, message.payload.bytes.data() + 8, sizeof its_number);
    if (message.from == NodeId{from} && its_number == number)
      message.payload.bytes[Session::header_bytes + place] ^= std::byte{1};
  };
  return table.play(open_square, from_the_other);
}

TEST(Enclave, NoticesWhatWasChangedOnTheWay) {
  const auto inwards = after_change(1, 1, 3);
  ASSERT_FALSE(inwards[0]);
  EXPECT_EQ(inwards[0].error().code, ErrorCode::cheating);
  EXPECT_EQ(inwards[0].error().detail, "what came from seat 1 was changed");
  const auto outwards = after_change(0, 1, 3);
  ASSERT_FALSE(outwards[1]);
  EXPECT_EQ(outwards[1].error().detail, "what came from seat 0 was changed");
}

TEST(Enclave, TrustsNoQuoteOfOtherCodeOrForAnotherChallenge) {
  // Of the quote: the measurement, the key, the answer, the signature; and the challenge it
  // answers.
  const std::vector<std::size_t> places{112, 368, 400, 436};
  for (const std::size_t place : places) {
    const auto got = after_change(0, 0, place);
    ASSERT_FALSE(got[1]) << place;
    EXPECT_EQ(got[1].error().code, ErrorCode::cheating);
    EXPECT_EQ(got[1].error().detail, "the quote of seat 0 does not prove an enclave");
  }
  const auto challenged_otherwise = after_change(1, 0, 0);
  ASSERT_FALSE(challenged_otherwise[1]);
  EXPECT_EQ(challenged_otherwise[1].error().code, ErrorCode::cheating);
}

TEST(Baselines, SayWhomTheyTrust) {
  EXPECT_TRUE(protocol_named("enclave").promises.is_modelled);
  EXPECT_EQ(protocol_named("enclave").promises.trusted,
            "the hardware vendor, and no side channels");
  EXPECT_EQ(protocol_named("plaintext").promises.adversary, Adversary::none);
}

}  // namespace
}  // namespace evenkeel::test
