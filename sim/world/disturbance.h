// What befalls single messages on their way, beside what the network's links do to them.
#pragma once

#include "models/runtime/random.h"
#include "models/runtime/time.h"

namespace evenkeel {

/// Each message draws for itself. Independent of the links, and of other messages.
struct Disturbance {
  double loss = 0;         // share of messages, 0 .. 1
  double duplication = 0;  // share that arrives twice, each copy with a delay of its own
  Duration delay{};        // mean of an exponential delay beside the network's
  bool reorder = true;     // delayed messages may overtake others of their pair

  bool is_none() const { return loss == 0 && duplication == 0 && delay == Duration{}; }

  /// Both at once, one after the other.
  Disturbance and_then(const Disturbance& other) const {
    return {
        .loss = 1 - (1 - loss) * (1 - other.loss),
        .duplication = 1 - (1 - duplication) * (1 - other.duplication),
        .delay = delay + other.delay,
        .reorder = (reorder && delay > Duration{}) || (other.reorder && other.delay > Duration{})};
  }

  bool loses(Random& random) const { return loss > 0 && random.chance(loss); }
  bool duplicates(Random& random) const { return duplication > 0 && random.chance(duplication); }
  Duration draw_delay(Random& random) const {
    if (delay <= Duration{}) return {};
    return seconds(to_seconds(delay) * random.exponential());
  }
};

}  // namespace evenkeel
