// `evenkeel run`: one scenario, one seed, one set of results.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace evenkeel {

struct RunCommandOptions {
  std::string scenario = {};
  std::optional<std::uint64_t> seed = {};
  std::vector<std::string> sets = {};  // "path=value"
  std::optional<std::string> world = {};
  bool plain = false;  // these are sockets.plain=true, and so on
  bool burn = false;
  bool processes = false;
  bool netns = false;
  std::optional<std::string> out = {};
  bool json = false;
  bool fingerprint = false;
};

int run_command(const RunCommandOptions& options);

}  // namespace evenkeel
