// What a deviating party can cause at most: every message of every protocol is altered once, in
// several ways. Who promises abort never opens a wrong value; who promises delivery opens the right
// one; of the others is only asked that they end.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/mpc/recording.h"

namespace evenkeel::test {
namespace {

enum class Deviation { flipped_bit, wrong_share, garbage, replay, silence, wrong_length };

struct Name {
  Deviation deviation;
  std::string_view text;
};
constexpr std::array<Name, 6> names{{{Deviation::flipped_bit, "a flipped bit"},
                                     {Deviation::wrong_share, "a wrong share"},
                                     {Deviation::garbage, "garbage"},
                                     {Deviation::replay, "a replay"},
                                     {Deviation::silence, "silence"},
                                     {Deviation::wrong_length, "a wrong length"}}};

// Two owners' sums, and if the protocol can, their products and whether the first is below the
// second. All parties get the result, and the first owner.
Task<Values> program(Protocol& p, const Sample& sample) {
  const Values& mine = p.session().self() == sample.owners[0] ? sample.a : sample.b;
  const std::vector<Secrets> entered = co_await p.inputs(sample.owners, mine, sample.count);
  Secrets result{sample.count * (1 + sample.length + (sample.bits > 0)), {}};
  Values opened;
  if (p.session().is_party()) {
    result = p.add(entered[0], entered[1]);
    if (sample.length > 0) {
      const Secrets product = co_await p.multiply(entered[0], entered[1]);
      const std::vector<Secrets> parts{result, product};
      result = p.joined(parts);
    }
    if (sample.bits > 0) {
      const Secrets is_less = co_await p.less(entered[0], entered[1], sample.bits);
      const std::vector<Secrets> parts{result, is_less};
      result = p.joined(parts);
    }
    opened = co_await p.open(result);
  }
  const Values revealed = co_await p.reveal(sample.owners[0], result);
  if (p.session().self() == sample.owners[0]) opened = revealed;
  co_return opened;
}

// One message of a run, altered on its way.
struct Attack {
  Deviation deviation = Deviation::silence;
  std::uint64_t at = 0;  // which message of all
};

struct Outcome {
  std::vector<Result<Values>> got;
  std::uint32_t deviant = 0;
  bool was_altered = false;
};

class Malice : public testing::TestWithParam<std::string> {
 protected:
  Malice()
      : promises_(kind_of_case(GetParam()).promises),
        sample_{.a = {23, -5},
                .b = {11, 40},
                .count = 2,
                .length = promises_.multiplies ? 1U : 0U,
                .bits = promises_.compares ? 7 : 0,
                .owners = {0, 1}},
        right_{34, 35} {
    if (promises_.multiplies) right_.insert(right_.end(), {253, -200});
    if (promises_.compares) right_.insert(right_.end(), {0, 1});
  }

  Table table() const {
    return Table{kind_of_case(GetParam()),
                 {.parties = promises_.fewest_parties, .clients = clients_}};
  }
  bool is_client(std::uint32_t seat) const { return seat >= promises_.fewest_parties; }
  bool is_trusted(std::uint32_t seat) const {  // a dealer has the last seat
    return promises_.trusted.starts_with("the dealer") && seat + 1 == promises_.fewest_parties;
  }

  std::uint64_t messages() const {
    Table undisturbed = table();
    const auto got = undisturbed.play(program, sample_);
    for (std::uint32_t seat = 0; seat < got.size(); ++seat) {
      EVENKEEL_CHECK(got[seat], "a program that nobody disturbs fails");
      if (!is_client(seat) || seat == sample_.owners[0]) {
        EXPECT_EQ(*got[seat], right_);
      }
    }
    return undisturbed.world.messages;
  }

  Outcome play(const Attack& attack) const {
    Table disturbed = table();
    Random random{attack.at + 1};
    std::uint64_t sent = 0;
    bool is_next = false;
    Outcome outcome;
    std::map<std::uint32_t, std::vector<Bytes>> earlier;  // by the sender
    disturbed.world.loses = [&](const Message& message) {
      is_next = sent++ == attack.at;
      if (is_next) outcome.deviant = index(message.from);
      outcome.was_altered |= is_next && attack.deviation == Deviation::silence;
      return is_next && attack.deviation == Deviation::silence;
    };
    disturbed.world.changes = [&](Message& message) {
      std::vector<Bytes>& before = earlier[index(message.from)];
      const Bytes original = message.payload.bytes;
      if (is_next) alter(message.payload.bytes, attack.deviation, before, random);
      if (is_next) outcome.was_altered = message.payload.bytes != original;
      before.push_back(original);
    };
    outcome.got = disturbed.play(program, sample_);
    return outcome;
  }

