// What of the protocols with authenticated shares the contract does not reach: whatever one of the
// seats that compute sends, the others get the right result or an error.
#include "models/mpc/protocols/spdz.h"

#include <set>

#include "models/mpc/tools/binary_field64.h"
#include "models/mpc/tools/commitment.h"
#include "models/mpc/tools/ring128.h"
#include "tests/mpc/table.h"

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

Task<Values> random_numbers(Protocol& p, const Sample& sample) {
  const Secrets drawn = co_await p.random(sample.count);
  Values opened = co_await p.open(drawn);
  co_return opened;
}

const Sample numbers{.a = {5, -7, 100}, .b = {6, -8, 100}, .count = 3, .bits = 9, .owners = {0, 1}};
const Values right{30, 56, 10'000, 1, 0, 0};

class AuthenticatedProtocol : public testing::TestWithParam<const char*> {};

TEST_P(AuthenticatedProtocol, GivesNoWrongResultWhicheverMessageOfACheatIsChanged) {
  std::size_t caught = 0;
  std::size_t tried = 0;
  for (const std::uint32_t parties : {3U, 4U}) {
    bool is_reached = true;
    for (std::size_t changed = 0; is_reached; ++changed) {
      Table table{GetParam(), {.parties = parties}};
      std::size_t seen = 0;
      is_reached = false;
      table.world.changes = [&](Message& message) {
        if (message.from != NodeId{1} || seen++ != changed) return;
        is_reached = true;
        Bytes& bytes = message.payload.bytes;
        bytes[Session::header_bytes + changed % (bytes.size() - Session::header_bytes)] ^=
            std::byte{1};
      };
      const auto got = table.play(product_and_order, numbers);
      if (is_reached) ++tried;
      bool is_caught = false;
      for (std::uint32_t seat = 0; seat < parties; ++seat) {
        if (seat == 1) continue;
        if (got[seat]) {
          EXPECT_EQ(*got[seat], right) << "message " << changed << ", seat " << seat;
        } else {
          is_caught = is_caught || got[seat].error().code == ErrorCode::cheating;
        }
      }
      EXPECT_EQ(is_caught, is_reached) << "message " << changed;
      caught += is_caught ? 1 : 0;
    }
  }
  EXPECT_EQ(caught, tried);
  EXPECT_GT(tried, 20U);
}

TEST_P(AuthenticatedProtocol, ComparesFarNumbers) {
  const int bits = GetParam() == std::string{"spdz"} ? 60 : 63;
  const std::int64_t far = (std::int64_t{1} << (bits - 1)) - 1;
  Sample sample{.a = {far, -far, 0, far}, .b = {-far, far, 0, far}, .count = 4, .bits = bits};
  sample.owners = {0, 1};
  Table table{GetParam(), {}};
  for (const auto& got : table.play(product_and_order, sample)) {
    ASSERT_TRUE(got) << got.error().detail;
    EXPECT_EQ(Values(got->begin() + 4, got->end()), (Values{0, 1, 0, 0}));
  }
}

TEST_P(AuthenticatedProtocol, DrawsDifferentNumbers) {
  Sample sample{.count = 50};
  Table table{GetParam(), {}};
  const auto got = table.play(random_numbers, sample);
  ASSERT_TRUE(got[0]) << got[0].error().detail;
  EXPECT_EQ(*got[0], *got[1]);
  const std::set<std::int64_t> all(got[0]->begin(), got[0]->end());
  EXPECT_EQ(all.size(), 50U);
}

INSTANTIATE_TEST_SUITE_P(All, AuthenticatedProtocol, testing::Values("spdz", "spdz2k"));

Task<Values> show(Protocol& p, const Sample&) {
  const auto own = static_cast<std::byte>(p.session().self() + 1);
  const std::vector<SecretBytes> shown = co_await show_at_once(p.session(), 3, {&own, 1});
  Values values;
  for (const SecretBytes& each : shown) values.push_back(std::to_integer<int>(each.at(0)));
  co_return values;
}

TEST(ShowAtOnce, ShowsEverybodyTheSame) {
  Table table{"replicated3", {}};
  for (const auto& got : table.play(show, {})) EXPECT_EQ(*got, (Values{1, 2, 3}));
}

TEST(ShowAtOnce, CatchesWhoOpensSomethingElseAndWhoTellsOthersSomethingElse) {
  struct Row {
    std::size_t length;  // of the message that is changed
    std::uint32_t to;
    const char* why;
  };
  for (const Row& row : {Row{1 + 16, 0, "seat 1 opened something else than it had committed to"},
                         Row{32, 2, "a seat gave others another commitment"}}) {
    Table table{"replicated3", {}};
    table.world.changes = [&](Message& message) {
      Bytes& bytes = message.payload.bytes;
      if (message.from == NodeId{1} && message.to == NodeId{row.to} &&
          bytes.size() == Session::header_bytes + row.length)
        bytes[Session::header_bytes] ^= std::byte{1};
    };
    const auto got = table.play(show, {});
    ASSERT_FALSE(got[row.to]);
    EXPECT_EQ(got[row.to].error().code, ErrorCode::cheating);
    EXPECT_EQ(got[row.to].error().detail, row.why);
  }
}

TEST(BinaryField64, IsAField) {
  using binary_field64::multiply;
  EXPECT_EQ(multiply(Word{1} << 63, 2), 0x1bU);
  Random random{1};
  for (int i = 0; i < 50; ++i) {
    const Word a = random();
    const Word b = random();
    const Word c = random();
    EXPECT_EQ(multiply(a, 1), a);
    EXPECT_EQ(multiply(a, b), multiply(b, a));
    EXPECT_EQ(multiply(multiply(a, b), c), multiply(a, multiply(b, c)));
    EXPECT_EQ(multiply(a, b ^ c), multiply(a, b) ^ multiply(a, c));
    Word power = a;  // a^(2^64) = a
    for (int k = 0; k < 64; ++k) power = multiply(power, power);
    EXPECT_EQ(power, a);
  }
}

TEST(Ring128, CarriesAcrossItsWords) {
  Words a{~Word{0}, 1};
  ring128().add(a, Words{1, 0});
  EXPECT_EQ(a, (Words{0, 2}));
  ring128().subtract(a, Words{1, 0});
  EXPECT_EQ(a, (Words{~Word{0}, 1}));
  Words product{0, 0};
  ring128().add_products(product, Words{Word{1} << 40, 3}, Words{Word{1} << 40, 0});
  EXPECT_EQ(product, (Words{0, (Word{1} << 16) + (Word{3} << 40)}));
  const std::int64_t values[] = {-5, 7};
  EXPECT_EQ(ring128().encoded(values), (Words{static_cast<Word>(-5), ~Word{0}, 7, 0}));
}

}  // namespace
}  // namespace evenkeel::test
