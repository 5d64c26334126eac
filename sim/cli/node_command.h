// `evenkeel node` and `evenkeel credentials`: a run on sockets over several processes or machines.
#pragma once

#include <optional>
#include <string>

namespace evenkeel {

struct NodeCommandOptions {
  std::string listen = {};
  std::string scenario = {};
  std::string id = {};
  std::string credentials = {};
  bool plain = false;
  bool once = false;
  std::optional<int> line = {};  // descriptors, where the run itself started this process
  std::optional<int> links = {};
};

int node_command(const NodeCommandOptions& options);

struct CredentialsCommandOptions {
  std::string scenario = {};
  std::string out = {};
};

int credentials_command(const CredentialsCommandOptions& options);

}  // namespace evenkeel
