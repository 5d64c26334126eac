// Parties that lie, are silent or talk differently to each: the honest ones get the right answer,
// and know who it was.
#include <set>

#include "tests/mpc/table.h"

namespace evenkeel::test {
namespace {

// Entered by an honest party and by a client: their products, a dot product and which is less,
// opened and revealed to the client.
Task<Values> all_kinds(Protocol& p, const Sample& sample) {
  const bool is_client = !p.session().is_party();
  const Values& mine = is_client ? sample.b : sample.a;
  const std::vector<Secrets> entered = co_await p.inputs(sample.owners, mine, sample.count);
  Secrets all{2 * sample.count + 1, {}};
  if (!is_client) {
    const Secrets product = co_await p.multiply(entered[0], entered[1]);
    const Secrets dot = co_await p.dot(entered[0], entered[1], sample.count);
    const Secrets is_less = co_await p.less(entered[0], entered[1]);
    const std::vector<Secrets> parts{product, dot, is_less};
    all = p.joined(parts);
  }
  const Values revealed = co_await p.reveal(p.session().parties(), all);
  if (is_client) co_return revealed;
  Values opened = co_await p.open(all);
  co_return opened;
}

Sample sample_of(std::uint32_t parties) {
  return {.a = {5, -7, 1000}, .b = {6, -8, -1000}, .count = 3, .owners = {parties - 1, parties}};
}
const Values right{30, 56, -1000000, 30 + 56 - 1000000, 1, 0, 0};

Bytes::value_type& last_byte(Message& message) { return message.payload.bytes.back(); }

class RobustTable {
 public:
  RobustTable(std::uint32_t parties, std::set<std::uint32_t> liars)
      : table_{"robust_shamir", {.parties = parties, .clients = 1}}, liars_(std::move(liars)) {}

  ClusterWorld& world() { return table_.world; }
  bool is_liar(NodeId node) const {
    return liars_.contains(static_cast<std::uint32_t>(index(node)));
  }

  void expect_right(const std::string& how) {
    const auto got = table_.play(all_kinds, sample_of(world().size() - 1));
    for (Seat seat = 0; seat < world().size(); ++seat) {
      if (liars_.contains(seat)) continue;
      ASSERT_TRUE(got[seat]) << how << ", seat " << seat << ": " << got[seat].error().detail;
      EXPECT_EQ(*got[seat], right) << how << ", seat " << seat;
    }
    for (const CountingProbe::Event& event : world().events)
      if (!is_liar(event.node)) {
        const auto named = static_cast<std::uint32_t>(event.detail.at(5) - '0');
        EXPECT_TRUE(liars_.contains(named)) << how << ": " << event.detail;
      }
  }
  // By honest seats.
  std::size_t accusations() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(table_.world.events, [this](const CountingProbe::Event& event) {
          return event.kind == "mpc fault" && !is_liar(event.node);
        }));
  }

 private:
  Table table_;
  std::set<std::uint32_t> liars_;
};

TEST(RobustShamir, AnswersAndNamesNobodyWhenAllAreHonest) {
  for (const std::uint32_t parties : {4U, 5U, 7U}) {
    RobustTable table{parties, {}};
    table.expect_right("honest");
    EXPECT_EQ(table.accusations(), 0U);
  }
}

// What clients may have delayed does not add up without end.
Task<Values> enter_often(Protocol& p, const Sample& sample) {
  const Values& mine = p.session().is_party() ? sample.a : sample.b;
  Values opened;
  for (int i = 0; i < 60; ++i) {
    const std::vector<Secrets> entered = co_await p.inputs(sample.owners, mine, sample.count);
    if (!p.session().is_party()) continue;
    const Secrets sum = p.add(entered[0], entered[1]);
    opened = co_await p.open(sum);
  }
  co_return opened;
}

TEST(RobustShamir, HearsAClientAsOftenAsItHasNumbers) {
  Table table{"robust_shamir", {.parties = 4, .clients = 1}};
  const auto got = table.play(enter_often, sample_of(4));
  for (Seat seat = 0; seat < 4; ++seat) {
    ASSERT_TRUE(got[seat]) << got[seat].error().detail;
    EXPECT_EQ(*got[seat], (Values{11, -15, 0}));
  }
  EXPECT_TRUE(table.world.events.empty());
}

