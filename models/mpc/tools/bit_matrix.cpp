#include "models/mpc/tools/bit_matrix.h"

#include <string.h>  // explicit_bzero

#include <algorithm>
#include <array>

namespace evenkeel {

// Swaps quadrants of ever smaller size (Warren, "Hacker's Delight", section 7-3).
void transpose64(Word* rows) {
  Word mask = 0x00000000ffffffff;
  for (unsigned half = 32; half != 0; half >>= 1, mask ^= mask << half) {
    for (unsigned k = 0; k < 64; k = (k + half + 1) & ~half) {
      const Word swapped = ((rows[k] >> half) ^ rows[k + half]) & mask;
      rows[k] ^= swapped << half;
      rows[k + half] ^= swapped;
    }
  }
}

Words planes_of(std::span<const Word> numbers, std::size_t planes) {
  const std::size_t lanes = lanes_of(numbers.size());
  Words sliced(planes * lanes);
  std::array<Word, 64> rows;
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const auto part =
        numbers.subspan(lane * 64, std::min<std::size_t>(64, numbers.size() - lane * 64));
    rows.fill(0);
    std::ranges::copy(part, rows.begin());
    transpose64(rows.data());
    for (std::size_t plane = 0; plane < planes; ++plane) sliced[plane * lanes + lane] = rows[plane];
  }
  explicit_bzero(rows.data(), sizeof rows);
  return sliced;
}

Words numbers_of(std::span<const Word> planes, std::size_t count) {
  const std::size_t lanes = lanes_of(count);
  Words numbers(count);
  std::array<Word, 64> rows;
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    rows.fill(0);
    for (std::size_t plane = 0; plane * lanes < planes.size(); ++plane)
      rows[plane] = planes[plane * lanes + lane];
    transpose64(rows.data());
    const std::size_t first = lane * 64;
    std::copy_n(rows.begin(), std::min<std::size_t>(64, count - first),
                numbers.begin() + static_cast<std::ptrdiff_t>(first));
  }
  explicit_bzero(rows.data(), sizeof rows);
  return numbers;
}

namespace {

// The `bits` first of `from` (the rest is 0) to bit `at` of what holds zeros from there on.
void put(std::span<Word> to, std::size_t at, Word from, std::size_t bits) {
  const std::size_t shift = at % 64;
  to[at / 64] |= from << shift;
  if (shift + bits > 64) to[at / 64 + 1] |= from >> (64 - shift);
}

Word lowest(std::size_t bits) { return ~Word{0} >> (64 - bits); }

}  // namespace

Words run_of(std::span<const Word> planes, std::size_t count) {
  const std::size_t lanes = lanes_of(count);
  Words run(lanes_of(planes.size() / lanes * count), 0);
  std::size_t at = 0;
  for (std::size_t first = 0; first < planes.size(); first += lanes)
    for (std::size_t lane = 0, left = count; lane < lanes; ++lane) {
      const std::size_t bits = std::min<std::size_t>(64, left);
      put(run, at, planes[first + lane] & lowest(bits), bits);
      at += bits;
      left -= bits;
    }
  return run;
}

Words planes_of_run(std::span<const Word> run, std::size_t planes, std::size_t count) {
  const std::size_t lanes = lanes_of(count);
  Words spread(planes * lanes);
  std::size_t at = 0;
  for (std::size_t first = 0; first < spread.size(); first += lanes)
    for (std::size_t lane = 0, left = count; lane < lanes; ++lane) {
      const std::size_t bits = std::min<std::size_t>(64, left);
      const std::size_t shift = at % 64;
      Word word = run[at / 64] >> shift;
      if (shift + bits > 64) word |= run[at / 64 + 1] << (64 - shift);
      spread[first + lane] = word & lowest(bits);
      at += bits;
      left -= bits;
    }
  return spread;
}

}  // namespace evenkeel
