// What a message carries: real bytes, and a count of bytes that exist only as size.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>

#include "models/runtime/node_id.h"
#include "models/runtime/trace.h"

namespace evenkeel {

/// Short messages, which most are, live inside the object.
using Bytes = boost::container::small_vector<std::byte, 96>;

/// A camera frame need not exist to be sent: `padding` is simulated, and zeros on a real socket.
struct Payload {
  Bytes bytes{};
  std::uint64_t padding = 0;

  std::uint64_t size() const { return bytes.size() + padding; }
};

/// To which part of a node a message goes.
enum class Port : std::uint16_t {
  replies,     // answers to calls
  requests,    // servers: requests to answer
  probes,      // servers: questions for their load
  stealing,    // servers: questions for waiting requests
  dispatch,    // balancers: requests to pass on
  notices,     // balancers: what servers tell unasked
  enlisting,   // balancers: questions for how many idle servers they know
  records,     // storage: rows and registers
  chunks,      // storage: pieces of files
  layout,      // storage: who keeps what
  membership,  // storage: who is alive
  gossip,      // storage: news that asks for no answer
  backups,     // storage: snapshots and their restoration
  queries,     // access
  watches,     // access: what changed
  streams,     // processing: events and windows
  jobs,        // processing: batches and offloaded work
  sharing,     // sharing: catalogue, contracts, grants
  swarm,       // sharing: dissemination
  mpc,         // seats of a multi-party computation
  councils,    // invitations to one
  asking,      // private queries: invitations
  secrets,     // storage: shares of secrets
  tests
};
inline constexpr std::size_t port_count = static_cast<std::size_t>(Port::tests) + 1;
std::string_view name_of(Port port);

/// What a call adds to its request, and an answer to its bytes, on the wire (rpc.h).
inline constexpr std::size_t request_overhead = 9;
inline constexpr std::size_t answer_overhead = 8;

struct Message {
  NodeId from{};
  NodeId to{};
  Port port{};
  Cause cause = Cause::none;  // for what happens where it arrives
  Payload payload{};
};

}  // namespace evenkeel
