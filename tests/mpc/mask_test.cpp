// Nobody learns anything from what it is sent: over many seeds each part of each message is
// uniform, and as often this or that whatever the clients entered; also given what its receiver
// knows.
//
// The program is chosen so that two sets of inputs give the same result; then all that a party
// sees, openings and checks included, must look the same. A bit that never changes, whatever the
// seed and the inputs, says nothing and is left out.
#include "tests/mpc/uniformity.h"

namespace evenkeel::test {
namespace {

// Once the keys are agreed on, the program is played again and again: a set-up can cost more than
// all the rest, and a mask that is used twice shows.
constexpr std::uint64_t seeds = 10;
constexpr std::uint64_t repetitions = 50;
// For each receiver, without repetitions, since what it draws has to be the same.
constexpr std::uint64_t conditioned_seeds = 100;

// Four products, two sums of two, four comparisons.
Task<Values> program(Protocol& p, const Sample& sample) {
  const Values& mine = p.session().self() == sample.owners[0] ? sample.a : sample.b;
  const std::vector<Secrets> entered = co_await p.inputs(sample.owners, mine, sample.count);
  Values opened;
  if (!p.session().is_party()) co_return opened;
  Secrets result = p.subtract(entered[0], entered[0]);
  if (sample.length > 0) {
    const Secrets product = co_await p.multiply(entered[0], entered[1]);
    const Secrets sums = co_await p.dot(entered[0], entered[1], sample.length);
    const std::vector<Secrets> parts{product, sums};
    result = p.joined(parts);
  }
  if (sample.bits > 0) {
    const Secrets is_less = co_await p.less(entered[0], entered[1], sample.bits);
    const std::vector<Secrets> parts{result, is_less};
    result = p.joined(parts);
  }
  opened = co_await p.open(result);
  co_return opened;
}

Task<Values> programs(Protocol& p, const Sample& sample) {
  Values opened;
  for (std::uint64_t i = 0; i < repetitions; ++i) opened = co_await program(p, sample);
  co_return opened;
}

// The same set-up, and nothing else.
Task<Values> nothing(Protocol&, const Sample&) { co_return Values{}; }

// The same inputs, and no more.
Task<Values> entering(Protocol& p, const Sample& sample) {
  const Values& mine = p.session().self() == sample.owners[0] ? sample.a : sample.b;
  const std::vector<Secrets> entered = co_await p.inputs(sample.owners, mine, sample.count);
  co_return Values{};
}

class Masks : public testing::TestWithParam<std::string> {
 protected:
  Masks() : promises_(kind_of_case(GetParam()).promises) {}

  Sample sample(Values a, Values b) const {
    return {.a = std::move(a),
            .b = std::move(b),
            .count = 4,
            .length = promises_.multiplies ? 2U : 0U,
            .bits = promises_.compares && !uses_transfers(GetParam()) ? 12 : 0,
            .owners = {promises_.fewest_parties, promises_.fewest_parties + 1}};
  }

