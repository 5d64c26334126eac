// 128 oblivious transfers of random keys from scratch: of two keys that the sender gets the
// receiver gets the one it chose, and the sender does not learn which.
//
// Chou and Orlandi, "The simplest protocol for oblivious transfer", LATINCRYPT 2015, in the group
// ristretto255 (libsodium):
//   sender -> receiver   S = y B                                     32 B
//   receiver -> sender   R_i = x_i B, plus S where it chose the second   128 * 32 B
//   keys                 BLAKE2b of session, i, S, R_i and y R_i or y (R_i - S); x_i S
// Two rounds. Private against semi-honest seats (the hash a random oracle); for seats that deviate
// see base_transfer_check.h.
#pragma once

#include <array>

#include "models/mpc/session.h"
#include "models/mpc/tools/fixed_key_hash.h"
#include "models/mpc/tools/prg.h"
#include "models/mpc/tools/ristretto.h"

namespace evenkeel {

inline constexpr std::size_t base_transfers = 128;
/// What the two send.
inline constexpr std::uint64_t base_sender_bytes = 32;
inline constexpr std::uint64_t base_receiver_bytes = 32 * base_transfers;

using BaseKeys = std::array<PrgKey, base_transfers>;

/// In steps, for a seat that has several of them at once. The keys are wiped with it.
class BaseKeySender {
 public:
  BaseKeySender(Session& session, Seat receiver);
  BaseKeySender(BaseKeySender&&) = default;
  ~BaseKeySender();

  void offer();
  Task<> accept();
  /// Both of each.
  const std::array<BaseKeys, 2>& keys() const { return *keys_; }
  const RistrettoScalar& exponent() const { return y_; }
  const RistrettoPoint& point() const { return s_; }
  Session& session() const { return session_; }
  Seat receiver() const { return receiver_; }

 private:
  Session& session_;
  Seat receiver_;
  RistrettoScalar y_;
  RistrettoPoint s_;
  std::unique_ptr<std::array<BaseKeys, 2>> keys_;
};

class BaseKeyReceiver {
 public:
  BaseKeyReceiver(Session& session, Seat sender);
  BaseKeyReceiver(BaseKeyReceiver&&) = default;
  ~BaseKeyReceiver();

  /// Transfer i: the second key where bit i is 1.
  Task<> answer(Block choices);
  const BaseKeys& keys() const { return *keys_; }
  const Block& choices() const { return choices_; }
  const RistrettoPoint& point() const { return s_; }
  Session& session() const { return session_; }
  Seat sender() const { return sender_; }

 private:
  Session& session_;
  Seat sender_;
  Block choices_ = {};
  RistrettoPoint s_;
  std::unique_ptr<BaseKeys> keys_;
};

/// All of it, with one other seat.
Task<std::array<BaseKeys, 2>> send_base_keys(Session& session, Seat receiver);
Task<BaseKeys> receive_base_keys(Session& session, Seat sender, Block choices);

}  // namespace evenkeel
