// What makes base transfers (base_transfer.h) hold against seats that deviate: Doerner, Kondi, Lee
// and shelat, "Secure two-party threshold ECDSA from ECDSA assumptions", S&P 2018, section V
// ("verified simplest OT").
//
//   sender -> receiver   with S: a proof that it knows y (Schnorr's)                  64 B
//   sender -> receiver   of each pair of keys H(H(k_0)) ^ H(H(k_1))                    128 * 16 B
//   receiver -> sender   H(H(k)) of the key it has, made the first one's by that     128 * 16 B
//   sender -> receiver   H(k_0), H(k_1)                                              128 * 32 B
// Five rounds with those of the keys. Then the receiver knows one key of each pair, and a sender
// learns some of the choices only at the price of an end with chance 1/2 for each. The hash is a
// random oracle.
//
// Steps, as in BaseKeySender: each of one side waits for the one before of the other.
#pragma once

#include "models/mpc/tools/base_transfer.h"

namespace evenkeel {

inline constexpr std::uint64_t base_sender_check_bytes = 64 + 3 * 16 * base_transfers;
inline constexpr std::uint64_t base_receiver_check_bytes = 16 * base_transfers;
inline constexpr std::uint32_t checked_base_rounds = 5;

class CheckedBaseSender {
 public:
  CheckedBaseSender(Session& session, Seat receiver) : sender_(session, receiver) {}

  void offer();
  Task<> challenge();
  Task<> show();
  const std::array<BaseKeys, 2>& keys() const { return sender_.keys(); }

 private:
  BaseKeySender sender_;
};

class CheckedBaseReceiver {
 public:
  CheckedBaseReceiver(Session& session, Seat sender) : receiver_(session, sender) {}

  Task<> answer(Block choices);
  Task<> respond();
  Task<> check();
  const BaseKeys& keys() const { return receiver_.keys(); }

 private:
  BaseKeyReceiver receiver_;
  BaseKeys challenges_ = {};
};

}  // namespace evenkeel
