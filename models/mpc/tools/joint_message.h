// A message that two seats know, of whom at most one deviates: one sends it, the other, its
// witness, a hash of it, at the same time. Nobody ever computes with what a cheat made up.
//
// All that have something to tell tell it first, then all hear, both in the same order.
#pragma once

#include "models/mpc/session.h"

namespace evenkeel {

struct JointMessage {
  Seat sender = 0;
  Seat witness = 0;
  Seat receiver = 0;

  /// What the witness sends.
  static constexpr std::size_t hash_bytes = 32;
  bool is_known_to(Seat seat) const { return seat == sender || seat == witness; }
};

/// At the sender and the witness; does nothing at other seats.
void tell(Session& session, const JointMessage& message, std::span<const Word> words);
/// At the receiver. The session ends if the two do not fit.
Task<Words> hear(Session& session, JointMessage message, std::size_t words, std::string_view step);

}  // namespace evenkeel
