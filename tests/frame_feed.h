// Bytes given to a frame reader as a socket would give them.
#pragma once

#include <algorithm>

#include "sim/world/frame.h"

namespace evenkeel::test {

/// False once they make no sense.
inline bool feed(FrameReader& reader, std::span<const std::byte> bytes,
                 const FrameReader::Sink& sink) {
  while (!bytes.empty()) {
    const std::span<std::byte> space = reader.space();
    const std::size_t some = std::min(space.size(), bytes.size());
    std::ranges::copy(bytes.first(some), space.begin());
    bytes = bytes.subspan(some);
    if (!reader.filled(some, sink)) return false;
  }
  return true;
}

}  // namespace evenkeel::test
