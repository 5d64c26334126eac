#include "models/storage/suspicion.h"

#include <algorithm>

#include "models/runtime/portable_math.h"

namespace evenkeel {

SuspicionTimes suspicion_times(std::size_t nodes, double multiplier, double longer,
                               Duration period) {
  const double tens =
      portable::log(static_cast<double>(std::max<std::size_t>(nodes, 1))) / portable::log(10);
  const double least_s = multiplier * std::max(1.0, tens) * to_seconds(period);
  const auto enough = static_cast<std::size_t>(std::max(0.0, multiplier - 2));
  const bool are_there = nodes >= enough + 2;  // besides the suspect and whoever suspects
  return {seconds(least_s), seconds(are_there && enough > 0 ? least_s * longer : least_s),
          are_there ? enough : 0};
}

Duration suspicion_time(const SuspicionTimes& times, std::size_t others) {
  if (times.enough == 0) return times.least;
  const double share = portable::log(static_cast<double>(others) + 1) /
                       portable::log(static_cast<double>(times.enough) + 1);
  const double most_s = to_seconds(times.most);
  return std::max(times.least, seconds(most_s - share * (most_s - to_seconds(times.least))));
}

}  // namespace evenkeel