  // Of what is sent to `receiver` (nobody: to anybody) by parties, after a part that is not looked
  // at.
  struct Look {
    Part skipped = nothing;
    Part played = program;
    std::uint64_t repetitions = 1;
    std::uint64_t runs = conditioned_seeds;
    std::optional<Seat> receiver = {};
    std::vector<Seat> fixed = {};  // whose draws are the same in all runs
  };
  Table::Settings seats(std::uint64_t seed) const {
    return {.parties = promises_.fewest_parties, .clients = 2, .seed = seed};
  }
  static void fix_draws(Table& table, const std::vector<Seat>& of) {
    for (const Seat seat : of) table.world.node(seat).random() = Random::stream(1, "draws", seat);
  }
  Places views(const Sample& sample, const Look& look) const {
    Table skipping{kind_of_case(GetParam()), seats(1)};
    fix_draws(skipping, look.fixed);
    Recording skipped = record(skipping, look.skipped, sample);
    Places places;
    for (std::uint64_t seed = 1; seed <= look.runs; ++seed) {
      Table one{kind_of_case(GetParam()), seats(seed)};
      fix_draws(one, look.fixed);
      Recording sent = record(one, look.played, sample);
      if (look.receiver)
        std::erase_if(sent, [&](const auto& its) {
          const auto [from, to] = its.first;
          return to != *look.receiver || from >= promises_.fewest_parties;
        });
      note(places, sent, skipped, look.repetitions);
    }
    return places;
  }
  // What the receiver hears in the set-up if of the other parties only `seat` draws otherwise.
  Recording heard_in_set_up(Seat receiver, Seat seat, std::uint64_t seed) const {
    Table one{kind_of_case(GetParam()), seats(1)};
    for (Seat other = 0; other < one.world.size(); ++other) fix_draws(one, {other});
    one.world.node(seat).random() = Random::stream(seed, "draws", seat);
    Recording heard = record(one, nothing, one_sample());
    std::erase_if(heard, [&](const auto& its) { return its.first.second != receiver; });
    return heard;
  }
  // Products, sums of products and comparisons of both are the same: 9 * 70 = 14 * 45, ...
  Sample one_sample() const { return sample({9, -35, 1020, 0}, {70, -6, 3, 77}); }
  Sample other_sample() const { return sample({14, 14, 60, -1}, {45, 15, 51, 0}); }

  Guarantees promises_;
};

TEST_P(Masks, HideWhateverIsSent) {
  if (promises_.adversary == Adversary::none) GTEST_SKIP() << "it hides nothing";
  Look look{.played = programs, .repetitions = repetitions, .runs = seeds};
  if (GetParam() == "robust_shamir")  // its set-up is the least of it
    look = {.played = program, .repetitions = 1, .runs = seeds * repetitions};
  if (uses_transfers(GetParam())) look = {};  // which take long
  const Places one = views(one_sample(), look);
  const Places other = views(other_sample(), look);
  EXPECT_GT(expect_masked(one, other, static_cast<double>(look.runs * look.repetitions)),
            8U * promises_.fewest_parties);
}

// Given what a party draws itself, and what the clients draw, so that its shares of what they enter
// are always the same: a mask of which it knows all hides nothing from it.
TEST_P(Masks, HideFromEachPartyWhatItsOwnDrawsWouldTell) {
  if (promises_.adversary == Adversary::none) GTEST_SKIP() << "it hides nothing";
  const Seat n = promises_.fewest_parties;
  for (Seat receiver = 0; receiver < n; ++receiver) {
    const Look look{.skipped = entering, .receiver = receiver, .fixed = {receiver, n, n + 1}};
    expect_masked(views(one_sample(), look), views(other_sample(), look), conditioned_seeds);
  }
}

// Given also all that it was told in the set-up, where that leaves it one key short: only those
// draw anew of whose draws it has heard nothing then. With a dealer, or with keys of many sets,
// what is not drawn anew would hide something too, so that this says nothing.
TEST_P(Masks, HideFromEachPartyWhatItWasToldBefore) {
  static constexpr std::array<std::string_view, 3> one_key_short{
      "replicated3", "replicated3_malicious", "replicated4"};
  if (std::ranges::find(one_key_short, GetParam()) == one_key_short.end())
    GTEST_SKIP() << "a party lacks more than one key";
  const Seat n = promises_.fewest_parties;
  for (Seat receiver = 0; receiver < n; ++receiver) {
    Look look{.skipped = entering, .receiver = receiver, .fixed = {n, n + 1}};
    for (Seat seat = 0; seat < n; ++seat)
      if (seat == receiver ||
          heard_in_set_up(receiver, seat, 1) != heard_in_set_up(receiver, seat, 2))
        look.fixed.push_back(seat);
    ASSERT_LT(look.fixed.size(), n + 2) << "it hears of all draws in the set-up";
    expect_masked(views(one_sample(), look), views(other_sample(), look), conditioned_seeds);
  }
}

INSTANTIATE_TEST_SUITE_P(All, Masks, testing::ValuesIn(computing_cases()), protocol_name_of);

}  // namespace
}  // namespace evenkeel::test
