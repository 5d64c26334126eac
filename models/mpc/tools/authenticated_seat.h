// What each of n seats needs to compute on authenticated shares: numbers under one key, bits under
// 40, a coin that nobody decides, and the proof that all that was opened is right.
//
//   coin    each to each other 96 B                                                   2 rounds
//   prove   a coin, then what is opened times the keys: 400 B + one element           4 rounds
#pragma once

#include <optional>

#include "models/mpc/tools/authenticated.h"

namespace evenkeel {

class AuthenticatedSeat {
 public:
  /// Of bits: a cheat among them goes unnoticed with probability 2^-bit_keys.
  static constexpr std::size_t bit_keys = 40;

  /// The seats 0 .. n-1 of the session compute.
  AuthenticatedSeat(Session& session, Seat n, Openings openings, const Domain& numbers);

  Session& session() const { return session_; }
  Seat self() const { return session_.self(); }
  Seat computing() const { return plan().n; }
  bool computes() const { return self() < computing(); }
  const OpeningPlan& plan() const { return numbers_.plan(); }

  Authenticated& numbers() { return numbers_; }
  const Authenticated& numbers() const { return numbers_; }
  Authenticated& bits() { return bits_; }
  const Authenticated& bits() const { return bits_; }
  Prg& own_stream();

  Task<PrgKey> coin();
  /// Ends the session if what was opened does not fit what authenticates it.
  Task<> prove();

  // Sent to each other one.
  static std::uint64_t coin_bytes();
  static constexpr std::uint32_t coin_rounds = 2;
  std::uint64_t prove_bytes() const;
  static constexpr std::uint32_t prove_rounds = 4;

 private:
  Session& session_;
  Authenticated numbers_;
  Authenticated bits_;
  std::optional<Prg> own_;
};

}  // namespace evenkeel