  static void alter(Bytes& bytes, Deviation deviation, const std::vector<Bytes>& earlier,
                    Random& random) {
    const auto payload = std::span{bytes.data(), bytes.size()}.subspan(Session::header_bytes);
    switch (deviation) {
      case Deviation::flipped_bit:
        payload[random.below(payload.size())] ^= std::byte{1} << random.below(8);
        break;
      case Deviation::wrong_share: {
        Word word = 0;
        const std::size_t size = std::min(sizeof word, payload.size());
        std::memcpy(&word, payload.data(), size);
        ++word;
        std::memcpy(payload.data(), &word, size);
        break;
      }
      case Deviation::garbage:
        for (std::byte& byte : payload) byte = static_cast<std::byte>(random.below(256));
        break;
      case Deviation::replay:
        for (auto one = earlier.rbegin(); one != earlier.rend(); ++one) {
          if (one->size() != bytes.size()) continue;
          std::copy(one->begin() + Session::header_bytes, one->end(), payload.begin());
          break;
        }
        break;
      case Deviation::silence:
        break;
      case Deviation::wrong_length:
        bytes.resize(bytes.size() - 1);
        break;
    }
  }

  bool is_safe() const {
    return promises_.adversary == Adversary::malicious && promises_.outcome != Outcomes::none;
  }

  // One attack's; whether an honest seat noticed.
  bool judge(const Outcome& outcome) const {
    bool is_noticed = false;
    std::optional<Values> agreed;
    for (std::uint32_t seat = 0; seat < outcome.got.size(); ++seat) {
      const Result<Values>& got = outcome.got[seat];
      SCOPED_TRACE(fmt::format("as seat {} sees it", seat));
      if (!got) {
        EXPECT_NE(got.error().code, ErrorCode::stopped) << "it hangs";
      }
      if (seat == outcome.deviant || !is_safe() || is_trusted(outcome.deviant)) continue;
      is_noticed |= !got;
      if (!got) {
        EXPECT_EQ(promises_.outcome, Outcomes::abort) << got.error().detail;
        EXPECT_THAT(got.error().code,
                    testing::AnyOf(ErrorCode::cheating, ErrorCode::malformed, ErrorCode::timeout))
            << got.error().detail;
        EXPECT_THAT(got.error().detail,
                    testing::AnyOf(testing::HasSubstr("'"), testing::HasSubstr("seat ")))
            << "it names neither step nor seat";
      } else if (!is_client(outcome.deviant) && !got->empty()) {
        EXPECT_EQ(*got, right_);
      } else if (!got->empty()) {  // a client may enter what it likes, but the same to all
        if (!agreed) agreed = *got;
        EXPECT_EQ(*got, *agreed);
      }
    }
    return is_noticed;
  }

  void attack_all() const {
    const std::uint64_t total = messages();
    // Every message of a protocol that sends few; of one that sends very many, every so many.
    const bool is_dear = uses_transfers(GetParam());
    const std::uint64_t step = is_dear ? names.size() * (1 + total / 300) : 1 + total / 1500;
    for (const auto& [deviation, text] : names) {
      std::uint64_t altered = 0;
      std::uint64_t noticed = 0;
      // Where a run takes long, a message is altered in one way.
      const std::uint64_t first = is_dear ? static_cast<std::uint64_t>(deviation) : 0;
      for (std::uint64_t at = first; at < total; at += step) {
        const Outcome outcome = play({deviation, at});
        if (!outcome.was_altered || is_trusted(outcome.deviant)) continue;
        SCOPED_TRACE(
            fmt::format("{} in message {} of {}, by seat {}", text, at, total, outcome.deviant));
        const bool is_noticed = judge(outcome);
        if (is_client(outcome.deviant)) continue;  // which may enter what it likes
        ++altered;
        noticed += is_noticed;
      }
      // What alters nothing that is opened need not be noticed; nearly all of it does, but for what
      // transfers take up only where a secret bit is 1.
      const std::uint64_t tenths = is_dear ? 5 : 9;
      if (is_safe() && promises_.outcome == Outcomes::abort && !promises_.is_modelled) {
        EXPECT_GE(10 * noticed, tenths * altered) << text;
      }
    }
  }

  Guarantees promises_;
  Sample sample_;
  Values right_;
  std::uint32_t clients_ = 0;
};

TEST_P(Malice, CausesNoMoreThanIsPromisedAmongTheParties) {
  if (promises_.fewest_parties < 2) GTEST_SKIP() << "it has one party only";
  attack_all();
}

TEST_P(Malice, CausesNoMoreThanIsPromisedWithClients) {
  clients_ = 2;
  sample_.owners = {promises_.fewest_parties, promises_.fewest_parties + 1};
  attack_all();
}

INSTANTIATE_TEST_SUITE_P(All, Malice, testing::ValuesIn(computing_cases()), protocol_name_of);

}  // namespace
}  // namespace evenkeel::test
