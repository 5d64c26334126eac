// Nobody learns anything from what it is sent: over many seeds each part of each message is
// uniform, and as often this or that whatever the clients entered.
//
// The program is chosen so that two sets of inputs give the same result; then all that a party
// sees, openings and checks included, must look the same. A bit that never changes, whatever the
// seed and the inputs, says nothing and is left out.
#include <bit>
#include <cmath>

#include "tests/mpc/recording.h"

namespace evenkeel::test {
namespace {

constexpr std::uint64_t seeds = 500;

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

// The same set-up, and nothing else.
Task<Values> nothing(Protocol&, const Sample&) { co_return Values{}; }

// How often each half byte of one message was what.
struct Place {
  std::array<std::uint32_t, 16> seen{};

  std::uint32_t ones(unsigned bit) const {
    std::uint32_t sum = 0;
    for (unsigned value = 0; value < 16; ++value)
      if ((value >> bit & 1) != 0) sum += seen[value];
    return sum;
  }
};
using Places = std::map<std::pair<Link, std::size_t>, std::vector<Place>>;  // by message

class Masks : public testing::TestWithParam<std::string> {
 protected:
  Masks() : promises_(protocol_named(GetParam()).promises) {}

  Table table(std::uint64_t seed) const {
    return Table{GetParam(), {.parties = promises_.fewest_parties, .clients = 2, .seed = seed}};
  }
  Sample sample(Values a, Values b) const {
    return {.a = std::move(a),
            .b = std::move(b),
            .count = 4,
            .length = promises_.multiplies ? 2U : 0U,
            .bits = promises_.compares ? 12 : 0,
            .owners = {promises_.fewest_parties, promises_.fewest_parties + 1}};
  }

  Places views(const Sample& sample) const {
    Table setting_up = table(1);
    Recording set_up = record(setting_up, nothing, sample);
    Places places;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      Table one = table(seed);
      for (const auto& [link, messages] : record(one, program, sample)) {
        for (std::size_t m = set_up[link].size(); m < messages.size(); ++m) {
          std::vector<Place>& message = places[{link, m}];
          message.resize(std::max(message.size(), 2 * messages[m].size()));
          for (std::size_t i = 0; i < messages[m].size(); ++i) {
            const auto byte = static_cast<unsigned>(messages[m][i]);
            ++message[2 * i].seen[byte & 15];
            ++message[2 * i + 1].seen[byte >> 4];
          }
        }
      }
    }
    return places;
  }

  // Of its values only bits that vary count, and they are as often each as any.
  static double chi_squared(const Place& place, unsigned varying) {
    std::map<unsigned, double> seen;
    double all = 0;
    for (unsigned value = 0; value < 16; ++value) {
      seen[value & varying] += place.seen[value];
      all += place.seen[value];
    }
    const double expected = all / std::exp2(std::popcount(varying));
    double sum = 0;
    for (const auto& [value, count] : seen) sum += (count - expected) * (count - expected);
    return sum / expected;
  }

  Guarantees promises_;
};

TEST_P(Masks, HideWhateverIsSent) {
  if (promises_.adversary == Adversary::none) GTEST_SKIP() << "it hides nothing";
  // Products, sums of products and comparisons of both are the same: 9 * 70 = 14 * 45, ...
  const Places one = views(sample({9, -35, 1020, 0}, {70, -6, 3, 77}));
  const Places other = views(sample({14, 14, 60, -1}, {45, 15, 51, 0}));
  ASSERT_EQ(one.size(), other.size());
  std::size_t checked = 0;
  for (const auto& [key, places] : one) {
    const auto& [link, m] = key;
    const std::vector<Place>& others = other.at(key);
    ASSERT_EQ(places.size(), others.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
      unsigned varying = 0;
      for (unsigned bit = 0; bit < 4; ++bit) {
        const std::uint32_t ones = places[i].ones(bit) + others[i].ones(bit);
        if (ones != 0 && ones != 2 * seeds) varying |= 1U << bit;
        const double difference = std::abs(static_cast<double>(places[i].ones(bit)) -
                                           static_cast<double>(others[i].ones(bit)));
        ASSERT_LE(difference, 6.5 * std::sqrt(seeds / 2.0))
            << "bit " << 4 * i + bit << " of message " << m << " from " << link.first << " to "
            << link.second << " depends on what was entered";
      }
      for (const Place* place : {&places[i], &others[i]}) {
        ASSERT_LE(chi_squared(*place, varying), 75)  // 15 degrees of freedom: chance 1e-9
            << "half byte " << i << " of message " << m << " from " << link.first << " to "
            << link.second << " is not uniform";
      }
      checked += varying != 0;
    }
  }
  EXPECT_GT(checked, 8U * promises_.fewest_parties);
}

INSTANTIATE_TEST_SUITE_P(All, Masks, testing::ValuesIn(computing_protocols()), protocol_name_of);

}  // namespace
}  // namespace evenkeel::test
