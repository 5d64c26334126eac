// What the contract of all protocols does not ask: even and larger numbers of parties, the costs
// that were published, and that nothing travels unmasked.
#include <cstring>

#include "models/mpc/tools/field61.h"
#include "models/mpc/tools/prime_comparison.h"
#include "tests/mpc/table.h"

namespace evenkeel::test {
namespace {

Task<Values> open_products_and_comparisons(Protocol& p, const Sample& sample) {
  const Values& mine = p.session().self() == 0 ? sample.a : sample.b;
  const std::vector<Secrets> entered = co_await p.inputs(sample.owners, mine, sample.count);
  if (!p.session().is_party()) co_return Values{};
  const Secrets product = co_await p.multiply(entered[0], entered[1]);
  const Secrets is_less = co_await p.less(entered[0], entered[1]);
  const std::vector<Secrets> parts{product, is_less};
  const Secrets all = p.joined(parts);
  Values opened = co_await p.open(all);
  co_return opened;
}

class ShamirOf : public testing::TestWithParam<std::uint32_t> {};

TEST_P(ShamirOf, MultipliesAndCompares) {
  const Sample sample{.a = some_numbers(7, 28, 1),
                      .b = some_numbers(7, 28, 2),
                      .count = 7,
                      .owners = {0, GetParam()}};  // a party and a client
  Values right;
  for (std::size_t i = 0; i < 7; ++i) right.push_back(sample.a[i] * sample.b[i]);
  for (std::size_t i = 0; i < 7; ++i) right.push_back(sample.a[i] < sample.b[i] ? 1 : 0);
  Table table{"shamir", {.parties = GetParam(), .clients = 1}};
  const auto got = table.play(open_products_and_comparisons, sample);
  for (Seat seat = 0; seat < GetParam(); ++seat) {
    ASSERT_TRUE(got[seat]) << got[seat].error().detail;
    EXPECT_EQ(*got[seat], right) << "seat " << seat;
  }
}

Task<Values> costs_and_formula(Protocol& p, const Sample& sample) {
  const Secrets secrets = p.constant(1, sample.count);
  Values values;
  std::uint64_t before = p.session().spent().sent_bytes;
  const auto paid = [&](SecureOperation::Kind kind) {
    const Cost cost = p.cost({.kind = kind, .count = sample.count});
    const std::uint64_t now = p.session().spent().sent_bytes;
    values.push_back(static_cast<std::int64_t>(now - before));
    values.push_back(static_cast<std::int64_t>(cost.sent_bytes[p.session().self()]));
    before = now;
  };
  const Secrets product = co_await p.multiply(secrets, secrets);
  paid(SecureOperation::Kind::multiply);
  const Secrets random = co_await p.random(sample.count);
  paid(SecureOperation::Kind::random);
  const Secrets is_less = co_await p.less(secrets, random);
  paid(SecureOperation::Kind::compare);
  co_return values;
}

TEST_P(ShamirOf, CostsWhatItsFormulaSays) {
  Table table{"shamir", {.parties = GetParam()}};
  const Sample sample{.count = 13};
  for (const Result<Values>& got : table.play(costs_and_formula, sample)) {
    ASSERT_TRUE(got) << got.error().detail;
    for (std::size_t i = 0; i < got->size(); i += 2) EXPECT_EQ((*got)[i], (*got)[i + 1]) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Parties, ShamirOf, testing::Values(4, 6, 8, 10, 11));

std::vector<std::int64_t> paid_by_each(std::uint32_t parties, std::size_t count, std::size_t what) {
  Table table{"shamir", {.parties = parties}};
  const Sample sample{.count = count};
  Values paid;
  for (const Result<Values>& got : table.play(costs_and_formula, sample))
    paid.push_back(got ? (*got)[what] : -1);
  return paid;
}

TEST(ShamirProtocol, ProductsCostWhatIsPublished) {
  EXPECT_EQ(paid_by_each(3, 1000, 0), Values(3, 8000));      // t elements a party
  EXPECT_EQ(paid_by_each(5, 1000, 0), Values(5, 1600 * 8));  // ATLAS: 4 t / n = 8/5 a party
  EXPECT_EQ(paid_by_each(7, 700, 0), Values(7, 1200 * 8));   // 12/7
}

TEST(ShamirProtocol, AComparisonOfThreeCosts238ElementsAParty) {
  EXPECT_EQ(paid_by_each(3, 10, 4), Values(3, 10 * 238 * 8));
}

TEST(ShamirProtocol, ComparesUpToTheEdgesOfTheField) {
  const std::int64_t most = (std::int64_t{1} << 59) - 1;
  const Sample sample{.a = {most, -most, most, -most, 0, 0, most},
                      .b = {-most, most, most, -most, 1, -1, most - 1},
                      .count = 7,
                      .owners = {0, 1}};
  Table table{"shamir", {}};
  const auto got = table.play(open_products_and_comparisons, sample);
  ASSERT_TRUE(got[0]) << got[0].error().detail;
  EXPECT_EQ(Values(got[0]->begin() + 7, got[0]->end()), (Values{0, 1, 0, 0, 1, 0, 0}));
}

TEST(ShamirProtocol, NothingTravelsUnmasked) {
  for (const std::uint32_t parties : {3U, 4U, 5U, 6U}) {
    Table table{"shamir", {.parties = parties}};
    std::vector<int> seen(8, 0);
    int words = 0;
    table.world.changes = [&](Message& message) {
      const Bytes& bytes = message.payload.bytes;
      for (std::size_t i = Session::header_bytes; i + 8 <= bytes.size() && bytes.size() > 500;
           i += 8) {
        Word word;
        std::memcpy(&word, bytes.data() + i, 8);
        ++seen[word >> 58];
        ++words;
      }
    };
    const Sample sample{
        .a = Values(2000, 0), .b = Values(2000, 0), .count = 2000, .owners = {0, 1}};
    const auto got = table.play(
        [](Protocol& p, const Sample& its) -> Task<Values> {
          const std::vector<Secrets> entered = co_await p.inputs(its.owners, its.a, its.count);
          const Secrets product = co_await p.multiply(entered[0], entered[1]);
          co_return Values{};
        },
        sample);
    ASSERT_TRUE(got[0]) << got[0].error().detail;
    ASSERT_GT(words, 2000);
    for (const int times : seen) EXPECT_NEAR(times, words / 8.0, 6 * std::sqrt(words / 8.0));
  }
}

TEST(PrimeComparison, TakesInverseRootsOfSquares) {
  for (const Word root : {Word{1}, Word{2}, Word{987654321}, field61::prime - 5}) {
    const Word square = field61::multiply(root, root);
    const Word inverse = inverse_root(square);
    EXPECT_EQ(field61::multiply(square, field61::multiply(inverse, inverse)), 1U);
  }
}

}  // namespace
}  // namespace evenkeel::test
