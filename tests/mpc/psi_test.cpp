// Private set intersection against sets in the clear, its bytes against its formula, and what a
// peer that sends nonsense comes to.
#include "models/mpc/tools/psi.h"

#include <set>

#include "tests/cluster_world.h"

namespace evenkeel::test {
namespace {

using Kind = PrivateSetIntersection::Kind;
using Set = std::vector<std::string>;
using Found = std::vector<std::uint64_t>;

class Pair {
 public:
  Pair(Kind its_kind, Set first, Set second, std::vector<Word> its_values = {})
      : world({.nodes = 2}),
        kind(its_kind),
        sets{std::move(first), std::move(second)},
        values(std::move(its_values)) {}

  /// Places; a cardinality; a cardinality and a sum.
  std::vector<Result<Found>> run() {
    std::vector<std::optional<Result<Found>>> got(2);
    for (std::uint32_t i = 0; i < 2; ++i)
      world.node(i).on_start([this, i, &got](Node& node) {
        Sessions& sessions = *sessions_.emplace_back(std::make_unique<Sessions>(node));
        Task<> task = sit(*this, sessions, i, got[i]);
        node.spawn(std::move(task));
      });
    world.start();
    world.run_for(seconds(100));
    world.stop();
    std::vector<Result<Found>> all;
    for (auto& one : got) {
      if (!one) one = Error{ErrorCode::stopped, "never ended"};
      all.push_back(std::move(*one));
    }
    return all;
  }

  ClusterWorld world;
  Kind kind;
  std::array<Set, 2> sets;
  std::vector<Word> values;
  std::array<Spent, 2> spent = {};

 private:
  static Task<> sit(Pair& pair, Sessions& sessions, Seat self, std::optional<Result<Found>>& got) {
    const SessionPlan plan{.id = 4,
                           .seats = {NodeId{0}, NodeId{1}},
                           .self = self,
                           .parties = 2,
                           .patience = seconds(1)};
    Session session{sessions, plan};
    PrivateSetIntersection psi{session};
    Task<Found> body = part(pair, psi, self);
    Task<Result<Found>> running = session.run(std::move(body));
    got = co_await std::move(running);
    pair.spent[self] = session.spent();
  }
  static Task<Found> part(Pair& pair, PrivateSetIntersection& psi, Seat self) {
    const Set& own = pair.sets[self];
    Found found;
    if (pair.kind == Kind::intersection) {
      const std::vector<std::size_t> places = co_await psi.intersection(own);
      found.assign(places.begin(), places.end());
    } else if (pair.kind == Kind::cardinality) {
      const std::size_t count = co_await psi.cardinality(own);
      found.push_back(count);
    } else {
      const std::vector<Word> none;
      const std::span<const Word> values = self == 0 ? none : pair.values;
      const PrivateSetIntersection::Sum sum = co_await psi.sum(own, values);
      found = {sum.cardinality, sum.sum};
    }
    co_return found;
  }

  std::vector<std::unique_ptr<Sessions>> sessions_ = {};  // what comes late finds them
};

Set some_set(std::size_t size, std::uint64_t seed) {
  Random random{seed};
  std::set<std::string> once;
  while (once.size() < size) once.insert("device " + std::to_string(random.below(3 * size)));
  return {once.begin(), once.end()};
}

void expect_found(const Result<Found>& got, const Found& right) {
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(*got, right);
}

Found places_of_common(const Set& own, const Set& other) {
  Found places;
  for (std::size_t i = 0; i < own.size(); ++i)
    if (std::ranges::find(other, own[i]) != other.end()) places.push_back(i);
  return places;
}

TEST(PrivateSetIntersection, FindsWhatIsInBothForBoth) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    Pair pair{Kind::intersection, some_set(12, seed), some_set(20, seed + 10)};
    const auto got = pair.run();
    expect_found(got[0], places_of_common(pair.sets[0], pair.sets[1]));
    expect_found(got[1], places_of_common(pair.sets[1], pair.sets[0]));
    EXPECT_FALSE(got[0]->empty());
  }
}

TEST(PrivateSetIntersection, CountsWhatIsInBoth) {
  Pair pair{Kind::cardinality, some_set(15, 5), some_set(9, 6)};
  const auto got = pair.run();
  const Found right{places_of_common(pair.sets[0], pair.sets[1]).size()};
  EXPECT_GT(right[0], 0U);
  for (const Result<Found>& one : got) expect_found(one, right);
}

TEST(PrivateSetIntersection, AddsUpTheValuesOfWhatIsInBoth) {
  Pair pair{Kind::sum, {"a", "b", "c", "d"}, {"x", "b", "d", "y", "a"}, {900, 20, 3, 7000, 0}};
  const auto got = pair.run();
  expect_found(got[0], {3, 0});
  expect_found(got[1], {3, 23});
}

