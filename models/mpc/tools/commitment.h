// Everybody shows something at once: nobody can choose after seeing the others'.
#pragma once

#include <vector>

#include "models/mpc/session.h"

namespace evenkeel {

/// What each of the seats 0 .. n-1 gives, `mine.size()` bytes. Two rounds: first a hash (SHA-256)
/// of the seat, the bytes and 16 random ones, then those, with a hash of all hashes that came, so
/// that everybody who is honest sees the same. Ends the session when a seat opens what it has not
/// committed to, or has told others something else.
Task<std::vector<SecretBytes>> show_at_once(Session& session, Seat n,
                                            std::span<const std::byte> mine);

/// Sent by each to each other one.
constexpr std::uint64_t shown_bytes(std::uint64_t bytes) { return 32 + bytes + 16 + 32; }

}  // namespace evenkeel
