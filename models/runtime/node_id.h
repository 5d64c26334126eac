// The number by which nodes, and so the modules on them, name each other.
#pragma once

#include <cstdint>

namespace evenkeel {

/// A node of the run: 0 .. n-1, in the order in which the platform lists them.
enum class NodeId : std::uint32_t {};

constexpr std::uint32_t index(NodeId id) { return static_cast<std::uint32_t>(id); }

}  // namespace evenkeel