TEST(PrivateSetIntersection, TakesTheSameElementOnce) {
  const Set first{"a", "b", "a", "c"};
  const Set second{"b", "b", "a", "z", "a"};
  Pair places{Kind::intersection, first, second};
  auto got = places.run();
  expect_found(got[0], {0, 1, 2});
  expect_found(got[1], {0, 1, 2, 4});
  EXPECT_EQ(places.spent[0].sent_bytes,
            PrivateSetIntersection::sent_bytes(Kind::intersection, 0, 3, 3));
  Pair count{Kind::cardinality, first, second};
  for (const Result<Found>& one : count.run()) expect_found(one, {2});
  Pair sum{Kind::sum, first, second, {1, 2, 30, 400, 500}};
  expect_found(sum.run()[1], {2, 1 + 2 + 30 + 500});
}

TEST(PrivateSetIntersection, WorksOnEmptySetsAndOnSetsWithNothingInCommon) {
  const std::array<std::pair<Set, Set>, 4> cases{
      {{{}, {}}, {{"a"}, {}}, {{}, {"a", "b"}}, {{"a", ""}, {"b", "c"}}}};
  for (const auto& [first, second] : cases) {
    Pair places{Kind::intersection, first, second};
    for (const Result<Found>& one : places.run()) expect_found(one, {});
    Pair count{Kind::cardinality, first, second};
    for (const Result<Found>& one : count.run()) expect_found(one, {0});
    Pair sum{Kind::sum, first, second, std::vector<Word>(second.size(), 5)};
    for (const Result<Found>& one : sum.run()) expect_found(one, {0, 0});
  }
}

TEST(PrivateSetIntersection, CostsExactlyWhatItsFormulaSays) {
  for (const Kind kind : {Kind::intersection, Kind::cardinality, Kind::sum}) {
    Pair pair{kind, some_set(7, 1), some_set(11, 2), std::vector<Word>(11, 1)};
    const auto got = pair.run();
    std::uint32_t rounds = 0;
    for (const Seat seat : {0U, 1U}) {
      ASSERT_TRUE(got[seat]) << got[seat].error().detail;
      EXPECT_EQ(pair.spent[seat].sent_bytes, PrivateSetIntersection::sent_bytes(kind, seat, 7, 11));
      rounds = std::max(rounds, pair.spent[seat].rounds);
    }
    EXPECT_EQ(rounds, PrivateSetIntersection::rounds(kind));
  }
  // 32 bytes an element and direction, and a number for each set.
  EXPECT_EQ(PrivateSetIntersection::sent_bytes(Kind::intersection, 0, 7, 11), 8U + 32 * 18);
}

// The points in the message of one seat of so many of them.
std::vector<RistrettoPoint> points_sent(Pair& pair, Seat from, std::size_t count) {
  std::vector<RistrettoPoint> points(count);
  pair.world.changes = [&](Message& message) {
    const Bytes& bytes = message.payload.bytes;
    if (message.from == NodeId{from} && bytes.size() == Session::header_bytes + 32 * count)
      std::memcpy(points.data(), bytes.data() + Session::header_bytes, 32 * count);
  };
  for (const Result<Found>& one : pair.run()) EXPECT_TRUE(one);
  return points;
}

// Of two runs with the same keys.
void expect_the_same_in_another_order(std::vector<RistrettoPoint> a,
                                      std::vector<RistrettoPoint> b) {
  EXPECT_NE(a, b);
  std::ranges::sort(a);
  std::ranges::sort(b);
  EXPECT_EQ(a, b);
}

TEST(PrivateSetIntersection, SendsElementsInAnOrderThatDoesNotTellTheirs) {
  const Set own = some_set(8, 3);
  Pair forward{Kind::intersection, own, {}};
  Pair backward{Kind::intersection, {own.rbegin(), own.rend()}, {}};
  std::vector<RistrettoPoint> points = points_sent(forward, 0, 8);
  std::vector<RistrettoPoint> reversed = points_sent(backward, 0, 8);
  std::ranges::reverse(reversed);
  expect_the_same_in_another_order(std::move(points), std::move(reversed));
}

TEST(PrivateSetIntersection, TellsBothWhichTheyAreOnlyIfTheyMayKnow) {
  const Set first = some_set(8, 3);
  const Set second = some_set(9, 4);
  Pair places{Kind::intersection, first, second};
  const std::vector<RistrettoPoint> in_order = points_sent(places, 1, 8);
  Pair count{Kind::cardinality, first, second};
  expect_the_same_in_another_order(in_order, points_sent(count, 1, 8));
}

// The messages of seat 1 of that length are spoiled.
void expect_refused(Kind kind, std::size_t length, const std::function<void(std::byte*)>& spoil,
                    ErrorCode code, const std::string& detail) {
  Pair pair{kind, some_set(4, 1), some_set(6, 2), std::vector<Word>(6, 1)};
  pair.world.changes = [&](Message& message) {
    if (message.from == NodeId{1} && message.payload.bytes.size() == Session::header_bytes + length)
      spoil(message.payload.bytes.data() + Session::header_bytes);
  };
  const auto got = pair.run();
  ASSERT_FALSE(got[0]);
  EXPECT_EQ(got[0].error().code, code);
  EXPECT_EQ(got[0].error().detail, detail);
}

