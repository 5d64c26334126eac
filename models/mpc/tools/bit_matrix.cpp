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

}  // namespace evenkeel
