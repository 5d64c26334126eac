#include "sim/study/node_group.h"

#include <algorithm>
#include <random>

namespace evenkeel {

SocketSettings socket_settings(const Scenario& scenario, std::uint64_t seed) {
  SocketSettings settings{.burn = scenario.sockets.burn, .seed = seed};
  settings.network.links_are_shared = scenario.network.model == NetworkSettings::Model::fluid;
  settings.network.small_message = scenario.network.small_message;
  settings.run = std::random_device{}();
  return settings;
}

double share_passed(SocketWorld::Clock::time_point start, Duration duration) {
  const std::chrono::duration<double> passed = SocketWorld::Clock::now() - start;
  return std::clamp(passed.count() / to_seconds(duration), 0.0, 1.0);
}

}  // namespace evenkeel
