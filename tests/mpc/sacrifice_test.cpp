// Checked products: what a check costs, and errors that a check modulo 2^64 would let pass.
#include "models/mpc/tools/sacrifice.h"

#include "tests/mpc/recording.h"

namespace evenkeel::test {
namespace {

const Sample numbers{.a = {3}, .b = {-7}, .count = 1, .bits = 20, .owners = {0, 1}};

Task<Values> open_product(Protocol& p, const Sample& sample) {
  const Values& mine = p.session().self() == 0 ? sample.a : sample.b;
  const std::vector<Secrets> entered = co_await p.inputs(sample.owners, mine, sample.count);
  const Secrets product = co_await p.multiply(entered[0], entered[1]);
  Values opened = co_await p.open(product);
  co_return opened;
}

// What the opening costs by formula, and what it costs: bytes and rounds.
Task<Values> pay_for_opening(Protocol& p, const Sample& sample) {
  const Secrets a = p.constant(5, sample.count * sample.length);
  if (sample.length > 0) const Secrets sums = co_await p.dot(a, a, sample.length);
  const Secrets b = p.constant(5, sample.count);
  if (sample.bits > 0) const Secrets is_less = co_await p.less(b, b, sample.bits);
  const Cost cost = p.cost({.kind = SecureOperation::Kind::open, .count = sample.count});
  const Spent before = p.session().spent();
  const Values opened = co_await p.open(b);
  const Spent& after = p.session().spent();
  co_return Values{static_cast<std::int64_t>(cost.sent_bytes[p.session().self()]),
                   static_cast<std::int64_t>(after.sent_bytes - before.sent_bytes), cost.rounds,
                   after.rounds - before.rounds};
}

Values opening_of(const Sample& sample) {
  Table table{"replicated3_malicious", {}};
  const auto got = table.play(pay_for_opening, sample);
  EVENKEEL_CHECK(got[0], "nobody disturbs it");
  return *got[0];
}

// Flips one bit of the summand of the product that a seat sends.
std::vector<Result<Values>> play_flipped(std::size_t bit, std::uint64_t seed) {
  Table table{"replicated3_malicious", {.seed = seed}};
  std::uint32_t sent = 0;
  table.world.changes = [&](Message& message) {
    if (message.from != NodeId{2} || ++sent != 2) return;  // after its key
    message.payload.bytes[Session::header_bytes + bit / 8] ^= std::byte{1} << (bit % 8);
  };
  return table.play(open_product, numbers);
}

TEST(Sacrifice, NoticesAnErrorInTheTopBitOfTheValueAlways) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed)
    for (const Seat honest : {0U, 1U}) {
      const auto got = play_flipped(63, seed);
      ASSERT_FALSE(got[honest]) << "opened " << (*got[honest])[0];
      EXPECT_EQ(got[honest].error().code, ErrorCode::cheating);
      EXPECT_NE(got[honest].error().detail.find("'check of products' does not come out"),
                std::string::npos);
    }
}

TEST(Sacrifice, NeverOpensAWrongValueForAnErrorAboveIt) {
  for (std::size_t bit = 64; bit < 104; ++bit) {
    const auto got = play_flipped(bit, bit);
    for (const Seat honest : {0U, 1U})
      EXPECT_EQ(got[honest] ? *got[honest] : Values{-21}, Values{-21});
  }
}

TEST(Sacrifice, CostsTwentySixBytesAProductWhenItIsOpened) {
  const Values one = opening_of({.count = 1, .length = 1, .bits = 0});
  const Values many = opening_of({.count = 1001, .length = 1, .bits = 0});
  EXPECT_EQ(one[1], 8 + 32 + 112 + 26);
  EXPECT_EQ(many[1] - one[1], 1000 * (8 + 26));
  EXPECT_EQ(one[3], 5);
}

TEST(Sacrifice, CostsWhatItsFormulaSays) {
  for (const Sample& sample :
       {Sample{.count = 5, .length = 12, .bits = 0}, Sample{.count = 70, .length = 0, .bits = 1},
        Sample{.count = 130, .length = 3, .bits = 58}}) {
    const Values paid = opening_of(sample);
    EXPECT_EQ(paid[0], paid[1]);
    EXPECT_EQ(paid[2], paid[3]);
  }
}

// After so many products that no more are kept: what one more costs by formula, and in truth.
Task<Values> pay_for_one_more(Protocol& p, const Sample& sample) {
  for (int i = 0; i < 2; ++i) {
    const Secrets many = p.constant(5, sample.count);
    const Secrets products = co_await p.multiply(many, many);
  }
  const Secrets one = p.constant(5, 1);
  const Cost cost = p.cost({.kind = SecureOperation::Kind::multiply, .count = 1});
  const Spent before = p.session().spent();
  const Secrets product = co_await p.multiply(one, one);
  const Spent after = p.session().spent();
  const Cost next = p.cost({.kind = SecureOperation::Kind::multiply, .count = 1});
  co_return Values{static_cast<std::int64_t>(cost.sent_bytes[p.session().self()]),
                   static_cast<std::int64_t>(after.sent_bytes - before.sent_bytes), cost.rounds,
                   after.rounds - before.rounds,
                   static_cast<std::int64_t>(next.sent_bytes[p.session().self()])};
}

TEST(Sacrifice, ChecksBeforeTheNextProductOnceItKeepsEnough) {
  constexpr std::size_t count = Sacrifice::most_pending_words / 12 / 2 + 1;  // 12 words a product
  Table table{"replicated3_malicious", {}};
  const auto got = table.play(pay_for_one_more, {.count = count});
  ASSERT_TRUE(got[0]) << got[0].error().detail;
  const Values& paid = *got[0];
  EXPECT_EQ(paid[0], 13 + 26 * 2 * static_cast<std::int64_t>(count) + 112);
  EXPECT_EQ(paid[1], paid[0]);
  EXPECT_EQ(paid[2], 5);
  EXPECT_EQ(paid[3], 5);
  EXPECT_EQ(paid[4], 13);
}

// ln of how many ways there are to choose k of n, from the gamma function.
double choices(double n, double k) {
  return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
}

TEST(Sacrifice, TakesAsManyTriplesAsTheChanceOfTwoToTheMinusFortyNeeds) {
  for (const std::size_t words : {1U, 2U, 10U, 243U, 3888U, 40'000U}) {
    const auto size = static_cast<double>(Sacrifice::bucket(words));
    const auto all = [&](double b) { return 64 * (b * static_cast<double>(words) + 1); };
    EXPECT_GE(choices(all(size), size), 40 * std::log(2));
    EXPECT_LT(choices(all(size - 1), size - 1), 40 * std::log(2)) << words;
  }
  EXPECT_EQ(Sacrifice::bucket(243), 3U);  // 64 comparisons of 63 bits
}

}  // namespace
}  // namespace evenkeel::test
