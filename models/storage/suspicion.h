// How long to wait before a suspect is held to be dead: long if one node alone suspects it, which
// may itself be the slow one, shorter with each other node that does too (Dadgar, Phillips &
// Currey, "Lifeguard", DSN-W 2018, section IV-B; numbers of memberlist's "LAN").
#pragma once

#include <cstddef>

#include "models/runtime/time.h"

namespace evenkeel {

struct SuspicionTimes {
  Duration least{};
  Duration most{};
  std::size_t enough = 0;  // so many others who suspect it too: `least`
};

/// `multiplier` times log10(nodes) periods at least, `longer` times as much at most.
SuspicionTimes suspicion_times(std::size_t nodes, double multiplier, double longer,
                               Duration period);
/// From its beginning, after so many others have said that they suspect it too.
Duration suspicion_time(const SuspicionTimes& times, std::size_t others);

}  // namespace evenkeel
