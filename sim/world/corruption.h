// Silent corruption: bits of a disk that flip by themselves.
#pragma once

#include <algorithm>

#include "models/runtime/disk.h"
#include "models/runtime/random.h"

namespace evenkeel {

/// In each block of 4 KiB of each file one bit flips with this probability, on the disk for good.
/// How many did.
inline std::size_t corrupt(Disk& disk, double share_of_blocks, Random& random) {
  constexpr std::size_t block = 4096;
  std::size_t flipped = 0;
  for (const std::string& file : disk.list()) {
    bool changed = false;
    for (std::uint64_t offset = 0;; offset += block) {
      Result<std::vector<std::byte>> read = disk.read(file, offset, block);
      if (!read || read->empty()) break;
      if (!random.chance(share_of_blocks)) continue;
      const std::uint64_t bit = random.below(8 * read->size());
      std::byte& hit = (*read)[bit / 8];
      hit ^= std::byte{1} << static_cast<unsigned>(bit % 8);
      if (!disk.write(file, offset + bit / 8, std::span{&hit, 1})) break;
      changed = true;
      ++flipped;
    }
    if (changed && !disk.sync(file)) break;
  }
  return flipped;
}

}  // namespace evenkeel
