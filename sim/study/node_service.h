// The process of one node of a run on sockets: what it is told, what it does, what it tells.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "sim/study/control_line.h"
#include "sim/study/node_run.h"

namespace evenkeel {

/// All that a process needs to be a node.
struct NodeSetup {
  std::string scenario = {};   // the canonical text
  std::string directory = {};  // that its files are relative to
  std::uint64_t seed = 1;
  std::uint32_t node = 0;
  std::string host = {};     // where to listen for the other nodes
  std::string scratch = {};  // a folder for it alone; empty: it makes one
  SocketSettings settings = {};
};
std::string to_text(const NodeSetup& setup);
/// UserError if the text is none.
NodeSetup setup_from(const std::string& text);

std::string to_bytes(const NodeOutcome& outcome);
/// Nothing if they are malformed.
std::optional<NodeOutcome> outcome_from(const std::string& text);

/// Where all nodes listen, and when the run starts by the receiver's steady clock.
struct NodeStart {
  std::vector<Address> addresses = {};
  std::int64_t at_ns = 0;
};
std::string to_text(const NodeStart& start);
NodeStart start_from(const std::string& text);

/// What a process started by hand adds to what it is told.
struct ByHand {
  std::uint32_t node = 0;
  std::string host = {};
  std::string directory = {};
  std::optional<Credentials> credentials = {};
};

/// Runs one node as the other end of the line says, and tells it the outcome. Ends early when that
/// end is gone. `links` is a descriptor of the machine's link clocks, or none.
void serve_node(ControlLine& line, int links, const std::optional<ByHand>& by_hand);

}  // namespace evenkeel
