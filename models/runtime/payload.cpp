#include "models/runtime/payload.h"

#include <array>

namespace evenkeel {

std::string_view name_of(Port port) {
  static constexpr std::array<std::string_view, port_count> names{
      "replies",   "requests", "probes",   "stealing", "dispatch",   "notices",
      "enlisting", "records",  "chunks",   "layout",   "membership", "gossip",
      "backups",   "queries",  "watches",  "streams",  "jobs",       "sharing",
      "swarm",     "mpc",      "councils", "asking",   "secrets",    "tests"};
  return names.at(static_cast<std::size_t>(port));
}

}  // namespace evenkeel
