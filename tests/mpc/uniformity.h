// How what was sent is distributed over many runs: half byte by half byte, message by message.
#pragma once

#include <bit>
#include <cmath>

#include "tests/mpc/recording.h"

namespace evenkeel::test {

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

/// Notes the messages of so many repetitions of the same but the first `skipped` of each link,
/// which come before them.
inline void note(Places& places, const Recording& sent, Recording& skipped,
                 std::size_t repetitions = 1) {
  for (const auto& [link, messages] : sent) {
    const std::size_t first = skipped[link].size();
    EXPECT_EQ((messages.size() - first) % repetitions, 0U) << link.first << " to " << link.second;
    const std::size_t each = (messages.size() - first) / repetitions;
    for (std::size_t m = first; m < first + each * repetitions; ++m) {
      std::vector<Place>& message = places[{link, (m - first) % each}];
      message.resize(std::max(message.size(), 2 * messages[m].size()));
      for (std::size_t i = 0; i < messages[m].size(); ++i) {
        const auto byte = static_cast<unsigned>(messages[m][i]);
        ++message[2 * i].seen[byte & 15];
        ++message[2 * i + 1].seen[byte >> 4];
      }
    }
  }
}

// Of its values only bits that vary count, and they are as often each as any.
inline double chi_squared(const Place& place, unsigned varying) {
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

/// Each part of each message as often this or that in one set of runs as in the other, and uniform
/// in both. A bit that never changes, whatever the seed and the inputs, says nothing and is left
/// out. Half bytes that varied.
inline std::size_t expect_masked(const Places& one, const Places& other, double runs) {
  std::size_t checked = 0;
  EXPECT_EQ(one.size(), other.size());
  if (one.size() != other.size()) return checked;
  for (const auto& [key, places] : one) {
    const auto& [link, m] = key;
    const std::vector<Place>& others = other.at(key);
    EXPECT_EQ(places.size(), others.size());
    for (std::size_t i = 0; i < std::min(places.size(), others.size()); ++i) {
      unsigned varying = 0;
      for (unsigned bit = 0; bit < 4; ++bit) {
        const double ones = places[i].ones(bit);
        const double other_ones = others[i].ones(bit);
        if (ones + other_ones > 0 && ones + other_ones < 2 * runs) varying |= 1U << bit;
        if (std::abs(ones - other_ones) <= 6.5 * std::sqrt(runs / 2)) continue;
        ADD_FAILURE() << "bit " << 4 * i + bit << " of message " << m << " from " << link.first
                      << " to " << link.second << " depends on what was entered";
        return checked;
      }
      for (const Place* place : {&places[i], &others[i]}) {
        if (chi_squared(*place, varying) <= 75) continue;  // 15 degrees of freedom: chance 1e-9
        ADD_FAILURE() << "half byte " << i << " of message " << m << " from " << link.first
                      << " to " << link.second << " is not uniform";
        return checked;
      }
      checked += varying != 0;
    }
  }
  return checked;
}

}  // namespace evenkeel::test
