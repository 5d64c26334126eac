// `evenkeel mpc`: one computation or private query, by formula, in virtual time and on sockets,
// side by side; or what its primitives take here.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace evenkeel {

struct MpcOptions {
  std::string protocol = {};
  std::string function = {};
  std::vector<std::string> sets = {};  // of the protocol: name=value
  std::optional<std::uint32_t> parties = {};
  std::uint32_t clients = 0;
  std::size_t size = 1;
  std::optional<std::size_t> common = {};  // of a private query; if not given, half of them
  std::size_t row_bytes = 64;
  int bits = 16;
  int fraction = 0;
  std::string round_trip = "0 s";
  std::optional<std::string> bandwidth = {};
  std::string speed = "2 Gop/s";
  std::string world = "simgrid";
  bool tls = false;
  std::uint64_t seed = 1;
  bool json = false;
  std::string costs = {};  // a file of what primitives take; empty: as built in
  bool calibrate = false;  // nothing else then
  std::string out = {};    // where what was measured is kept; empty: nowhere
};

int mpc_command(const MpcOptions& options);

}  // namespace evenkeel