TEST(RobustShamir, AnswersWhicheverMessageOfALiarIsWrong) {
  for (const std::uint32_t liar : {0U, 1U, 2U}) {
    std::uint32_t sent = 1;
    for (std::uint32_t wrong = 0; wrong < sent; ++wrong) {
      RobustTable table{4, {liar}};
      std::uint32_t seen = 0;
      table.world().changes = [&](Message& message) {
        if (index(message.from) != liar || message.payload.bytes.empty()) return;
        if (seen++ == wrong) last_byte(message) ^= std::byte{1};
      };
      table.expect_right("message " + std::to_string(wrong) + " of " + std::to_string(liar));
      if (HasFatalFailure() || HasNonfatalFailure()) return;
      sent = seen;
    }
    EXPECT_GT(sent, 100U);
  }
}

TEST(RobustShamir, AnswersWhicheverMessageOfALiarIsMissing) {
  for (const std::uint32_t liar : {0U, 2U}) {
    std::uint32_t sent = 1;
    for (std::uint32_t missing = 0; missing < sent; ++missing) {
      RobustTable table{4, {liar}};
      std::uint32_t seen = 0;
      bool is_missed = false;  // a client does not wait for all
      table.world().loses = [&](const Message& message) {
        if (index(message.from) != liar || seen++ != missing) return false;
        is_missed = index(message.to) < 4;
        return true;
      };
      table.expect_right("without message " + std::to_string(missing));
      if (HasFatalFailure() || HasNonfatalFailure()) return;
      EXPECT_EQ(table.accusations(), is_missed ? 1U : 0U) << missing;
      sent = seen;
    }
  }
}

TEST(RobustShamir, AnswersWhenAPartyIsGoneFromAnyMomentOn) {
  for (std::uint32_t from = 0; from < 300; from += 7) {
    RobustTable table{4, {1}};
    std::uint32_t seen = 0;
    table.world().loses = [&](const Message& message) {
      return index(message.from) == 1 && seen++ >= from;
    };
    table.expect_right("gone from message " + std::to_string(from));
    if (HasFatalFailure() || HasNonfatalFailure()) return;
  }
}

TEST(RobustShamir, NamesWhoGivesWrongShares) {
  RobustTable table{4, {2}};
  table.world().changes = [](Message& message) {
    if (index(message.from) == 2 && message.payload.bytes.size() > 16 + 500)
      last_byte(message) ^= std::byte{1};
  };
  table.expect_right("wrong products");
  EXPECT_GE(table.accusations(), 3U);  // by every honest party
}

// Whatever comes to mind, differently to each: changed bytes, lost and cut messages.
TEST(RobustShamir, AnswersWhateverTwoOfSevenDo) {
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    Random random{seed};
    const auto first = static_cast<std::uint32_t>(random.below(6));
    const auto second = static_cast<std::uint32_t>((first + 1 + random.below(5)) % 6);
    RobustTable table{7, {first, second}};
    const double malice = seed % 3 == 0 ? 0.3 : 0.02;
    table.world().loses = [&](const Message& message) {
      return table.is_liar(message.from) && random.chance(malice / 20);
    };
    table.world().changes = [&](Message& message) {
      Bytes& bytes = message.payload.bytes;
      if (!table.is_liar(message.from) || bytes.size() <= 16 || !random.chance(malice)) return;
      if (random.chance(0.02)) bytes.resize(16 + random.below(bytes.size() - 16));
      if (bytes.size() > 16)
        bytes[16 + random.below(bytes.size() - 16)] ^=
            static_cast<std::byte>(1 + random.below(255));
    };
    table.expect_right("seed " + std::to_string(seed));
    if (HasFatalFailure() || HasNonfatalFailure()) return;
  }
}

