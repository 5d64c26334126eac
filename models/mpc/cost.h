// What a protocol must cost, by its formula.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace evenkeel {

/// Payload bytes sent by each seat, and the longest chain of messages; and what of it belongs to
/// the offline phase (session.h).
struct Cost {
  std::vector<std::uint64_t> sent_bytes = {};
  std::uint32_t rounds = 0;
  std::vector<std::uint64_t> offline_bytes = {};  // of the bytes; empty: none
  std::uint32_t offline_rounds = 0;
  std::uint32_t rounds_at_once = 0;  // of the rounds, those in which both phases send

  std::uint64_t offline_of(std::size_t seat) const {
    return seat < offline_bytes.size() ? offline_bytes[seat] : 0;
  }
  std::uint32_t online_rounds() const { return rounds - offline_rounds + rounds_at_once; }
  /// All of it depends on no input.
  void be_offline() {
    offline_bytes = sent_bytes;
    offline_rounds = rounds;
  }
  /// That seat's bytes, the dealer's for instance, come before any input.
  void send_offline(std::size_t seat, std::uint64_t bytes) {
    offline_bytes.resize(sent_bytes.size(), 0);
    offline_bytes[seat] += bytes;
    sent_bytes[seat] += bytes;
  }
  /// The bytes of both, one after the other.
  void add_bytes(const Cost& other);
  /// Those of the other, at the same time: as deep as the deeper, in all and in each phase.
  void add_beside(const Cost& other);
  void add_rounds(const Cost& other) {
    rounds += other.rounds;
    offline_rounds += other.offline_rounds;
    rounds_at_once += other.rounds_at_once;
  }
};

inline void Cost::add_bytes(const Cost& other) {
  sent_bytes.resize(std::max(sent_bytes.size(), other.sent_bytes.size()), 0);
  if (!other.offline_bytes.empty()) offline_bytes.resize(sent_bytes.size(), 0);
  for (std::size_t i = 0; i < other.sent_bytes.size(); ++i) sent_bytes[i] += other.sent_bytes[i];
  for (std::size_t i = 0; i < other.offline_bytes.size(); ++i)
    offline_bytes[i] += other.offline_bytes[i];
}

inline void Cost::add_beside(const Cost& other) {
  const std::uint32_t online = std::max(online_rounds(), other.online_rounds());
  add_bytes(other);
  rounds = std::max(rounds, other.rounds);
  offline_rounds = std::max(offline_rounds, other.offline_rounds);
  rounds_at_once = online + offline_rounds - rounds;
}

}  // namespace evenkeel
