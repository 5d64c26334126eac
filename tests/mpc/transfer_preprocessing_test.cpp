// What parties make among themselves by oblivious transfer, without a dealer: that it is what it
// should be, and that whoever deviates is caught.
#include "models/mpc/tools/transfer_preprocessing.h"

#include <cstring>

#include "models/mpc/tools/bit_matrix.h"
#include "models/mpc/tools/buckets.h"
#include "models/mpc/tools/grouped_bits.h"
#include "models/mpc/tools/ring128.h"
#include "tests/mpc/given.h"
#include "tests/mpc/recording.h"

namespace evenkeel::test {
namespace {

// Transfers among all parties of a table whose protocol has nothing to do with them.
struct Making {
  explicit Making(Protocol& p)
      : domain(p.domain().width() == 1 ? field61_domain() : ring128()),
        seat(p.session(), p.session().parties(), Openings::direct, domain),
        transfers(p.session(), p.session().parties()),
        authentication(seat, transfers) {}
  Task<> set_up() {
    co_await transfers.set_up();
    authentication.set_keys();
  }
  Words random(std::size_t elements) {
    Words words = seat.own_stream().words(elements * domain.width());
    domain.from_random(words);
    return words;
  }

  const Domain& domain;
  AuthenticatedSeat seat;
  PairwiseTransfers transfers;
  Authentication authentication;
};

Values values_of(std::span<const Word> words) { return {words.begin(), words.end()}; }

// Its own transfers, for these tests.
constexpr const char* field_table = "spdz";
constexpr const char* ring_table = "spdz2k";

Table table_of(const char* protocol, std::uint32_t parties = 2, std::uint64_t seed = 1) {
  return Table{protocol_with(protocol, {{"offline", std::string{"transfers"}}}),
               {.parties = parties, .seed = seed}};
}

// The first message of this size that seat 1 sends to seat 0 is changed.
void change(Table& table, std::size_t size, std::function<void(std::span<std::byte>)> how,
            std::uint32_t from = 1, std::uint32_t to = 0) {
  table.world.changes = [=, is_done = false](Message& message) mutable {
    Bytes& bytes = message.payload.bytes;
    if (is_done || message.from != NodeId{from} || message.to != NodeId{to} ||
        bytes.size() != Session::header_bytes + size)
      return;
    is_done = true;
    how(std::span{bytes.data(), bytes.size()}.subspan(Session::header_bytes));
  };
}

void expect_caught(const Result<Values>& got, const std::string& why) {
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::cheating);
  EXPECT_THAT(got.error().detail, testing::HasSubstr(why));
}

void add_to(std::span<std::byte> words, std::size_t place, Word by) {
  Word word;
  std::memcpy(&word, words.data() + 8 * place, sizeof word);
  word += by;
  std::memcpy(words.data() + 8 * place, &word, sizeof word);
}

// Of the set-up.
// -----------------------------------------------------------------------------------------------

Task<Values> only_set_up(Protocol& p, const Sample&) {
  Making making{p};
  co_await making.set_up();
  co_return Values{};
}

TEST(CheckedBaseTransfers, CatchWhicheverMessageOfACheatIsChanged) {
  // A point, its proof, 128 points, challenges, responses, hashes: 4096 bytes come twice.
  for (const std::size_t size : {32U, 64U, 2048U, 4096U}) {
    Table table = table_of(field_table);
    std::size_t seen = 0;
    table.world.changes = [&](Message& message) {
      Bytes& bytes = message.payload.bytes;
      if (message.from == NodeId{1} && bytes.size() == Session::header_bytes + size && ++seen == 1)
        bytes[Session::header_bytes] ^= std::byte{2};
    };
    const auto got = table.play(only_set_up, {});
    ASSERT_FALSE(got[0]) << size;
    EXPECT_THAT(got[0].error().code, testing::AnyOf(ErrorCode::cheating, ErrorCode::malformed));
    EXPECT_THAT(got[0].error().detail, testing::HasSubstr("base transfers"));
  }
}

// Of products with keys.
// -----------------------------------------------------------------------------------------------

// This seat's numbers, its key, and its shares by owner.
Task<Values> products(Protocol& p, const Sample& sample) {
  Making making{p};
  co_await making.set_up();
  const Words numbers = making.random(sample.count);
  Words entered = numbers;
  Task<std::vector<Words>> multiplying =
      making.transfers.products(making.domain, {0, 1}, std::move(entered));
  const std::vector<Words> shares = co_await std::move(multiplying);
  Values all = values_of(numbers);
  for (const Words& part :
       {key_in(making.domain, making.transfers.delta()), shares[0], shares[1]}) {
    const Values values = values_of(part);
    all.insert(all.end(), values.begin(), values.end());
  }
  co_return all;
}

TEST(CorrelatedProducts, AreSharesOfNumbersTimesTheSumOfKeys) {
  constexpr std::size_t count = 7;
  for (const char* protocol : {field_table, ring_table}) {
    Table table = table_of(protocol);
    const auto got = table.play(products, {.count = count});
    const Domain& domain = std::string{protocol} == field_table ? field61_domain() : ring128();
    const std::size_t size = count * domain.width();
    const auto part = [&](std::size_t seat, std::size_t from, std::size_t words) {
      const auto start = got[seat]->begin() + static_cast<std::ptrdiff_t>(from);
      return Words(start, start + static_cast<std::ptrdiff_t>(words));
    };
    Words key = part(0, size, domain.width());
    domain.add(key, part(1, size, domain.width()));
    for (const std::size_t owner : {0U, 1U}) {
      Words right = part(owner, 0, size);
      domain.scale(right, key);
      const std::size_t at = size + domain.width() + owner * size;
      Words sum = part(0, at, size);
      domain.add(sum, part(1, at, size));
      EXPECT_EQ(sum, right) << protocol;
    }
  }
}

// Of rows.
// -----------------------------------------------------------------------------------------------

constexpr std::size_t row_words = 4;  // with one more, as long as no other message

// By seat, this one's delta, choices, t of the other and q of the other.
Task<Values> rows(Protocol& p, const Sample&) {
  Making making{p};
  co_await making.set_up();
  const Words choices = making.seat.own_stream().words(row_words);
  Words chosen = choices;
  Task<PairwiseTransfers::Rows> extending = making.transfers.rows(std::move(chosen));
  const PairwiseTransfers::Rows rows = co_await std::move(extending);
  const Seat other = 1 - p.session().self();
  const Block& delta = making.transfers.delta();
  Values all{static_cast<std::int64_t>(delta.low), static_cast<std::int64_t>(delta.high)};
  for (const Word word : choices) all.push_back(static_cast<std::int64_t>(word));
  for (const Blocks* blocks : {&rows.chosen[other], &rows.offered[other]})
    for (const Block& block : *blocks) {
      all.push_back(static_cast<std::int64_t>(block.low));
      all.push_back(static_cast<std::int64_t>(block.high));
    }
  co_return all;
}

// q = t ^ c delta, seat 0's q of what seat 1 chose.
void expect_correlated(const Values& sender, const Values& receiver) {
  constexpr std::size_t first = 2 + row_words;
  constexpr std::size_t count = 64 * row_words;
  for (std::size_t j = 0; j < count; ++j)
    for (const std::size_t half : {0U, 1U}) {
      const bool chosen = (receiver[2 + j / 64] >> (j % 64) & 1) != 0;
      const std::int64_t t = receiver[first + 2 * j + half];
      const std::int64_t q = sender[first + 2 * (count + j) + half];
      ASSERT_EQ(q, t ^ (chosen ? sender[half] : 0)) << j;
    }
}

TEST(CheckOfTransfers, CatchesWhoChoosesOtherwiseInAColumnWhereDeltaIsOne) {
  constexpr std::size_t words = row_words + 1;
  std::size_t caught = 0;
  for (std::size_t column = 0; column < 16; ++column) {
    Table table = table_of(field_table);
    // Of one column, a bit of the second word.
    change(table, 1024 * words,
           [&](std::span<std::byte> told) { told[8 * (8 * column * words + 1)] ^= std::byte{4}; });
    const auto got = table.play(rows, {});
    if (got[0]) {  // it made no difference
      ASSERT_TRUE(got[1]);
      EXPECT_EQ((*got[0])[8 * column / 64] >> (8 * column % 64) & 1, 0) << column;
      expect_correlated(*got[0], *got[1]);
    } else {
      expect_caught(got[0], "'check of transfers': seat 1 chose in several ways at once");
      ++caught;
    }
  }
  EXPECT_GE(caught, 3U);
  EXPECT_LE(caught, 13U);
}

TEST(PairwiseTransfers, CorrelateBothWays) {
  Table table = table_of(field_table);
  const auto got = table.play(rows, {});
  for (const auto& one : got) ASSERT_TRUE(one) << one.error().detail;
  expect_correlated(*got[0], *got[1]);
  expect_correlated(*got[1], *got[0]);
}

// Of triples.
// -----------------------------------------------------------------------------------------------

// x, y and their products in the open, proven.
Task<Values> number_triples(Protocol& p, const Sample& sample) {
  Making making{p};
  co_await making.set_up();
  NumberTriples triples{making.authentication};
  const Triples made = co_await triples.make(sample.count);
  const Words all = making.seat.numbers().joined({&made.x, &made.y, &made.sums});
  const Words opened = co_await making.seat.numbers().open(all);
  co_await making.seat.prove();
  co_return values_of(opened);
}

void expect_products(const Domain& domain, const Result<Values>& got) {
  ASSERT_TRUE(got) << got.error().detail;
  const Words all{got->begin(), got->end()};
  const std::size_t size = all.size() / 3;
  const std::span<const Word> words{all};
  Words right(size, 0);
  domain.add_products(right, words.first(size), words.subspan(size, size));
  EXPECT_EQ(right, Words(all.end() - static_cast<std::ptrdiff_t>(size), all.end()));
  EXPECT_NE(right, Words(size, 0));
}

TEST(NumberTriples, AreProductsAmongTwoAndThreeInBothDomains) {
  for (const std::uint32_t parties : {2U, 3U}) {
    Table field = table_of(field_table, parties);
    for (const auto& got : field.play(number_triples, {.count = 3}))
      expect_products(field61_domain(), got);
    Table ring = table_of(ring_table, parties);
    for (const auto& got : ring.play(number_triples, {.count = 3})) expect_products(ring128(), got);
  }
}

// The shares of what everybody knows are authenticated, whatever it is.
Task<Values> sacrifice(Protocol& p, const Sample& sample) {
  Making making{p};
  co_await making.set_up();
  Authenticated& numbers = making.seat.numbers();
  const Words known = making.domain.encoded(sample.a);
  Words shares(2 * known.size(), 0);
  numbers.add_known(shares, known);
  NumberTriples triples{making.authentication};
  const Triples made = co_await triples.sacrificed(shares, 1);
  co_return Values{};
}

TEST(NumberTriples, SacrificeCatchesAWrongProductThatIsAuthenticated) {
  struct Row {
    Values entered;  // x, y, z, x', z', a mask
    bool is_right;
  };
  for (const Row& row : {Row{{3, 5, 15, 6, 30, 1}, true}, Row{{3, 5, 16, 6, 30, 1}, false},
                         Row{{3, 5, 15, 6, 31, 1}, false}, Row{{3, 4, 15, 6, 30, 1}, false},
                         Row{{3, 5, 16, 6, 31, 1}, false}})
    for (const char* protocol : {field_table, ring_table}) {
      Table table = table_of(protocol);
      for (const auto& got : table.play(sacrifice, {.a = row.entered})) {
        if (row.is_right) {
          EXPECT_TRUE(got) << got.error().detail;
        } else {
          expect_caught(got, "'check'");
        }
      }
    }
}

TEST(NumberTriples, CatchDifferencesThatAreWrong) {
  constexpr std::size_t count = 3;
  Table table = table_of(field_table);
  change(table, 8 * 256 * count, [](std::span<std::byte> told) {
    for (std::size_t t = 0; t < 256; ++t) add_to(told, t, 1);
  });
  for (const auto& got : table.play(number_triples, {.count = count}))
    expect_caught(got, "'check'");
}

TEST(Authentication, CatchesWhoTellsOneBitOfAKeyAnotherNumber) {
  constexpr std::size_t count = 3;
  constexpr std::size_t entered = 5 * count + 1;
  std::size_t caught = 0;
  for (std::size_t bit = 0; bit < 12; ++bit) {
    Table table = table_of(field_table);
    change(table, 8 * 61 * entered,
           [&](std::span<std::byte> told) { add_to(told, bit * entered, 1); });
    const auto got = table.play(number_triples, {.count = count});
    if (!got[0]) {
      expect_caught(got[0], "'check'");
      ++caught;
    } else {  // that bit is 0
      expect_products(field61_domain(), got[0]);
    }
  }
  EXPECT_GE(caught, 2U);
  EXPECT_LE(caught, 10U);
}

TEST(NumberTriples, RefuseMoreThanTheyMakeInReasonableTime) {
  Table table = table_of(field_table);
  const auto got = table.play(number_triples, {.count = NumberTriples::most_products + 1});
  ASSERT_FALSE(got[0]);
  EXPECT_EQ(got[0].error().code, ErrorCode::invalid);
  EXPECT_THAT(got[0].error().detail,
              testing::AllOf(testing::HasSubstr("20000"), testing::HasSubstr("offline: dealer"),
                             testing::HasSubstr("offline: modelled")));
}

Task<Values> bit_triples(Protocol& p, const Sample& sample) {
  Making making{p};
  co_await making.set_up();
  BitTriples triples{making.authentication};
  const Triples made = co_await triples.make(sample.count);
  const Words all = making.seat.bits().joined({&made.x, &made.y, &made.sums});
  const Words opened = co_await making.seat.bits().open(all);
  co_await making.seat.prove();
  co_return values_of(opened);
}

TEST(BitTriples, AreProductsAmongTwoAndThree) {
  for (const std::uint32_t parties : {2U, 3U}) {
    Table table = table_of(field_table, parties);
    for (const auto& got : table.play(bit_triples, {.count = 2})) {
      ASSERT_TRUE(got) << got.error().detail;
      for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ((*got)[i] & (*got)[2 + i], (*got)[4 + i]);
      EXPECT_NE((*got)[4], 0);
    }
  }
}

TEST(BitTriples, CatchWhoTellsAWrongFactor) {
  Table table = table_of(field_table);
  const std::size_t raw = 64 * bucket_size(64, 0);
  change(table, 8 * raw, [&](std::span<std::byte> told) {
    for (std::size_t j = 0; j < raw; ++j) told[8 * j] ^= std::byte{1};
  });
  for (const auto& got : table.play(bit_triples, {.count = 1})) expect_caught(got, "'check'");
}

// Of bits in both domains and masks.
// -----------------------------------------------------------------------------------------------

Task<Values> dual_bits(Protocol& p, const Sample& sample) {
  Making making{p};
  co_await making.set_up();
  NumberTriples triples{making.authentication};
  DualBits bits{making.authentication, triples};
  const BothDomains both = co_await bits.make(sample.count);
  const Words planes = co_await making.seat.bits().open(both.planes);
  const Words numbers = co_await making.seat.numbers().open(both.numbers);
  co_await making.seat.prove();
  Values all;
  for (std::size_t i = 0; i < sample.count; ++i) {
    all.push_back(static_cast<std::int64_t>(planes[i / 64] >> (i % 64) & 1));
    all.push_back(static_cast<std::int64_t>(numbers[i * making.domain.width()]));
  }
  co_return all;
}

TEST(DualBits, AreTheSameBitsInBothDomains) {
  for (const char* protocol : {field_table, ring_table})
    for (const std::uint32_t parties : {2U, 3U}) {
      Table table = table_of(protocol, parties);
      const auto got = table.play(dual_bits, {.count = 70});
      ASSERT_TRUE(got[0]) << got[0].error().detail;
      std::int64_t ones = 0;
      for (std::size_t i = 0; i < 70; ++i) {
        EXPECT_EQ((*got[0])[2 * i], (*got[0])[2 * i + 1]) << i;
        ones += (*got[0])[2 * i];
      }
      EXPECT_GT(ones, 10);
      EXPECT_LT(ones, 60);
    }
}

// A number of seat 1 at a place is off by sample.bits, authenticated all the same.
Task<Values> compare_bits(Protocol& p, const Sample& sample) {
  Making making{p};
  co_await making.set_up();
  NumberTriples triples{making.authentication};
  DualBits bits{making.authentication, triples};
  const std::size_t entered = DualBits::entered_bits(sample.count);
  DualBits::Entered all = co_await bits.entered(entered);
  Words known((entered + 1) * making.domain.width(), 0);
  known[sample.length * making.domain.width()] = static_cast<Word>(sample.bits);
  making.seat.numbers().add_known(all.numbers[1], known);
  const PrgKey coin = co_await making.seat.coin();
  Prg order{coin};
  const std::vector<std::uint32_t> places = shuffled_places(entered, order);
  co_await bits.compare(all, places, sample.count);
  co_await making.seat.prove();
  co_return Values{};
}

TEST(DualBits, CatchWhoEntersANumberThatIsNotItsBit) {
  constexpr std::size_t count = 5;
  const std::size_t entered = DualBits::entered_bits(count);
  for (const char* protocol : {field_table, ring_table})
    for (const int by : {0, 1, 2})
      for (const std::size_t place : {std::size_t{0}, entered / 2, entered - 1}) {
        Table table = table_of(protocol);
        const Sample sample{.count = count, .length = place, .bits = by};
        for (const auto& got : table.play(compare_bits, sample)) {
          if (by == 0) {
            EXPECT_TRUE(got) << got.error().detail;
          } else {
            expect_caught(got, "'check'");
          }
        }
      }
}

// The number, its planes as a number, and whether products in groups are those of the planes.
Task<Values> comparison_mask(Protocol& p, const Sample& sample) {
  Making making{p};
  TransferPreprocessing preprocessing{making.seat};
  co_await preprocessing.set_up();
  const bool is_field = making.domain.width() == 1;
  const ComparisonShape shape{is_field ? 61U : 11U, is_field ? 61U : 10U, is_field ? 2U : 1U};
  const ComparisonMask mask = co_await preprocessing.comparison_masks(shape, sample.count);
  const Words numbers = co_await making.seat.numbers().open(mask.numbers);
  const Words planes = co_await making.seat.bits().open(mask.planes);
  const Words products = co_await making.seat.bits().open(mask.products);
  co_await making.seat.prove();
  const Words as_numbers = numbers_of(planes, sample.count);
  Values all;
  for (std::size_t i = 0; i < sample.count; ++i) {
    const Word low = is_field ? ~Word{0} : (Word{1} << shape.planes) - 1;
    all.push_back(static_cast<std::int64_t>(numbers[i * making.domain.width()] & low));
    all.push_back(static_cast<std::int64_t>(as_numbers[i]));
  }
  all.push_back(products_in_groups(planes, shape.places, lanes_of(sample.count)) == products);
  co_return all;
}

TEST(TransferPreprocessing, MasksNumbersByTheirBits) {
  for (const char* protocol : {field_table, ring_table}) {
    Table table = table_of(protocol);
    const auto got = table.play(comparison_mask, {.count = 3});
    ASSERT_TRUE(got[0]) << got[0].error().detail;
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ((*got[0])[2 * i], (*got[0])[2 * i + 1]);
    EXPECT_NE((*got[0])[0], (*got[0])[2]);
    EXPECT_EQ(got[0]->back(), 1) << "products in groups";
  }
}

Task<Values> open_proven(Protocol& p, const Sample& sample) {
  Making making{p};
  TransferPreprocessing preprocessing{making.seat};
  co_await preprocessing.set_up();
  const Words shares = co_await preprocessing.uniform(sample.count);
  const Words opened = co_await making.seat.numbers().open(shares);
  co_await making.seat.prove();
  co_return values_of(opened);
}

TEST(AuthenticatedSeat, ProvesWhatWasOpenedAndCatchesAWrongShare) {
  constexpr std::size_t count = 11;  // 88 bytes, as long as no other message
  for (const bool is_wrong : {false, true}) {
    Table table = table_of(field_table, 3);
    if (is_wrong) {
      change(table, 8 * count, [](std::span<std::byte> told) { add_to(told, 4, 1); });
    }
    const auto got = table.play(open_proven, {.count = count});
    for (const auto& one : got) {
      if (is_wrong) {
        expect_caught(one, "'check'");
      } else {
        ASSERT_TRUE(one) << one.error().detail;
        EXPECT_EQ(*one, *got[0]);
      }
    }
  }
}

// What was charged for each kind, and what its formula says, in ns.
Task<Values> work(Protocol& p, const Sample&) {
  Making making{p};
  TransferPreprocessing preprocessing{making.seat};
  const ComparisonShape shape{61, 61, 2};
  using Kind = Material::Kind;
  Values all;
  double before = p.session().spent().offline_work_ns;
  const auto note = [&](const Material& material) {
    const double now = p.session().spent().offline_work_ns;
    all.push_back(static_cast<std::int64_t>(now - before));
    all.push_back(
        static_cast<std::int64_t>(TransferPreprocessing::cost_of(making.seat, material).work_ns));
    before = now;
  };
  co_await preprocessing.set_up();
  note({.kind = Kind::keys});
  const Words drawn = co_await preprocessing.uniform(1000);
  note({.kind = Kind::uniform, .count = 1000});
  const Triples triples = co_await preprocessing.triples(50, 1);
  note({.kind = Kind::triples, .count = 50});
  const ComparisonMask mask = co_await preprocessing.comparison_masks(shape, 3);
  note({.kind = Kind::comparison, .count = 3, .shape = shape});
  co_return all;
}

TEST(TransferPreprocessing, IsModelledWithTheWorkThatItIsChargedFor) {
  for (const std::uint32_t parties : {2U, 3U}) {
    Table table = table_of(field_table, parties);
    const auto got = table.play(work, {});
    ASSERT_TRUE(got[0]) << got[0].error().detail;
    for (std::size_t i = 0; i < got[0]->size(); i += 2)
      EXPECT_NEAR(static_cast<double>((*got[0])[i + 1]) / static_cast<double>((*got[0])[i]), 1, 0.1)
          << i;
  }
}

TEST(Buckets, AreOfASizeThatLeavesACheatAChanceOf2ToTheMinus40) {
  // C(384, 6) = 4.26e12 is less than 64 * 2^40 = 7.04e13, C(448, 7) = 6.9e14 is more.
  EXPECT_EQ(bucket_size(64, 0), 7U);
  // C(4 * 13888, 4) = 3.97e17 is more than 13888 * 2^40 = 1.53e16; C(3 * 13888, 3) = 1.2e13 less.
  EXPECT_EQ(bucket_size(13'888, 0), 4U);
  EXPECT_LT(bucket_size(1, 640), bucket_size(1, 64));
}

TEST(Buckets, AreFilledInAnOrderThatTheCoinDecides) {
  Prg coin{PrgKey{std::byte{1}}};
  Prg other{PrgKey{std::byte{2}}};
  std::vector<std::uint32_t> places = shuffled_places(100, coin);
  EXPECT_NE(places, shuffled_places(100, other));
  std::ranges::sort(places);
  for (std::uint32_t i = 0; i < 100; ++i) EXPECT_EQ(places[i], i);
}

}  // namespace
}  // namespace evenkeel::test
