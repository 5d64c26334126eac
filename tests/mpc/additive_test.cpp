// What of `additive` the contract of protocols does not reach: its setting, its dealer, and what
// its messages give away.
#include "models/mpc/tools/grouped_bits.h"
#include "tests/mpc/given.h"

namespace evenkeel::test {
namespace {

Task<Values> product_and_order(Protocol& p, const Sample& sample) {
  const Values& mine = p.session().self() == 0 ? sample.a : sample.b;
  const std::vector<Secrets> entered = co_await p.inputs(sample.owners, mine, sample.count);
  const Secrets product = co_await p.multiply(entered[0], entered[1]);
  const Secrets is_less = co_await p.less(entered[0], entered[1], sample.bits);
  const std::vector<Secrets> parts{product, is_less};
  const Secrets both = p.joined(parts);
  Values opened = co_await p.open(both);
  co_return opened;
}

Sample numbers(std::size_t count, int bits) {
  return {.a = some_numbers(count, bits - 1, 1),
          .b = some_numbers(count, bits - 1, 2),
          .count = count,
          .bits = bits,
          .owners = {0, 1}};
}

Values right_for(const Sample& sample) {
  Values right(2 * sample.count);
  for (std::size_t i = 0; i < sample.count; ++i) {
    right[i] =
        static_cast<std::int64_t>(static_cast<Word>(sample.a[i]) * static_cast<Word>(sample.b[i]));
    right[sample.count + i] = sample.a[i] < sample.b[i] ? 1 : 0;
  }
  return right;
}

TEST(Additive, ComputesTheSameThroughAKingInTwiceTheRoundsAndFewerBytes) {
  const Sample sample = numbers(70, 40);
  Table direct{"additive", {.parties = 5}};
  Table king{protocol_with("additive", {{"openings", "king"}}), {.parties = 5}};
  for (Table* table : {&direct, &king})
    for (const auto& got : table->play(product_and_order, sample)) {
      ASSERT_TRUE(got) << got.error().detail;
      EXPECT_EQ(*got, right_for(sample));
    }
  // product 1; mask 1, tree of 10 groups 4, bit 1; opening 1; before them the keys
  EXPECT_EQ(direct.rounds(), 1U + 8);
  EXPECT_EQ(king.rounds(), 1U + 2 * 8);
  EXPECT_LT(king.spent[1].sent_bytes, direct.spent[1].sent_bytes / 2);
  EXPECT_GT(king.spent[0].sent_bytes, 2 * king.spent[1].sent_bytes);
}

TEST(Additive, ComparesNumbersOfAllItsBits) {
  Sample sample = numbers(64, 63);
  sample.a[0] = (std::int64_t{1} << 62) - 1;
  sample.b[0] = -(std::int64_t{1} << 62);
  sample.a[1] = sample.b[0];
  sample.b[1] = sample.a[0];
  Table table{"additive", {}};
  for (const auto& got : table.play(product_and_order, sample)) {
    ASSERT_TRUE(got) << got.error().detail;
    EXPECT_EQ(*got, right_for(sample));
  }
}

Task<Values> bytes_of(Protocol& p, const Sample& sample) {
  Values values;
  for (const std::uint64_t bytes : p.cost(sample.operation).sent_bytes)
    values.push_back(static_cast<std::int64_t>(bytes));
  co_return values;
}

TEST(Additive, SpendsTheBytesThatItsHeaderStatesForSixtyFourComparisonsOfSixtyFourBits) {
  struct Row {
    const char* protocol;
    std::int64_t each;
    std::int64_t dealer;
  };
  const Sample sample{
      .operation = {.kind = SecureOperation::Kind::compare, .count = 64, .bits = 63}};
  for (const Row& row :
       {Row{"additive", 64 * (64 + 53) / 8, 8 * (64 + 15 * 11 + 4 + 26 + 64)},
        Row{"additive_fss", 64 * 8, 64 * (2 * (63 * 24 + 8) + 8) + 2 * 63 * 64 / 4},
        Row{"spdz2k", 64 * (128 + 53) / 8, 8 * (41 * (64 + 169 + 1) + 121 * 26) + 64 * 64}}) {
    Table table{row.protocol, {}};
    const auto got = table.play(bytes_of, sample);
    EXPECT_EQ(*got[0], (Values{row.each, row.each, row.dealer})) << row.protocol;
  }
}

TEST(Additive, LetsTheDealerEnterNumbersToo) {
  Sample sample = numbers(9, 20);
  sample.owners = {0, 2};
  Table table{"additive", {}};
  for (const auto& got : table.play(product_and_order, sample)) {
    ASSERT_TRUE(got) << got.error().detail;
    EXPECT_EQ(*got, right_for(sample));
  }
}

TEST(Additive, SendsNoBitThatTheMaskDoesNotCover) {
  const Sample sample = numbers(100, 5);
  Table table{"additive", {}};
  std::size_t seen = 0;
  table.world.changes = [&](Message& message) {
    const Bytes& bytes = message.payload.bytes;
    if (message.from == NodeId{2} || bytes.size() != Session::header_bytes + sample.count) return;
    ++seen;
    for (std::size_t i = Session::header_bytes; i < bytes.size(); ++i)
      EXPECT_LT(std::to_integer<int>(bytes[i]), 1 << 6);
  };
  table.play(product_and_order, sample);
  EXPECT_EQ(seen, 2U);
}

TEST(Additive, ShowsTheDealerOtherSharesThanThoseThatItsTriplesMasked) {
  const Sample sample = numbers(100, 30);
  Table table{"additive", {}};
  std::map<std::pair<NodeId, NodeId>, Bytes> last;  // by sender and receiver
  table.world.changes = [&](Message& message) {
    last[{message.from, message.to}] = message.payload.bytes;
  };
  table.play(product_and_order, sample);
  const std::size_t length = Session::header_bytes + 16 * sample.count;
  for (const std::uint32_t from : {0U, 1U}) {
    const Bytes& told = last[{NodeId{from}, NodeId{2}}];
    const Bytes& among = last[{NodeId{from}, NodeId{1 - from}}];
    ASSERT_EQ(told.size(), length);
    ASSERT_EQ(among.size(), length);
    std::size_t alike = 0;
    for (std::size_t i = Session::header_bytes; i < length; i += 8)
      alike += std::memcmp(told.data() + i, among.data() + i, 8) == 0 ? 1 : 0;
    EXPECT_EQ(alike, 0U);
  }
}

TEST(GroupedBits, TellWhatEachGroupDoesToABorrow) {
  Random random{3};
  for (const std::size_t places : {1U, 3U, 4U, 7U, 63U}) {
    Words known = {};
    Words secret = {};
    for (std::size_t i = 0; i < places; ++i) {
      known.push_back(random());
      secret.push_back(random());
    }
    const Words products = products_in_groups(secret, places, 1);
    EXPECT_EQ(products.size(), group_products(places));
    const Borrows borrows = borrows_of(known, secret, products, places, 1, ~Word{0});
    for (std::size_t g = 0; g < groups_of(places); ++g)
      for (std::size_t bit = 0; bit < 64; ++bit) {
        unsigned z = 0;
        unsigned r = 0;
        for (std::size_t j = 4 * g; j < std::min(places, 4 * g + 4); ++j) {
          z |= static_cast<unsigned>(known[j] >> bit & 1) << (j - 4 * g);
          r |= static_cast<unsigned>(secret[j] >> bit & 1) << (j - 4 * g);
        }
        EXPECT_EQ(borrows.generate[g] >> bit & 1, z < r ? 1U : 0U);
        EXPECT_EQ(borrows.propagate[g] >> bit & 1, z == r ? 1U : 0U);
      }
  }
}

}  // namespace
}  // namespace evenkeel::test