TEST(PrivateSetIntersection, RefusesWhatIsNoPoint) {
  const auto no_point = [](std::byte* bytes) { std::fill_n(bytes + 32, 32, std::byte{0xff}); };
  const auto neutral = [](std::byte* bytes) { std::fill_n(bytes + 32, 32, std::byte{0}); };
  for (const Kind kind : {Kind::intersection, Kind::cardinality, Kind::sum})
    for (const auto& spoil : {std::function<void(std::byte*)>{no_point}, {neutral}})
      expect_refused(kind, 32 * 6, spoil, ErrorCode::malformed, "seat 1 sent what is no point");
  expect_refused(Kind::sum, 64 * 6, no_point, ErrorCode::malformed,
                 "seat 1 sent what is no ciphertext");
  expect_refused(
      Kind::sum, 32, [](std::byte* bytes) { std::fill_n(bytes, 32, std::byte{0}); },
      ErrorCode::malformed, "seat 1 sent what is no key");
}

TEST(PrivateSetIntersection, RefusesTheSamePointTwice) {
  expect_refused(
      Kind::cardinality, 32 * 6, [](std::byte* bytes) { std::copy_n(bytes, 32, bytes + 64); },
      ErrorCode::cheating, "seat 1 sent the same point twice");
}

TEST(PrivateSetIntersection, RefusesASizeThatNobodyCouldHold) {
  expect_refused(
      Kind::cardinality, 8, [](std::byte* bytes) { std::fill_n(bytes, 8, std::byte{0x7f}); },
      ErrorCode::malformed, "seat 1 has too many elements");
}

TEST(PrivateSetIntersection, RefusesASumOfOtherValues) {
  Pair pair{Kind::sum, {"a", "b"}, {"a", "b"}, {3, 4}};
  const RistrettoPoint far = RistrettoPoint::base_times(RistrettoScalar::of(100));
  pair.world.changes = [&](Message& message) {
    if (message.from != NodeId{0} || message.payload.bytes.size() != Session::header_bytes + 64)
      return;
    std::byte* const hidden = message.payload.bytes.data() + Session::header_bytes + 32;
    RistrettoPoint point;
    std::copy_n(hidden, 32, point.bytes.begin());
    if (const auto moved = point.plus(far)) std::ranges::copy(moved->bytes, hidden);
  };
  pair.sets[0] = {"a"};  // so that its list of points has another length than the sum
  const auto got = pair.run();
  ASSERT_FALSE(got[1]);
  EXPECT_EQ(got[1].error().code, ErrorCode::cheating) << got[1].error().detail;
}

TEST(PrivateSetIntersection, RefusesValuesThatAddUpTooFar) {
  Pair pair{Kind::sum, {"a"}, {"a", "b"}, {PrivateSetIntersection::sums_below - 1, 1}};
  const auto got = pair.run();
  ASSERT_FALSE(got[1]);
  EXPECT_EQ(got[1].error().code, ErrorCode::invalid);
}

TEST(RistrettoPoint, AddsAndMultipliesAsAGroupOfPrimeOrderDoes) {
  const auto times = [](Word number) {
    return RistrettoPoint::base_times(RistrettoScalar::of(number));
  };
  EXPECT_EQ(times(5).plus(times(7)), times(12));
  EXPECT_EQ(times(7).minus(times(5)), times(2));
  EXPECT_EQ(times(6).times(RistrettoScalar::of(7)), times(42));
  EXPECT_EQ(times(0), RistrettoPoint{});
  EXPECT_EQ(times(3).plus(RistrettoPoint{}), times(3));
  EXPECT_FALSE(RistrettoPoint{}.times(RistrettoScalar::of(3)));
  Prg random{PrgKey{}};
  const RistrettoScalar a = RistrettoScalar::drawn(random);
  const RistrettoScalar b = RistrettoScalar::drawn(random);
  const RistrettoPoint x = RistrettoPoint::hashed("test", "x");
  EXPECT_EQ(x.times(a)->times(b), x.times(b)->times(a));
  EXPECT_NE(x, RistrettoPoint::hashed("test", "y"));
  EXPECT_NE(x, RistrettoPoint::hashed("other", "x"));
}

// RFC 9496, appendix A.1: the generator, and its double.
TEST(RistrettoPoint, HasTheEncodingOfItsStandard) {
  const RistrettoPoint base = RistrettoPoint::base_times(RistrettoScalar::of(1));
  EXPECT_EQ(static_cast<int>(base.bytes[0]), 0xe2);
  EXPECT_EQ(static_cast<int>(base.bytes[31]), 0x76);
  EXPECT_EQ(static_cast<int>(base.plus(base)->bytes[0]), 0x6a);
}

}  // namespace
}  // namespace evenkeel::test
