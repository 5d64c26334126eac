// What two parties without a dealer do by oblivious transfer, beyond what every protocol must.
#include <limits>

#include "models/mpc/tools/bit_matrix.h"
#include "models/mpc/tools/oblivious_product.h"
#include "tests/mpc/table.h"

namespace evenkeel::test {
namespace {

// Shares of the products of the sender's a and the receiver's b, without a protocol around them.
Task<Values> multiply_factors(Protocol& p, const Sample& sample) {
  Words shares;
  if (p.session().self() == 0) {
    TransferSender transfers{p.session(), 1};
    co_await transfers.set_up();
    const Words factors = ring64().encoded(sample.a);
    shares = co_await products_by_sender(p.session(), 1, transfers, factors);
  } else if (p.session().self() == 1) {
    TransferReceiver transfers{p.session(), 0};
    co_await transfers.set_up();
    const Words factors = ring64().encoded(sample.b);
    shares = co_await products_by_receiver(p.session(), 0, transfers, factors);
  }
  co_return Values(shares.begin(), shares.end());
}

TEST(ObliviousProduct, IsSharedForAllFactors) {
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
  Values a{0, 1, -1, least, -1, 3, least, 0x123456789abcdef, 1};
  Values b{5, -1, -1, -1, least, -7, least, 0x0fedcba98765432, 1};
  for (const std::size_t count : {std::size_t{1}, a.size()}) {  // halves of words left over
    const Sample sample{.a = {a.begin(), a.begin() + static_cast<std::ptrdiff_t>(count)},
                        .b = {b.begin(), b.begin() + static_cast<std::ptrdiff_t>(count)}};
    Table table{"replicated3", {}};
    const auto got = table.play(multiply_factors, sample);
    ASSERT_TRUE(got[0] && got[1]);
    for (std::size_t i = 0; i < count; ++i) {
      const Word sum = static_cast<Word>((*got[0])[i]) + static_cast<Word>((*got[1])[i]);
      EXPECT_EQ(sum, static_cast<Word>(a[i]) * static_cast<Word>(b[i])) << i;
      EXPECT_NE((*got[0])[i], 0) << i;
    }
  }
}

TEST(BitMatrix, RunsOfPlanesHaveNoGaps) {
  for (const std::size_t count : {1U, 3U, 63U, 64U, 65U, 127U, 130U})
    for (const std::size_t planes : {1U, 2U, 7U, 64U}) {
      Prg prg{PrgKey{std::byte{7}}};
      const std::size_t lanes = lanes_of(count);
      const Words sliced = prg.words(planes * lanes);
      const Words run = run_of(sliced, count);
      ASSERT_EQ(run.size(), lanes_of(planes * count));
      const Words back = planes_of_run(run, planes, count);
      ASSERT_EQ(back.size(), sliced.size());
      const auto bit = [](const Words& words, std::size_t i) {
        return words[i / 64] >> (i % 64) & 1;
      };
      for (std::size_t j = 0; j < planes; ++j)
        for (std::size_t i = 0; i < 64 * lanes; ++i) {
          const Word right = i < count ? bit(sliced, 64 * lanes * j + i) : 0;
          ASSERT_EQ(bit(back, 64 * lanes * j + i), right);
          if (i < count) {
            ASSERT_EQ(bit(run, j * count + i), right);
          }
        }
      for (std::size_t i = planes * count; i < 64 * run.size(); ++i) ASSERT_EQ(bit(run, i), 0U);
    }
}

class TwoParties : public testing::TestWithParam<std::string> {};

Task<Values> open_less(Protocol& p, const Sample& sample) {
  const Values& mine = p.session().self() == 0 ? sample.a : sample.b;
  const std::vector<Secrets> entered = co_await p.inputs(sample.owners, mine, sample.count);
  const Secrets first = co_await p.less(entered[0], entered[1], sample.bits);
  const Secrets again = co_await p.less(entered[1], entered[0], sample.bits);
  const std::vector<Secrets> parts{first, again};
  const Secrets both = p.joined(parts);
  Values opened = co_await p.open(both);
  co_return opened;
}

TEST_P(TwoParties, CompareTheLargestNumbersOneAfterTheOther) {
  constexpr std::int64_t most = (std::int64_t{1} << 62) - 1;
  const Sample sample{.a = {most, -most, 0, most, -1, 0, 7},
                      .b = {-most, most, 0, most, 0, -1, 8},
                      .count = 7,
                      .bits = 63,
                      .owners = {0, 1}};
  Table table{GetParam(), {.parties = 2}};
  for (const Result<Values>& got : table.play(open_less, sample)) {
    ASSERT_TRUE(got) << got.error().detail;
    EXPECT_EQ(*got, (Values{0, 1, 0, 0, 1, 0, 1, 1, 0, 0, 0, 0, 1, 0}));
  }
}

Task<Values> ask_for_cost(Protocol& p, const Sample& sample) {
  const Cost cost = p.cost(sample.operation);
  co_return Values{static_cast<std::int64_t>(cost.sent_bytes[0]),
                   static_cast<std::int64_t>(cost.sent_bytes[1]), cost.rounds};
}

TEST_P(TwoParties, SendWhatTheirFilesSay) {
  const auto cost_of = [](const SecureOperation& operation) {
    const Sample sample{.operation = operation};
    Table table{GetParam(), {.parties = 2}};
    return *table.play(ask_for_cost, sample)[0];
  };
  using Kind = SecureOperation::Kind;
  EXPECT_EQ(cost_of({.kind = Kind::set_up}), (Values{32, 4112, 2}));
  EXPECT_EQ(cost_of({.kind = Kind::multiply, .count = 10}), (Values{20'480, 5200, 2}));
  EXPECT_EQ(cost_of({.kind = Kind::dot, .count = 10, .length = 3}), (Values{61'440, 15'600, 2}));
  const Values comparing = cost_of({.kind = Kind::compare, .count = 64});
  if (GetParam() == "yao") {
    EXPECT_EQ(comparing, (Values{64 * 1024, 64 * 2024, 2}));
  } else {  // 63 + 2 * 118 + 1 transfers each; 2 * 118 + 1 words; 63 words, and one each
    EXPECT_EQ(comparing, (Values{64 * 4800 + 1896, 1896 + 504 + 512, 9}));
  }
}

std::string protocol_of(const testing::TestParamInfo<std::string>& one) { return one.param; }

INSTANTIATE_TEST_SUITE_P(All, TwoParties, testing::Values("yao", "gmw"), protocol_of);

}  // namespace
}  // namespace evenkeel::test
