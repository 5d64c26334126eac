#include "models/mpc/tools/buckets.h"

#include <numeric>
#include <utility>

namespace evenkeel {

std::size_t bucket_size(std::size_t buckets, std::size_t opened) {
  const double wanted = 0x1p40 * static_cast<double>(buckets);
  std::size_t size = 1;
  for (double ways = 0; ways < wanted;) {
    const auto all = static_cast<double>(++size * buckets + opened);
    ways = 1;  // to choose that many of all
    for (std::size_t i = 0; i < size; ++i)
      ways *= (all - static_cast<double>(i)) / static_cast<double>(i + 1);
  }
  return size;
}

std::vector<std::uint32_t> shuffled_places(std::size_t n, Prg& coin) {
  __extension__ using Wide = unsigned __int128;
  std::vector<std::uint32_t> places(n);
  std::iota(places.begin(), places.end(), 0U);
  const Words drawn = coin.words(n);
  for (std::size_t left = n; left > 1; --left)
    std::swap(places[left - 1],
              places[static_cast<std::size_t>((Wide{drawn[left - 1]} * left) >> 64)]);
  return places;
}

}  // namespace evenkeel