// The victim waits for what it alone does not get, and is late for all others from then on.
TEST(RobustShamir, DoesNotTakeTheVictimOfASilentPartyForSilent) {
  for (std::uint32_t number = 0; number < 40; ++number) {
    RobustTable table{7, {0, 1}};
    table.world().loses = [&,
                           seen = std::array<std::uint32_t, 2>{}](const Message& message) mutable {
      const auto from = static_cast<std::uint32_t>(index(message.from));
      return from < 2 && index(message.to) == 3 + from && seen[from]++ >= number;
    };
    table.expect_right("silent from message " + std::to_string(number));
    if (HasFatalFailure() || HasNonfatalFailure()) return;
  }
}

// As late as the network allows, and later with the second silent one.
TEST(RobustShamir, BearsSilentPartiesOneAfterTheOtherAndASilentClient) {
  for (std::uint32_t number = 0; number < 30; ++number) {
    Table table{"robust_shamir", {.parties = 7, .clients = 1}};
    table.world.loses = [&, seen = std::array<std::uint32_t, 2>{}](const Message& message) mutable {
      const auto from = static_cast<std::uint32_t>(index(message.from));
      const auto to = static_cast<std::uint32_t>(index(message.to));
      if (from == 7) return to >= 4;  // the client talks to some only
      return from < 2 && to == 6 && seen[from]++ >= number + from;
    };
    const auto got = table.play(all_kinds, sample_of(7));
    for (Seat seat = 2; seat < 7; ++seat) {
      ASSERT_TRUE(got[seat]) << number << ", seat " << seat << ": " << got[seat].error().detail;
      EXPECT_EQ(*got[seat], *got[2]);
    }
    for (const CountingProbe::Event& event : table.world.events)
      if (index(event.node) >= 2 && index(event.node) < 7) {
        const int named = event.detail.at(5) - '0';
        EXPECT_TRUE(named < 2 || named == 7) << event.detail;
      }
  }
}

Task<Values> open_entered(Protocol& p, const Sample& sample) {
  const std::vector<Secrets> entered = co_await p.inputs(sample.owners, sample.a, sample.count);
  if (!p.session().is_party()) co_return Values{};
  Values opened = co_await p.open(entered[0]);
  co_return opened;
}

TEST(RobustShamir, AgreesOnWhatALyingClientEntered) {
  for (std::uint32_t wrong = 1; wrong <= 4; ++wrong) {
    Table table{"robust_shamir", {.parties = 4, .clients = 1}};
    std::uint32_t seen = 0;
    table.world.changes = [&](Message& message) {
      if (index(message.from) == 4 && seen++ < wrong) last_byte(message) ^= std::byte{seen == 2};
    };
    const Sample sample{.a = {42}, .count = 1, .owners = {4}};
    const auto got = table.play(open_entered, sample);
    for (Seat seat = 0; seat < 4; ++seat) {
      ASSERT_TRUE(got[seat]) << got[seat].error().detail;
      EXPECT_EQ(*got[seat], *got[0]);
    }
  }
}

TEST(RobustShamir, TakesNothingForZero) {
  Table table{"robust_shamir", {.parties = 4, .clients = 1}};
  table.world.loses = [](const Message& message) { return index(message.from) == 4; };
  const Sample sample{.a = {42}, .count = 1, .owners = {4}};
  const auto got = table.play(open_entered, sample);
  for (Seat seat = 0; seat < 4; ++seat) {
    ASSERT_TRUE(got[seat]) << got[seat].error().detail;
    EXPECT_EQ(*got[seat], Values{0});
  }
}

TEST(RobustShamir, EndsWhenMoreLieThanItCanBear) {
  Table table{"robust_shamir", {.parties = 4}};
  table.world.changes = [](Message& message) {
    if (index(message.from) < 2 && message.payload.bytes.size() == Session::header_bytes + 8)
      last_byte(message) ^= std::byte{1};
  };
  const Sample sample{.a = {42}, .count = 1, .owners = {3}};
  const auto got = table.play(open_entered, sample);
  ASSERT_FALSE(got[2]);
  EXPECT_EQ(got[2].error().code, ErrorCode::cheating) << got[2].error().detail;
}

}  // namespace
}  // namespace evenkeel::test
